import { recordAt } from '../../src/services/kubernetes/api/json.ts'
import type { Scenario } from '../scenarios/types.ts'
import { colorScenarios } from './color-scenarios.ts'
import { hangMonitoring } from './monitoring.ts'
import { startAllNodes, stopOneNode } from './nodes.ts'
import { scaleByHand } from './release.ts'
import { releaseScenarios } from './release-scenarios.ts'
import { resetPorttrack } from './reset.ts'
import { collectionPath } from './resources.ts'
import { scenario } from './scenario.ts'

const configMap = `${collectionPath('ConfigMap', 'porttrack')}/porttrack-config`
const deployment = `${collectionPath('Deployment', 'porttrack')}/porttrack-app`

/** What can happen to PortTrack and its cluster. */
export const clusterScenarios: readonly Scenario[] = [
  ...releaseScenarios,
  ...colorScenarios,
  scenario(
    'scale-by-someone',
    'cluster',
    'kubectl',
    {
      title: { es: 'Alguien escala', en: 'Someone scales' },
      what: {
        es: 'Alguien escala porttrack-app a mano: 5 réplicas, o 4 si ya eran 5.',
        en: 'Someone scales porttrack-app by hand: 5 replicas, or 4 if there were 5.',
      },
    },
    (api) => scaleByHand(api, 'porttrack-app'),
  ),
  scenario(
    'pause-by-someone',
    'cluster',
    'kubectl-rollout',
    {
      title: { es: 'Alguien pausa', en: 'Someone pauses' },
      what: { es: 'Alguien pausa el rollout de porttrack-app.', en: 'Someone pauses the rollout of porttrack-app.' },
    },
    async (api) => {
      await api.write({ method: 'PATCH', patch: 'merge', path: deployment, body: { spec: { paused: true } } })
    },
  ),
  scenario(
    'config-changed',
    'cluster',
    'kubectl-edit',
    {
      title: { es: 'Cambia el ConfigMap', en: 'ConfigMap changed' },
      what: {
        es: 'Alguien cambia MAP_TILES en porttrack-config; los pods que corren no se enteran.',
        en: 'Someone changes MAP_TILES in porttrack-config; the running pods do not notice.',
      },
    },
    async (api) => {
      const tiles = recordAt(await api.client.get(configMap), 'data')['MAP_TILES']
      const data = { MAP_TILES: tiles === 'on' ? 'off' : 'on' }
      await api.write({ method: 'PATCH', patch: 'merge', path: configMap, body: { data } })
    },
  ),
  scenario(
    'node-down',
    'cluster',
    'kubectl',
    {
      title: { es: 'Se cae un nodo', en: 'Node down' },
      what: {
        es: 'Un nodo se queda sin corriente; el cluster lo nota en menos de un minuto.',
        en: 'A node loses its power; the cluster notices within a minute.',
      },
    },
    (api, { kubelet }) => stopOneNode(api, kubelet),
  ),
  scenario(
    'node-up',
    'cluster',
    'kubectl',
    {
      title: { es: 'Vuelven los nodos', en: 'Nodes back' },
      what: { es: 'Los nodos caídos arrancan otra vez.', en: 'The nodes that were down start again.' },
    },
    (api, { kubelet }) => startAllNodes(api, kubelet),
  ),
  scenario(
    'monitoring-down',
    'cluster',
    'kubectl',
    {
      title: { es: 'Se cuelga Prometheus', en: 'Prometheus hangs' },
      what: {
        es: 'El pod de Prometheus deja de responder hasta que se reinicia.',
        en: 'The pod of Prometheus stops answering until it is restarted.',
      },
    },
    (api) => hangMonitoring(api, 'porttrack-prometheus'),
  ),
  {
    name: 'reset',
    group: 'cluster',
    title: { es: 'Empezar de nuevo', en: 'Start again' },
    what: {
      es: 'Todo PortTrack como al principio: versiones, réplicas, configuración y nodos.',
      en: 'All of PortTrack as at the start: releases, replicas, configuration and nodes.',
    },
    run: ({ kubeconfig, kubelet }) => resetPorttrack(kubeconfig, kubelet),
  },
]
