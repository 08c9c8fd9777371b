import { rest } from '../leader.ts'
import { createBell } from './bell.ts'
import { createBoard } from './board.ts'
import type { ClusterWatch } from './cluster-watch.ts'
import { judgeBoard } from './judge-board.ts'
import { watchNamespace, watchNodes } from './place.ts'

/** Events and nodes are hints: one who may not read them judges without, after this. */
const hintsMs = 10_000
/** Watches the apps of one cluster until the signal. */
export async function watchCluster(watch: ClusterWatch): Promise<void> {
  const { client, log, clock } = watch
  const end = new AbortController()
  const signal = AbortSignal.any([watch.signal, end.signal])
  const bells = new Set<() => void>()
  const watching = { client, signal, log, onChange: () => bells.forEach((ring) => void ring()) }
  const places = [...new Set(watch.placed.map((one) => one.workload.namespace))].map((namespace) => {
    const placed = watch.placed.filter((one) => one.workload.namespace === namespace)
    return { namespace, placed, board: createBoard(clock) }
  })
  const nodes = watchNodes(
    watching,
    places.map((place) => place.board),
  )
  try {
    await Promise.all(
      places.map(async ({ namespace, placed, board }) => {
        const bell = createBell()
        bells.add(bell.ring)
        const kinds = new Set(placed.map((one) => one.workload.kind))
        const names = new Set(placed.map((one) => `${one.workload.kind}/${one.workload.name}`))
        const streams = watchNamespace({ ...watching, onChange: bell.ring }, namespace, kinds, names, board)
        await Promise.race([streams.synced, aborted(signal)])
        await Promise.race([Promise.all([streams.hints, nodes.hints]), rest(hintsMs, signal)])
        board.begin()
        await judgeBoard({ ...watch, placed, signal }, board, bell)
        await streams.done
      }),
    )
  } finally {
    end.abort()
    await nodes.done
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
