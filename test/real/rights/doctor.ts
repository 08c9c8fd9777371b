import { pino } from 'pino'
import { type Catalog, catalogSchema } from '../../../src/catalog/schema.ts'
import { checkClusters } from '../../../src/cli/doctor/doctor-clusters.ts'
import { cliWords } from '../../../src/cli/words/words.ts'
import { environmentSchema } from '../../../src/config/environment.ts'

/** What `rescue doctor` says of a cluster, as this account. @param actor who asks */
export function doctorSays(kubeconfig: string, catalog: Catalog, actor = 'ana'): ReturnType<typeof checkClusters> {
  const environment = environmentSchema.parse({ KUBECONFIG: kubeconfig, RESCUE_ACTOR: actor })
  return checkClusters({ environment, catalog, secret: async () => '' }, pino({ level: 'silent' }), cliWords.en)
}

/** An app of each kind, and one of each way to choose between two colours: whatever a cluster can be asked for. */
export function everyKind(namespace: string, impersonate = false): Catalog {
  const app = (more: object) => ({ cluster: 'main', namespace, ...more })
  const twins = { blue: 'deployment/blue', green: 'deployment/green' }
  return catalogSchema.parse({
    version: 1,
    people: { ana: { slack: 'U0ANA', kubernetes: { user: 'ana@porttrack.example', groups: ['porttrack-sre'] } } },
    channels: { operations: 'C0OPS' },
    clusters: { main: { impersonate } },
    apps: {
      web: app({ workload: 'deployment/web' }),
      cache: app({ workload: 'statefulset/cache' }),
      agent: app({ workload: 'daemonset/agent' }),
      shop: app({ colors: { service: 'shop', ...twins } }),
      edge: app({ colors: { ingress: { name: 'edge', blue: 'edge-blue', green: 'edge-green' }, ...twins } }),
    },
  })
}
