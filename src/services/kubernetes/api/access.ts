import type { RequestOptions } from 'node:https'
import type { KubeConfig as Configuration } from '@kubernetes/client-node'
import { Agent, type Dispatcher, ProxyAgent } from 'undici'
import type { ClusterEntry } from '../../../catalog/schema.ts'
import { KubeConfig } from './kube-config.ts'

/** How a cluster is reached: its address, the connections, and the headers that say who asks. */
export type ClusterAccess = {
  readonly server: string
  dispatcher(): Promise<Dispatcher>
  headers(): Promise<Readonly<Record<string, string>>>
  /** Forgets cached credentials: asked after a 401. */
  forget(): void
  close(): Promise<void>
}

type Credentials = { readonly headers: Readonly<Record<string, string>>; readonly key: string; readonly at: number }

/** Credentials are read again after this long; exec plugins and token files have their own caches below. */
const credentialsMs = 20_000

/** Longer than undici's 4 s, so that the confirming click finds a warm connection; shorter than load balancers' 60 s. */
const keepAliveMs = 45_000

/**
 * @param kubeconfigFile the default for clusters whose entry names none; absent: as every Kubernetes client does
 * @throws Error when the configuration cannot be read, or has no such context
 */
export function openAccess(entry: ClusterEntry, kubeconfigFile: string | undefined): ClusterAccess {
  const config = loadConfig(entry, kubeconfigFile)
  const cluster = config.getCurrentCluster()
  if (cluster === null) throw new Error('the kubeconfig names no cluster for this context')
  let credentials: Credentials | undefined
  let connections: { readonly key: string; readonly dispatcher: Dispatcher } | undefined

  const current = async (): Promise<Credentials> => {
    if (credentials === undefined || Date.now() - credentials.at > credentialsMs) credentials = await read(config)
    return credentials
  }
  return {
    server: cluster.server.replace(/\/+$/, ''),
    headers: async () => (await current()).headers,
    dispatcher: async () => {
      const { key } = await current()
      // A rotated client certificate needs new connections; the old ones end with their last answer.
      if (connections?.key !== key) {
        void connections?.dispatcher.close()
        connections = { key, dispatcher: await openConnections(config) }
      }
      return connections.dispatcher
    },
    forget: () => {
      credentials = undefined
    },
    close: async () => {
      await connections?.dispatcher.destroy()
      connections = undefined
    },
  }
}

function loadConfig(entry: ClusterEntry, kubeconfigFile: string | undefined): Configuration {
  const config = new KubeConfig()
  const file = entry.kubeconfig ?? kubeconfigFile
  if (file?.includes(':') === true) loadMerged(config, file.split(':'))
  else if (file !== undefined) config.loadFromFile(file)
  else config.loadFromDefault()
  if (entry.context !== undefined) {
    if (config.getContextObject(entry.context) === null)
      throw new Error(
        `no context is called "${entry.context}" (there are: ${config
          .getContexts()
          .map((context) => context.name)
          .join(', ')})`,
      )
    config.setCurrentContext(entry.context)
  }
  return config
}

/** KUBECONFIG may be a list of files; the first that names a current context wins. */
function loadMerged(config: Configuration, files: readonly string[]): void {
  const [first, ...others] = files.filter((file) => file !== '')
  if (first === undefined) return
  config.loadFromFile(first)
  for (const file of others) {
    const next = new KubeConfig()
    next.loadFromFile(file)
    config.mergeConfig(next, config.getCurrentContext() !== undefined && config.getCurrentContext() !== '')
  }
}

async function read(config: Configuration): Promise<Credentials> {
  const options: RequestOptions = {}
  await config.applyToHTTPSOptions(options)
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name] = String(value)
  if (typeof options.auth === 'string')
    headers['Authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`
  const key = [options.ca, options.cert, options.key].map((part) => String(part ?? '')).join('\n')
  return { headers, key, at: Date.now() }
}

/** undici connections with the kubeconfig's TLS settings and proxy; a SOCKS proxy is client-node's own dispatcher, which needs all of it. */
async function openConnections(config: Configuration): Promise<Dispatcher> {
  const options: RequestOptions = {}
  await config.applyToHTTPSOptions(options)
  const { ca, cert, key, rejectUnauthorized, servername } = options
  const tls = present({ ca, cert, key, rejectUnauthorized, servername })
  const chosen = config.createDispatcherOptions(config.getCurrentCluster(), tls)
  const shared = { keepAliveTimeout: keepAliveMs, keepAliveMaxTimeout: keepAliveMs, connections: 64 }
  const connect = { timeout: 4_000, keepAlive: true, keepAliveInitialDelay: 15_000 }
  if (chosen.type === 'proxy')
    return new ProxyAgent({ ...shared, uri: chosen.uri, requestTls: { ...connect, ...tls }, connect })
  if (chosen.type === 'socks') {
    const { HttpMethod, RequestContext } = await import('@kubernetes/client-node')
    const context = new RequestContext(config.getCurrentCluster()?.server ?? '', HttpMethod.GET)
    await config.applySecurityAuthentication(context)
    const dispatcher = context.getDispatcher()
    if (dispatcher !== undefined) return dispatcher
  }
  return new Agent({ ...shared, connect: { ...connect, ...tls } })
}

type Tls = Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized' | 'servername'>

/** An option that is there but undefined overrides undici's own. */
function present(options: { [Key in keyof Tls]: Tls[Key] | undefined }): Tls {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
