import { automaticDecisions } from '../../metrics.ts'
import type { Desk } from '../../operations/desk.ts'
import { claimRelease, getDecision, unfinishedReleases } from '../../store/automatic.ts'
import { getRun } from '../../store/runs.ts'
import type { AutomaticRow } from '../../store/types.ts'
import type { BadRelease } from '../bad-releases/types.ts'
import { rest } from '../leader.ts'
import { act } from './act.ts'
import { leaveToPeople } from './alarm.ts'
import { ask } from './ask.ts'
import { assess, wasPutBack } from './assess.ts'
import { judge, type Verdict } from './judge.ts'
import { keyOf } from './request.ts'

const againMs = 1_000
const mostTries = 60

/**
 * What is done with a bad release: judged, then acted on, asked about or left to people. Any number of watchers may call it,
 * and any number of times: one release is one row, and at most one run. A store or a cluster that is away is tried again.
 */
export async function onBadRelease(desk: Desk, release: BadRelease, signal: AbortSignal): Promise<void> {
  const { log } = desk.services
  for (let tries = 1; !signal.aborted; tries++) {
    try {
      return await settleRelease(desk, release, signal)
    } catch (error) {
      const last = tries >= mostTries
      log[last ? 'error' : 'warn']({ app: release.app, err: error }, 'a bad release could not be settled')
      if (last) return
      await rest(againMs, signal)
    }
  }
}

async function settleRelease(desk: Desk, release: BadRelease, signal: AbortSignal): Promise<void> {
  const { db, catalog } = desk.services
  const row = await claimRelease(db, keyOf(release), release)
  if (!(await isNews(desk, release, row))) return
  const verdict = judge(await assess(desk, release, row))
  const done = await carryOut(desk, release, row, verdict, signal)
  if (done.kind === 'left') await leaveToPeople(db, catalog, release, row, done)
  count(release, done.kind === 'left' ? done.reason : verdict.kind)
}

async function carryOut(
  desk: Desk,
  release: BadRelease,
  row: AutomaticRow,
  verdict: Verdict,
  signal: AbortSignal,
): ReturnType<typeof act> {
  switch (verdict.kind) {
    case 'act':
      return act(desk, release, row, signal)
    case 'ask':
      return ask(desk, release, row, verdict.because)
    case 'leave':
      return { ...verdict, kind: 'left' }
  }
}

/** A release that was acted on or asked about is settled, unless somebody put it back since. */
async function isNews({ services }: Desk, release: BadRelease, row: AutomaticRow): Promise<boolean> {
  if (row.decision !== 'act' && row.decision !== 'ask') return true
  const run = row.runId === undefined ? undefined : await getRun(services.db, row.runId)
  return run?.state === 'ended' && wasPutBack(row, release)
}

/** Goes on with what a watcher that died, a store that was away, or somebody who gave up has left. */
export async function resumeReleases(desk: Desk, signal: AbortSignal): Promise<void> {
  for (const { id } of await unfinishedReleases(desk.services.db)) {
    const row = await getDecision(desk.services.db, id)
    if (row?.decision === 'open' || row?.decision === 'leave')
      await onBadRelease(desk, row.release as BadRelease, signal)
  }
}

function count(release: BadRelease, decision: string): void {
  automaticDecisions.inc({ app: release.app, decision })
}
