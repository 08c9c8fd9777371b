import { pino } from 'pino'
import { connectCluster } from '../../src/services/kubernetes/api/client.ts'
import { podView } from '../../src/services/kubernetes/watch/projections.ts'
import { startReflector } from '../../src/services/kubernetes/watch/reflector.ts'
// The whole bot is loaded, so that the total is that of a bot that watches.
import '../../src/rescue.ts'

/** What a process of its own says on stdout when it has watched for a while: see pods.ts. */
export type Watched = {
  readonly pods: number
  readonly bytesEach: number
  readonly listMs: number
  /** Bytes, before the garbage was collected on request: as in life. */
  readonly resident: number
}

const watchedMs = 3_000
const kubeconfig = process.argv[2] ?? ''
const log = pino({ level: 'silent' })
const client = connectCluster({ kubeconfig, impersonate: false }, { log })
const end = new AbortController()

// Connections and code are there before anything is counted.
await client.list('/api/v1/namespaces')
const before = used()
const began = performance.now()
const pods = startReflector({ client, path: '/api/v1/pods', project: podView, signal: end.signal, log })
await pods.synced
const listMs = performance.now() - began
await new Promise((resolve) => setTimeout(resolve, watchedMs))
const resident = process.memoryUsage.rss()
const found: Watched = { pods: pods.size, bytesEach: (used() - before) / pods.size, listMs, resident }
process.stdout.write(`${JSON.stringify(found)}\n`)
// Held until its memory was read from outside.
process.stdin.once('data', () => {
  end.abort()
  void client.close().then(() => process.exit(0))
})

/** Bytes of the heap that are still reachable. @throws Error without --expose-gc */
function used(): number {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc')
  globalThis.gc()
  globalThis.gc()
  return process.memoryUsage().heapUsed
}
