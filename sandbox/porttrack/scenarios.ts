import { recordAt } from '../../src/services/kubernetes/json.ts'
import { type Api, connectApi } from '../kubelet/api.ts'
import type { Scenario, ScenarioWorld } from '../scenarios/types.ts'
import { hangMonitoring } from './monitoring.ts'
import { startAllNodes, stopOneNode } from './nodes.ts'
import { type NewRelease, release, scaleByHand, withoutVariable } from './release.ts'
import { resetPorttrack } from './reset.ts'
import { collectionPath } from './resources.ts'

type Words = Pick<Scenario, 'title' | 'what'>
type Does = (api: Api, world: ScenarioWorld) => Promise<void>

/** @param manager who the cluster takes for the author of the change */
function scenario(name: string, group: Scenario['group'], manager: string, words: Words, does: Does): Scenario {
  return {
    name,
    group,
    ...words,
    run: async (world) => {
      const api = connectApi(world.kubeconfig, manager)
      try {
        await does(api, world)
      } finally {
        await api.close()
      }
    },
  }
}

const released = (name: string, wanted: NewRelease, words: Words): Scenario =>
  scenario(name, 'release', 'pipeline', words, (api) => release(api, wanted))

const app = { app: 'porttrack-app', line: '2.8' }
const configMap = `${collectionPath('ConfigMap', 'porttrack')}/porttrack-config`
const deployment = `${collectionPath('Deployment', 'porttrack')}/porttrack-app`

/** What can happen to PortTrack and its cluster. */
export const clusterScenarios: readonly Scenario[] = [
  released(
    'bad-release',
    { ...app, behaviour: 'crash', cause: 'live map', edit: (one) => withoutVariable(one, 'DATABASE_URL') },
    {
      title: { es: 'Romper una release', en: 'Break a release' },
      what: {
        es: 'porttrack-app 2.8 sale sin DATABASE_URL y muere al arrancar.',
        en: 'porttrack-app 2.8 goes out without DATABASE_URL and dies as it starts.',
      },
    },
  ),
  released(
    'crash-loop',
    { app: 'porttrack-worker', line: '1.10', behaviour: 'crash', cause: 'customs in parallel' },
    {
      title: { es: 'Reinicios en bucle', en: 'Crash loop' },
      what: {
        es: 'porttrack-worker 1.10 arranca y muere una y otra vez.',
        en: 'porttrack-worker 1.10 starts and dies, again and again.',
      },
    },
  ),
  released(
    'image-missing',
    { ...app, behaviour: 'missing', cause: 'live map' },
    {
      title: { es: 'Imagen que no existe', en: 'Image missing' },
      what: {
        es: 'La imagen nueva de porttrack-app no está en el registro.',
        en: 'The new image of porttrack-app is not in the registry.',
      },
    },
  ),
  released(
    'slow-release',
    { ...app, behaviour: 'slow', cause: 'route cache warmed at the start' },
    {
      title: { es: 'Versión lenta', en: 'Slow release' },
      what: {
        es: 'Cada pod nuevo de porttrack-app tarda 25 s en estar listo. No está rota.',
        en: 'Each new pod of porttrack-app takes 25 s to be ready. Nothing is broken.',
      },
    },
  ),
  released(
    'unready-release',
    { ...app, behaviour: 'unready', cause: 'new shipment tables' },
    {
      title: { es: 'Versión que nunca está lista', en: 'Release never ready' },
      what: {
        es: 'Los pods nuevos de porttrack-app corren, pero su readiness nunca pasa.',
        en: 'The new pods of porttrack-app run, but their readiness never passes.',
      },
    },
  ),
  released(
    'oom-release',
    { ...app, behaviour: 'oom', cause: 'map tiles in memory, again' },
    {
      title: { es: 'Versión sin memoria', en: 'Release out of memory' },
      what: {
        es: 'Los pods nuevos de porttrack-app pasan de su límite de memoria (exit 137).',
        en: 'The new pods of porttrack-app exceed their memory limit (exit 137).',
      },
    },
  ),
  released(
    'flaky-release',
    { ...app, behaviour: 'flaky', cause: 'live map, beta' },
    {
      title: { es: 'Versión que muere más tarde', en: 'Release that dies later' },
      what: {
        es: 'La versión nueva de porttrack-app queda lista, y un minuto después sus pods mueren.',
        en: 'The new version of porttrack-app becomes ready, and a minute later its pods die.',
      },
    },
  ),
  released(
    'config-missing',
    {
      ...app,
      behaviour: 'config',
      cause: 'tariffs from the ConfigMap',
      edit: (one) => ({
        ...one,
        env: [
          ...(Array.isArray(one['env']) ? one['env'] : []),
          { name: 'TARIFFS', valueFrom: { configMapKeyRef: { name: 'porttrack-config', key: 'TARIFFS' } } },
        ],
      }),
    },
    {
      title: { es: 'Falta una clave', en: 'Key missing' },
      what: {
        es: 'La versión nueva de porttrack-app pide una clave que el ConfigMap no tiene.',
        en: 'The new version of porttrack-app asks for a key that the ConfigMap does not have.',
      },
    },
  ),
  released(
    'healthy-release',
    { ...app, behaviour: '', cause: 'live map, fixed' },
    {
      title: { es: 'Versión sana', en: 'Healthy release' },
      what: { es: 'porttrack-app 2.8 sale y funciona.', en: 'porttrack-app 2.8 goes out and works.' },
    },
  ),
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
