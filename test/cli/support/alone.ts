import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { type Cluster, startCluster } from '../../../sandbox/cluster/start.ts'
import { connectApi } from '../../../sandbox/kubelet/api.ts'
import { startKubelet } from '../../../sandbox/kubelet/start.ts'
import { seedShop, shopApps, shopPath } from '../../scenarios/support/shop.ts'
import type { Environment } from './terminal.ts'

export type Alone = {
  readonly cluster: Cluster
  readonly apps: readonly string[]
  /** No bot, no Slack: a store of its own in a folder. */
  as(person: string, more?: Environment): Environment
  /** Deploys an image, as a pipeline does with kubectl set image. */
  deploy(app: string, image: string): Promise<void>
  image(app: string): Promise<string>
  readonly folder: string
  stop(): Promise<void>
}

/** A cluster with small apps and nothing else. */
export async function startAlone(count: number): Promise<Alone> {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-alone-'))
  const cluster = await startCluster({ folder })
  const kubelet = await startKubelet({ kubeconfig: cluster.kubeconfig, nodes: ['node-a', 'node-b'], speed: 10 })
  const apps = shopApps(count)
  await seedShop(cluster.kubeconfig, apps)
  const entry = (app: string) => ({ cluster: 'main', namespace: 'shop', workload: `deployment/${app}` })
  const catalog = {
    version: 1,
    language: 'en',
    people: { ana: { slack: 'U0ANA', role: 'approver' }, luis: { slack: 'U0LUIS', role: 'approver' } },
    channels: { operations: 'C0OPS' },
    clusters: { main: { kubeconfig: cluster.kubeconfig } },
    apps: Object.fromEntries(apps.map((app) => [app, entry(app)])),
  }
  await writeFile(join(folder, 'rescue.yml'), stringify(catalog))
  const api = connectApi(cluster.kubeconfig, 'pipeline')
  return {
    cluster,
    apps,
    folder,
    as: (person, more = {}) => ({
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      RESCUE_ACTOR: person,
      RESCUE_CATALOG: join(folder, 'rescue.yml'),
      RESCUE_DATA: join(folder, 'data'),
      ...more,
    }),
    deploy: async (app, image) => {
      const body = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: image }]
      await api.write({ method: 'PATCH', patch: 'json', path: shopPath(app), body })
    },
    image: async (app) => {
      const raw = await api.client.get(shopPath(app))
      return JSON.parse(JSON.stringify(raw)).spec.template.spec.containers[0].image
    },
    stop: async () => {
      await api.close()
      await kubelet.stop()
      await cluster.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
