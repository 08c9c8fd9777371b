import { stringify } from 'yaml'
import { people } from './people.ts'

export type CatalogPlaces = {
  readonly kubeconfig: string
  /** Where the simulated ingress listens. */
  readonly edge: string
}

/** The catalog of the sandbox: the world of rescue.example.yml, with the addresses of this machine. */
export function sandboxCatalog(places: CatalogPlaces): string {
  const health = (service: string) => [
    { name: 'web', url: `${places.edge}/porttrack/${service}/api/health`, expect: 200, timeoutSeconds: 2 },
  ]
  const app = (workload: string, more: object = {}) => ({
    cluster: 'main',
    namespace: 'porttrack',
    workload,
    environment: 'production',
    owners: ['ana', 'luis'],
    rolloutTimeoutSeconds: 120,
    ...more,
  })
  const monitor = (name: string, service: string, healthPath: string) => ({
    [name]: {
      url: `${places.edge}/porttrack-monitoring/${service}`,
      healthPath,
      cluster: 'main',
      namespace: 'porttrack-monitoring',
      workload: `deployment/${service}`,
      owners: ['luis'],
    },
  })
  return stringify({
    version: 1,
    language: 'es',
    timeZone: 'Europe/Madrid',
    people: Object.fromEntries(
      people.map((person) => [
        person.name,
        { slack: person.slack, role: person.role, login: person.name, email: person.email },
      ]),
    ),
    channels: { operations: 'C0OPS', incidentPrefix: 'inc', progress: 'plan' },
    clusters: { main: { kubeconfig: places.kubeconfig } },
    apps: {
      'porttrack-app': app('deployment/porttrack-app', { databases: ['porttrack'], health: health('porttrack-app') }),
      'porttrack-worker': app('deployment/porttrack-worker', { owners: ['luis'] }),
      'porttrack-cache': app('statefulset/porttrack-cache'),
      'porttrack-agent': app('daemonset/porttrack-agent'),
    },
    databases: { porttrack: { engine: 'postgres', url: { env: 'PORTTRACK_DATABASE_URL' }, owners: ['ana'] } },
    monitoring: {
      ...monitor('prometheus', 'porttrack-prometheus', '/-/healthy'),
      ...monitor('grafana', 'porttrack-grafana', '/api/health'),
    },
    pagerduty: { phones: { ana: '+34 600 000 001', luis: '+57 300 000 0002' } },
  })
}
