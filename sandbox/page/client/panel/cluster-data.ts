/** The cluster's summary as the panel draws it; read with care, since another part makes it. */
export type PodHealth = 'ready' | 'starting' | 'ending' | 'failing'
export type ClusterPod = { name: string; state: string; node: string; restarts: number; health: PodHealth }
export type ClusterApp = {
  kind: string
  namespace: string
  name: string
  ready: number
  desired: number
  image: string
  revision: string
  paused: boolean
  pods: ClusterPod[]
}
export type ClusterData = { apps: ClusterApp[]; nodes: { name: string; ready: boolean; cordoned: boolean }[] }

type Fields = Readonly<Record<string, unknown>>
const fields = (value: unknown): Fields => Object(value) as Fields
const list = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(fields) : [])
const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value))

export function readCluster(data: unknown): ClusterData {
  const summary = fields(data)
  return {
    apps: list(summary['apps']).map((app) => ({
      kind: text(app['kind']),
      namespace: text(app['namespace']),
      name: text(app['name']),
      ready: Number(app['ready'] ?? 0),
      desired: Number(app['desired'] ?? 0),
      image: shortImage(text(app['image'])),
      revision: text(app['revision']),
      paused: app['paused'] === true,
      pods: list(app['pods']).map(podOf),
    })),
    nodes: list(summary['nodes']).map((node) => ({
      name: text(node['name']),
      ready: node['ready'] !== false && text(node['state']) !== 'NotReady',
      cordoned: node['cordoned'] === true || node['unschedulable'] === true,
    })),
  }
}

function podOf(pod: Fields): ClusterPod {
  const state = text(pod['state'] ?? pod['reason'] ?? pod['phase'])
  return {
    name: text(pod['name']),
    state,
    node: text(pod['node']),
    restarts: Number(pod['restarts'] ?? 0),
    health: healthOf(state, pod['ready'] === true),
  }
}

function healthOf(state: string, ready: boolean): PodHealth {
  if (/terminating/i.test(state)) return 'ending'
  if (/back-?off|error|oom|fail|invalid|evicted|unknown|lost/i.test(state)) return 'failing'
  return ready || /^ready$/i.test(state) ? 'ready' : 'starting'
}

/** The registry's host tells a reader nothing. */
const shortImage = (image: string) => image.replace(/^[^/]+\.[^/]+\//, '').replace(/@sha256:([0-9a-f]{8}).*/, '@$1')
