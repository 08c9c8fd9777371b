import { pino } from 'pino'
import { catalogSchema } from '../../src/catalog/schema.ts'
import { connectCluster } from '../../src/services/kubernetes/api/client.ts'
import { watchBadReleases } from '../../src/watchers/bad-releases/watch.ts'
// The whole bot is loaded, so that the total is that of a bot that watches.
import '../../src/rescue.ts'

/** What a process of its own says on stdout, a line each: that it knows all, or that it was told of a bad release. See releases.ts. */
export type Judging =
  | { readonly says: 'ready'; readonly bytes: number; readonly resident: number }
  | { readonly says: 'bad'; readonly app: string; readonly at: number }

const [kubeconfig = '', count = '0'] = process.argv.slice(2)
const log = pino({ level: 'silent' })
const client = connectCluster({ kubeconfig, impersonate: false }, { log })
const names = Array.from({ length: Number(count) }, (_, n) => `shipments-${n}`)
const catalog = catalogSchema.parse({
  version: 1,
  people: { ana: { slack: 'U0ANA' } },
  channels: { operations: 'C0OPS' },
  clusters: { main: {} },
  apps: Object.fromEntries(
    names.map((name) => [name, { cluster: 'main', namespace: 'default', workload: `deployment/${name}` }]),
  ),
})
const end = new AbortController()
const say = (words: Judging): void => void process.stdout.write(`${JSON.stringify(words)}\n`)

await client.list('/api/v1/namespaces')
const before = used()
const asked = client.calls()
const watched = watchBadReleases(
  { catalog, cluster: () => client, log },
  names.map((app) => ({ app, windowSeconds: 1800 })),
  async ({ app }) => say({ says: 'bad', app, at: Date.now() }),
  end.signal,
)
// Its six streams are open when nothing is asked any more.
for (let last = asked, still = 0; still < 4; ) {
  await new Promise((resolve) => setTimeout(resolve, 500))
  still = client.calls() === last && last > asked + 6 ? still + 1 : 0
  last = client.calls()
}
const resident = process.memoryUsage.rss()
say({ says: 'ready', bytes: used() - before, resident })
process.stdin.once('data', () => {
  end.abort()
  void watched.then(() => client.close()).then(() => process.exit(0))
})

/** Bytes of the heap that are still reachable. @throws Error without --expose-gc */
function used(): number {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc')
  globalThis.gc()
  globalThis.gc()
  return process.memoryUsage().heapUsed
}
