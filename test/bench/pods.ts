import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { resourceType } from '../../sandbox/cluster/schema/resources.ts'
import { type Cluster, startCluster } from '../../sandbox/cluster/start.ts'
import { memoryOf } from './memory.ts'
import { podOf } from './pod.ts'
import { compiled, sparingly } from './program.ts'
import { exactly, type Row } from './rows.ts'
import type { Size } from './sizes.ts'

const watched = z.object({ pods: z.number(), bytesEach: z.number(), listMs: z.number(), resident: z.number() })
const watching = fileURLToPath(new URL('watching.ts', import.meta.url))
const nodes = 100

/** A process with the bot's own code watches many pods of the simulated cluster. */
export async function measurePods(size: Size): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-bench-pods-'))
  const cluster = await startCluster({ folder, controllers: false })
  try {
    const bytes = fill(cluster, size.pods)
    const found = await watch(cluster.kubeconfig)
    return [
      exactly(`watching pods of ${(bytes / 1000).toFixed(1)} kB: known`, found.pods, size.pods),
      {
        what: `watching ${size.pods} pods: memory of each`,
        measured: found.bytesEach / 1024,
        unit: 'KiB',
        limit: { kind: 'memory', most: 1 },
      },
      {
        what: `watching ${size.pods} pods: the whole bot, resident`,
        measured: found.resident / 1e6,
        unit: 'MB',
        limit: { kind: 'memory', most: 200 },
      },
      { what: `watching ${size.pods} pods: the highest it ever was`, measured: found.peak, unit: 'MB' },
      { what: `listing ${size.pods} pods`, measured: found.listMs / 1000, unit: 's' },
    ]
  } finally {
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** @returns bytes of JSON of one of them */
function fill(cluster: Cluster, count: number): number {
  const write = { caller: { user: 'bench', groups: ['system:masters'], userAgent: 'bench' }, backdate: true } as const
  let last = ''
  for (let n = 0; n < count; n++) {
    const made = cluster.registry.create(resourceType('pods'), 'default', podOf(n, `node-${n % nodes}`), write)
    if (n === count - 1) last = JSON.stringify(made)
  }
  return Buffer.byteLength(last)
}

async function watch(kubeconfig: string): Promise<z.infer<typeof watched> & { readonly peak: number }> {
  const child = spawn(process.execPath, ['--expose-gc', ...sparingly, watching, kubeconfig], {
    env: { ...process.env, NODE_COMPILE_CACHE: compiled },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    exit.then(([code]) => {
      throw new Error(`the process that watches ended with ${String(code)}`)
    }),
  ])
  const found = watched.parse(JSON.parse(String(line[0])))
  const { peak } = await memoryOf(child.pid ?? 0)
  child.stdin.write('end\n')
  await exit
  return { ...found, peak }
}
