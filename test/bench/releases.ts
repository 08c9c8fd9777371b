import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { type Cluster, startCluster } from '../../sandbox/cluster/start.ts'
import { memoryOf } from './memory.ts'
import { compiled, sparingly } from './program.ts'
import { fillReleases, loops, touch } from './released.ts'
import { exactly, type Row } from './rows.ts'
import type { Size } from './sizes.ts'
import { pause, spreadOf } from './stats.ts'

const deployments = 1_000
const changesEach = 50
const everyMs = 100
const judging = fileURLToPath(new URL('judging.ts', import.meta.url))
const line = z.discriminatedUnion('says', [
  z.object({ says: z.literal('ready'), bytes: z.number(), resident: z.number() }),
  z.object({ says: z.literal('bad'), app: z.string(), at: z.number() }),
])

/** A process with the bot's own code judges a thousand releases while their pods change all the time. */
export async function measureReleases(size: Size): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-bench-releases-'))
  const cluster = await startCluster({ folder, controllers: false, keepChanges: 100_000 })
  try {
    const names = fillReleases(cluster, deployments, size.pods)
    return await measure(cluster, names, size)
  } finally {
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(cluster: Cluster, names: readonly string[], size: Size): Promise<readonly Row[]> {
  const child = spawn(
    process.execPath,
    ['--expose-gc', ...sparingly, judging, cluster.kubeconfig, String(deployments)],
    { env: { ...process.env, NODE_COMPILE_CACHE: compiled }, stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const exit = once(child, 'exit')
  const told = new Map<string, number>()
  let bytes = Number.NaN
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (text) => {
      const words = line.parse(JSON.parse(text))
      if (words.says === 'bad') told.set(words.app, words.at)
      else {
        bytes = words.bytes
        resolve()
      }
    })
  })
  await Promise.race([ready, exit.then(([code]) => Promise.reject(new Error(`judging ended with ${String(code)}`)))])
  const falses = told.size
  const { rounds, seconds, begun } = await change(cluster, names, size.loops)
  for (let left = 100; left > 0 && told.size < begun.size; left--) await pause(everyMs)
  const { resident, peak } = await memoryOf(child.pid ?? 0)
  child.stdin.write('end\n')
  await exit
  const waits = [...begun].map(([app, at]) => (told.get(app) ?? Number.POSITIVE_INFINITY) - at)
  const spread = spreadOf(waits.filter(Number.isFinite))
  const what = `judging ${deployments} Deployments, ${size.pods} pods`
  return [
    exactly(`${what}: noticed`, told.size - falses, begun.size),
    exactly(`${what}: said of healthy ones`, falses, 0),
    { what: `${what}: changes a second`, measured: (rounds * changesEach) / seconds, unit: '' },
    { what: `${what}: crash loop to decision, p50`, measured: spread.p50, unit: 'ms' },
    {
      what: `${what}: crash loop to decision, p99`,
      measured: spread.p99,
      unit: 'ms',
      limit: { kind: 'time', most: 1_000 },
    },
    {
      what: `${what}: memory for each pod, with its share of all else`,
      measured: bytes / size.pods / 1024,
      unit: 'KiB',
      limit: { kind: 'memory', most: 1.5 },
    },
    { what: `${what}: the whole bot, resident`, measured: resident, unit: 'MB' },
    { what: `${what}: the highest it ever was`, measured: peak, unit: 'MB' },
  ]
}

/** Fifty pods change each tenth of a second; in each round one more release begins to loop. */
async function change(cluster: Cluster, names: readonly string[], rounds: number) {
  const begun = new Map<string, number>()
  const began = performance.now()
  for (let round = 0; round < rounds; round++) {
    for (let n = 0; n < changesEach; n++) touch(cluster, names, round * changesEach + n)
    begun.set(loops(cluster, names, round), Date.now())
    await pause(Math.max(0, began + (round + 1) * everyMs - performance.now()))
  }
  return { rounds, seconds: (performance.now() - began) / 1000, begun }
}
