import { listAt, type RawObject, recordAt, textAt } from '../../src/services/kubernetes/api/json.ts'

/** One release of a workload's past, oldest first; the last one is what the manifests say. */
export type Release = {
  readonly image: string
  readonly changeCause: string
  readonly daysAgo: number
  /** Variables that this release did not have yet. */
  readonly without?: readonly string[]
}

const registry = 'registry.porttrack.example/porttrack'

/** namespace/name -> releases before the present one, and when the present one came. */
export const histories: Readonly<Record<string, { readonly past: readonly Release[]; readonly daysAgo: number }>> = {
  'porttrack/porttrack-app': {
    past: [
      {
        image: `${registry}/app:2.4.0`,
        changeCause: '2.4.0: first release on this cluster',
        daysAgo: 92,
        without: ['MONGO_URL', 'ROUTE_CACHE_SECONDS'],
      },
      {
        image: `${registry}/app:2.5.0`,
        changeCause: '2.5.0: shipment documents in MongoDB',
        daysAgo: 61,
        without: ['ROUTE_CACHE_SECONDS'],
      },
      { image: `${registry}/app:2.6.1`, changeCause: '2.6.1: route cache', daysAgo: 30 },
      {
        image: `${registry}/app:2.7.0-oom`,
        changeCause: '2.7.0: map tiles in memory (rolled back, out of memory)',
        daysAgo: 16.2,
      },
      { image: `${registry}/app:2.7.2`, changeCause: '2.7.2: container search fixed', daysAgo: 16.19 },
    ],
    daysAgo: 9,
  },
  'porttrack/porttrack-worker': {
    past: [
      { image: `${registry}/worker:1.8.0`, changeCause: '1.8.0: customs messages', daysAgo: 45 },
      { image: `${registry}/worker:1.9.0`, changeCause: '1.9.0: two queues', daysAgo: 20 },
    ],
    daysAgo: 12,
  },
  'porttrack/porttrack-app-blue': {
    past: [{ image: `${registry}/app:2.6.1`, changeCause: '2.6.1: route cache', daysAgo: 30 }],
    daysAgo: 9,
  },
  'porttrack/porttrack-app-green': {
    past: [{ image: `${registry}/app:2.6.0`, changeCause: '2.6.0: route cache, beta', daysAgo: 33 }],
    daysAgo: 16.19,
  },
  'porttrack/porttrack-cache': {
    past: [{ image: `${registry}/cache:8.0`, changeCause: 'valkey 8.0', daysAgo: 80 }],
    daysAgo: 40,
  },
  'porttrack/porttrack-agent': {
    past: [{ image: `${registry}/agent:0.13.2`, changeCause: '0.13.2: smaller image', daysAgo: 70 }],
    daysAgo: 26,
  },
  'porttrack-monitoring/porttrack-prometheus': {
    past: [
      {
        image: 'registry.porttrack.example/prometheus/prometheus:v3.4.1',
        changeCause: 'prometheus v3.4.1',
        daysAgo: 75,
      },
    ],
    daysAgo: 35,
  },
  'porttrack-monitoring/porttrack-grafana': {
    past: [{ image: 'registry.porttrack.example/grafana/grafana:12.0.2', changeCause: 'grafana 12.0.2', daysAgo: 75 }],
    daysAgo: 35,
  },
}

export function dateOf(daysAgo: number): string {
  return new Date(Date.now() - daysAgo * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z')
}

/** The present template as it was in an earlier release: another image, fewer variables. */
export function templateOf(present: RawObject, release: Release): RawObject {
  const spec = recordAt(present, 'spec')
  const [first, ...others] = listAt(spec, 'containers')
  const env = listAt(first, 'env').filter((one) => release.without?.includes(textAt(one, 'name') ?? '') !== true)
  const container = { ...recordAt(first), image: release.image, ...(env.length === 0 ? {} : { env }) }
  return { ...present, spec: { ...spec, containers: [container, ...others] } }
}
