import { stringify } from 'yaml'
import { people } from './people.ts'

export type CatalogPlaces = {
  readonly kubeconfig: string
  /** Where the simulated ingress listens. */
  readonly edge: string
  /** The folder of PortTrack's backups. */
  readonly backups?: string
  /** A bucket with more of them, and the files that hold its keys. */
  readonly bucket?: {
    readonly url: string
    readonly name: string
    readonly files: { readonly accessKey: string; readonly secretKey: string }
  }
  /** PortTrack's documents: the file that holds their address, and the folder of their backups; absent: there is no MongoDB. */
  readonly mongo?: { readonly urlFile: string; readonly backups: string }
  /** False: the bot does nothing by itself, for what is not about that. */
  readonly automatic?: boolean
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
  const colored = {
    cluster: 'main',
    namespace: 'porttrack',
    environment: 'production',
    owners: ['ana', 'luis'],
    colors: {
      service: 'porttrack-app-service',
      blue: 'deployment/porttrack-app-blue',
      green: 'deployment/porttrack-app-green',
      watchSeconds: 5,
    },
    health: health('porttrack-app-service'),
  }
  // A world for trying things out: the same trouble may come again after a minute.
  const act = { mode: 'act', coolDownMinutes: 1, mostPerHour: 20 }
  const automatic = (wanted: object | string) => (places.automatic === false ? {} : { automatic: wanted })
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
      'porttrack-app': app('deployment/porttrack-app', {
        databases: ['porttrack', ...(places.mongo === undefined ? [] : ['porttrack_nosql'])],
        health: health('porttrack-app'),
        ...automatic('ask'),
      }),
      'porttrack-worker': app('deployment/porttrack-worker', { owners: ['luis'], ...automatic(act) }),
      'porttrack-cache': app('statefulset/porttrack-cache'),
      'porttrack-agent': app('daemonset/porttrack-agent'),
      'porttrack-web': colored,
    },
    databases: {
      porttrack: {
        engine: 'postgres',
        url: { env: 'PORTTRACK_DATABASE_URL' },
        owners: ['ana'],
        ...(places.backups === undefined
          ? {}
          : {
              backups: {
                places: {
                  backups: { kind: 'folder', path: places.backups },
                  ...bucketPlace(places.bucket),
                  safety: { kind: 'folder', path: `${places.backups}-safety` },
                },
                safety: 'safety',
              },
            }),
        restore: {
          migration: 'select max(version) from schema_migrations',
          checks: [
            { name: 'vessels', query: 'select count(*) from vessels' },
            { name: 'future bookings', query: 'select count(*) from bookings where arrives_at > created_at' },
          ],
        },
      },
      ...documents(places.mongo),
    },
    monitoring: {
      ...monitor('prometheus', 'porttrack-prometheus', '/-/healthy'),
      ...monitor('grafana', 'porttrack-grafana', '/api/health'),
    },
    pagerduty: { phones: { ana: '+34 600 000 001', luis: '+57 300 000 0002' } },
  })
}

function bucketPlace(bucket: CatalogPlaces['bucket']) {
  if (bucket === undefined) return {}
  const keys = { accessKey: { file: bucket.files.accessKey }, secretKey: { file: bucket.files.secretKey } }
  return { bucket: { kind: 's3', bucket: bucket.name, endpoint: bucket.url, prefix: 'postgres/', ...keys } }
}

function documents(mongo: CatalogPlaces['mongo']) {
  if (mongo === undefined) return {}
  return {
    porttrack_nosql: {
      engine: 'mongodb',
      url: { file: mongo.urlFile },
      owners: ['ana'],
      backups: {
        places: {
          mongo: { kind: 'folder', path: mongo.backups },
          safety: { kind: 'folder', path: `${mongo.backups}-safety` },
        },
        safety: 'safety',
      },
    },
  }
}
