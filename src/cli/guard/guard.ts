import { startRun } from '../../operations/start.ts'
import type { Evidence } from '../../services/kubernetes/pods/evidence.ts'
import { nearest } from '../../surface/words.ts'
import { duration } from '../../texts/amounts.ts'
import { type ActOptions, toTheEnd } from '../carry-on.ts'
import { type Ending, Exit, exitCodes, notBegun } from '../exit.ts'
import { refusalText } from '../notices.ts'
import { targetName } from '../report.ts'
import { begin, originOf } from '../request.ts'
import { codeOf } from '../screen/interrupt.ts'
import { type Io, progressScreen } from '../screen/io.ts'
import { patiently } from '../screen/patiently.ts'
import { readTime } from '../screen/times.ts'
import { withLook } from '../session.ts'
import type { Session } from '../types.ts'
import { wayBackOf } from '../way-back.ts'
import { lastLogs, logsText, seenTeller, verdictText } from './guard-tell.ts'
import { type GuardEnd, watchRelease } from './guard-watch.ts'

type GuardOptions = Pick<ActOptions, 'wait' | 'follow'> & {
  readonly timeout: string
  readonly settle: string
  readonly undo?: boolean
}

/**
 * `rescue guard APP [--timeout 5m] [--settle 15s] [--undo]`: for a pipeline, right after it has deployed. Ends with 0 when the
 * release is healthy and with 1 in every other case, also when a bad one was rolled back: it is not what was to be released.
 */
export async function guard(io: Io, app: string, options: GuardOptions): Promise<Ending> {
  return withLook(io, async (session) => {
    const timeoutMs = timeOf(session, '--timeout', options.timeout)
    const settleMs = timeOf(session, '--settle', options.settle)
    const { catalog } = session.services
    if (!Object.hasOwn(catalog.apps, app)) throw unknownApp(session, app)
    if (catalog.apps[app]?.colors !== undefined)
      throw notBegun(exitCodes.badInput, 'has_colors', session.words.guard.colors(app), { field: 'app', value: app })
    const began = performance.now()
    const teller = seenTeller(session, app, progressScreen(io))
    const end = await watchRelease(session, { app, timeoutMs, settleMs, tell: teller.tell }).finally(teller.end)
    const took = duration((performance.now() - began) / 1_000, session.look())
    const logs = end.kind === 'bad' ? await lastLogs(session, app) : []
    const told = `${verdictText(session, app, end, took, io.out)}${logs.length === 0 ? '' : `\n${logsText(session, logs)}`}`
    const release = releaseOf(session, app, end, logs)
    if (end.kind !== 'bad' || options.undo !== true || end.release.oldFailing) {
      const next = nextText(session, app, end, options.undo === true)
      return {
        code: codeFor(session, end),
        text: [told, next].filter((line) => line !== '').join('\n'),
        answer: { release, undo: null },
      }
    }
    if (!io.json) io.out.write(`${told}\n\n${session.words.guard.undoing}\n\n`)
    return undone(session, app, end, options, release)
  })
}

function codeFor(session: Session, end: GuardEnd): number {
  if (end.kind === 'healthy') return exitCodes.ok
  if (end.kind === 'left') return codeOf(session.io.interrupt.asked() ?? 'SIGTERM')
  return end.kind === 'cannot' && end.reason === 'forbidden' ? exitCodes.refused : exitCodes.failed
}

function nextText(session: Session, app: string, end: GuardEnd, wanted: boolean): string {
  const { guard: words } = session.words
  if (end.kind === 'healthy' || end.kind === 'replaced') return ''
  if (end.kind === 'bad' && end.release.oldFailing) return `${words.oldFailing} ${words.stays}`
  if (end.kind !== 'bad') return wanted ? words.notUndone : words.stays
  return `${words.stays} ${words.how(app)}`
}

type Bad = Extract<GuardEnd, { kind: 'bad' }>

/** The same operation, policies and audit as everybody's rollback. Where somebody rolls it back already, that run is followed. */
async function undone(
  session: Session,
  app: string,
  { release: bad }: Bad,
  options: GuardOptions,
  release: object,
): Promise<Ending> {
  const { person, actor } = session
  const asked = wayBackOf(session, app, { reason: `guard: ${bad.signal}` })
  const desk = await session.desk()
  const started = await patiently((idempotencyKey) =>
    startRun(desk, { ...asked, actor, origin: originOf(session), idempotencyKey }, person),
  )
  try {
    const over =
      started.kind === 'held'
        ? await toTheEnd(session, started.by.runId, true)
        : await begin(session, started, { ...options, yes: true })
    const code = over.code === exitCodes.ok ? exitCodes.failed : over.code
    return { ...over, code, answer: { release, undo: over.answer ?? null } }
  } catch (error) {
    if (!(error instanceof Exit)) throw error
    throw new Exit(error.code, error.message, { release, undo: error.answer })
  }
}

function releaseOf(session: Session, app: string, end: GuardEnd, logs: readonly Evidence[]): object {
  const { seen } = end
  return {
    app,
    target: targetName(session.services.catalog, { kind: 'app', name: app }),
    state: end.kind,
    revision: seen.revision ?? null,
    counts: seen.counts ?? null,
    troubles: seen.troubles,
    health: seen.health,
    ...(end.kind === 'bad'
      ? { signal: end.release.signal, sights: end.release.sights, oldFailing: end.release.oldFailing, logs }
      : {}),
    ...(end.kind === 'replaced' ? { replacedBy: end.by } : {}),
    ...(end.kind === 'cannot' ? { reason: end.reason, message: end.message } : {}),
  }
}

function timeOf(session: Session, option: string, word: string): number {
  const ms = readTime(word)
  if (ms !== undefined) return ms
  throw notBegun(exitCodes.badInput, 'bad_time', session.words.badTime(option, word), { field: option, value: word })
}

function unknownApp(session: Session, app: string): Exit {
  const allowed = Object.keys(session.services.catalog.apps)
  const notice = { kind: 'unknown_app', value: app, allowed, nearest: nearest(app, allowed) } as const
  return notBegun(exitCodes.badInput, 'unknown_subject', refusalText(session, notice), { ...notice })
}
