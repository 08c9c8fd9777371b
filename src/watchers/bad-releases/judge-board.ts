import { hasStatus } from '../../services/kubernetes/api/errors.ts'
import { rest } from '../leader.ts'
import type { Bell } from './bell.ts'
import type { Board, Look } from './board.ts'
import type { ClusterWatch, Placed } from './cluster-watch.ts'
import { readAgain } from './confirm.ts'
import type { WorkloadFacts } from './facts.ts'
import { judge, type Verdict } from './judge.ts'
import { badRelease, tell } from './tell.ts'

/** What comes together is judged together. */
const gatherMs = 20
/** Whatever is not well is looked at as often, if nothing happens before. Seconds. */
const againSeconds = 5
/** A judgement that a fresh look did not confirm is not asked for again at once. Seconds. */
const doubtSeconds = 1

type Bad = Extract<Verdict, { readonly sights: unknown }>

/** Judges what has changed on a board, and what time alone decides, until the signal and the end of all calls. */
export async function judgeBoard(watch: ClusterWatch, board: Board, bell: Bell): Promise<void> {
  const { clock, signal, log } = watch
  const due = new Map<string, number>()
  const open = new Map<string, Promise<void>>()
  const apps = Map.groupBy(watch.placed, ({ workload }) => `${workload.kind}/${workload.name}`)
  const appsOf = (workload: WorkloadFacts | undefined): readonly Placed[] =>
    (workload && apps.get(`${workload.kind}/${workload.name}`)) ?? []

  const report = async (uid: string, one: Placed, look: Look, visible: number): Promise<void> => {
    const key = `${uid}/${one.app}`
    if (open.has(key)) return
    const work = confirmed(watch, board, uid, one, look)
      .then((found) => found && tell(watch, one, found.look, badRelease(watch, one, found, visible)))
      .catch((error: unknown) =>
        log.warn({ app: one.app, err: error }, 'a bad release could not be confirmed; looking again'),
      )
    open.set(
      key,
      work.then(() => undefined),
    )
    await work
    open.delete(key)
    due.set(uid, Math.min(due.get(uid) ?? Infinity, clock() + doubtSeconds))
    bell.ring()
  }

  const assess = (uid: string, visible: number): void => {
    const now = clock()
    const waits: number[] = []
    for (const one of appsOf(board.get(uid))) {
      const look = board.look(uid, one.windowSeconds)
      if (look === undefined) continue
      const verdict = judge(look.view, now)
      if (verdict.kind !== 'healthy' && verdict.kind !== 'over') waits.push(againSeconds)
      if ('again' in verdict && verdict.again !== undefined) waits.push(verdict.again)
      if (isNews(verdict, one, look)) void report(uid, one, look, visible)
    }
    if (waits.length > 0) due.set(uid, now + Math.min(...waits))
  }

  while (!signal.aborted) {
    const now = clock()
    const todo = new Map(board.changed())
    for (const [uid, at] of due) if (at <= now && !todo.has(uid)) todo.set(uid, at)
    for (const [uid, at] of todo) {
      due.delete(uid)
      assess(uid, at)
    }
    const next = Math.min(againSeconds, ...[...due.values()].map((at) => at - clock()))
    await bell.wait(Math.max(0, next * 1000), signal)
    await rest(gatherMs, signal)
  }
  await Promise.all(open.values())
}

/** Judged once more on what the API says now. @throws KubernetesError */
async function confirmed(watch: ClusterWatch, board: Board, uid: string, one: Placed, { view }: Look) {
  try {
    await readAgain(watch.client, view.workload, board, watch.signal)
  } catch (error) {
    if (hasStatus(error, 404)) board.forgetWorkload(uid)
    else throw error
  }
  const look = board.look(uid, one.windowSeconds)
  const verdict = look && judge(look.view, watch.clock())
  return look !== undefined && verdict !== undefined && isNews(verdict, one, look) ? { look, verdict } : undefined
}

function isNews(verdict: Verdict, one: Placed, { track }: Look): verdict is Bad {
  return (
    (verdict.kind === 'bad' || verdict.kind === 'old_failing_too') && !track.told.has(`${one.app}/${verdict.signal}`)
  )
}
