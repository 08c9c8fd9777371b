import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Identity } from './api/access.ts'
import { createLogs } from './api/logs.ts'
import { createRegistry, type Registry } from './api/registry.ts'
import { controllers } from './controllers/all.ts'
import { runControllers } from './controllers/run.ts'
import { createFaults, type Faults } from './faults.ts'
import type { Tokens } from './http/authenticate.ts'
import { createRequestLog, type RequestLog } from './http/requests.ts'
import { startHttp } from './http/server.ts'
import { selfSigned } from './http/tls.ts'
import type { Watches } from './http/watches.ts'
import { writeKubeconfig } from './kubeconfig.ts'
import { resourceType } from './schema/resources.ts'
import { createStore } from './store/store.ts'

export type ClusterOptions = {
  readonly port?: number
  /** Where the kubeconfigs are written; made when missing. */
  readonly folder: string
  /** Pause between bookmarks of a watch that asked for them; default 10 s. */
  readonly bookmarkMs?: number
  /** Changes of each resource that watches may start behind; default 5,000. */
  readonly keepChanges?: number
  /** Silence of a node's heartbeat after which it is NotReady; default 40 s, as `--node-monitor-grace-period`. */
  readonly nodeGraceSeconds?: number
  /** How long pods stay on a node that is NotReady or unreachable; default 300 s, as `--default-not-ready-toleration-seconds`. */
  readonly tolerationSeconds?: number
  /** What the schema does not know is kept, so that a client that drops it is found out; `drop` is what a real API server does. */
  readonly unknownFields?: 'keep' | 'drop'
  /** Without controllers objects stay as they are written: for benches with thousands of pods. */
  readonly controllers?: boolean
}

export type Cluster = {
  readonly url: string
  readonly port: number
  /** Path of a kubeconfig of the administrator. */
  readonly kubeconfig: string
  /** PEM of the server's certificate. */
  readonly ca: string
  /** The administrator's bearer token. */
  readonly token: string
  /** Who may come in; add to it to limit a token: `tokens.set('t', {user: 'bot', groups: [], rules: [...]})`. */
  readonly tokens: Tokens
  /** Adds a user and writes a kubeconfig for them. @returns its path */
  kubeconfigOf(identity: Identity): Promise<string>
  readonly faults: Faults
  readonly requests: RequestLog
  readonly watches: Watches
  /** The API without HTTP, for benches and for what no client may do. */
  readonly registry: Registry
  /** Forgets old changes: watches and pages that start before now get 410. */
  compact(): void
  /** Nobody listens while `during` runs, as when an API server is replaced; what is stored and the controllers live on. */
  outage(during: () => Promise<void>): Promise<void>
  stop(): Promise<void>
}

const adminToken = 'sandbox-admin'

/**
 * A strict Kubernetes API server in memory with the controllers that rollouts need, over TLS on 127.0.0.1. Nodes and running pods are
 * the kubelet's work (sandbox/kubelet). What it answers was compared with kube-apiserver 1.36.3 (test/real/kubernetes).
 * @throws when the port is taken
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  await mkdir(options.folder, { recursive: true })
  const credentials = selfSigned('rescue sandbox')
  const store = createStore({ keep: options.keepChanges ?? 5_000 })
  const registry = createRegistry({
    store,
    keepUnknown: options.unknownFields !== 'drop',
    admission: { tolerationSeconds: options.tolerationSeconds ?? 300 },
  })
  const running =
    options.controllers === false
      ? undefined
      : runControllers(
          registry,
          controllers({ nodeGraceMs: (options.nodeGraceSeconds ?? 40) * 1000, ca: credentials.cert }),
        )
  const tokens: Tokens = new Map([
    [adminToken, { user: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }],
  ])
  const faults = createFaults()
  const requests = createRequestLog()
  const logs = createLogs()
  store.subscribe(({ resource, type, entry }) => {
    if (resource === 'pods' && type === 'DELETED')
      logs.forget(entry.object.metadata.namespace ?? '', entry.object.metadata.name)
  })
  const bookmarkMs = options.bookmarkMs ?? 10_000
  const listen = (port: number) =>
    startHttp({ port, credentials, registry, tokens, faults, log: requests, logs, bookmarkMs })
  let http = await listen(options.port ?? 0)
  const { port } = http
  const url = `https://127.0.0.1:${port}`
  seedSystem(registry, port)
  const kubeconfigFor = async (name: string, user: string, token: string) => {
    const path = join(options.folder, name)
    await writeKubeconfig(path, { server: url, ca: credentials.cert, user, token })
    return path
  }
  return {
    url,
    port,
    ca: credentials.cert,
    token: adminToken,
    kubeconfig: await kubeconfigFor('kubeconfig', 'kubernetes-admin', adminToken),
    kubeconfigOf: async (identity) => {
      const token = `sandbox-${identity.user.replace(/[^A-Za-z0-9]+/g, '-')}-${tokens.size}`
      tokens.set(token, identity)
      return kubeconfigFor(`kubeconfig-${identity.user.replace(/[^A-Za-z0-9]+/g, '-')}`, identity.user, token)
    },
    tokens,
    faults,
    requests,
    get watches() {
      return http.watches
    },
    registry,
    compact: store.compact,
    outage: async (during) => {
      await http.stop()
      try {
        await during()
      } finally {
        http = await listen(port)
      }
    },
    stop: async () => {
      running?.stop()
      await http.stop()
    },
  }
}

/** The namespaces and the Service that every cluster has. */
function seedSystem(registry: Registry, port: number): void {
  const write = {
    caller: { user: 'system:apiserver', groups: ['system:masters'], userAgent: 'kube-apiserver' },
    fieldValidation: 'Ignore',
  } as const
  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system'])
    registry.create(resourceType('namespaces'), undefined, { metadata: { name } }, write)
  registry.create(
    resourceType('services'),
    'default',
    {
      metadata: { name: 'kubernetes', labels: { component: 'apiserver', provider: 'kubernetes' } },
      spec: { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443, targetPort: port }] },
    },
    write,
  )
}
