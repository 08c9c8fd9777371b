import { workloadOfApp } from '../../catalog/workloads.ts'
import { KubernetesError } from '../../services/kubernetes/api/errors.ts'
import { collectEvidence, type Evidence } from '../../services/kubernetes/pods/evidence.ts'
import { readWorkload } from '../../services/kubernetes/workload/workload.ts'
import { duration } from '../../texts/amounts.ts'
import { cleanLine, cutPlain } from '../../texts/clean.ts'
import type { Sight } from '../../watchers/bad-releases/types.ts'
import { liveBlock } from '../screen/live.ts'
import { type Screen, textWidth } from '../screen/screen.ts'
import { wrap } from '../screen/wrap.ts'
import type { Session } from '../types.ts'
import type { GuardEnd, Seen } from './guard-watch.ts'

const mostLogs = 2
const lastLines = 12

/** Where the release stands: one line that is redrawn on a terminal, a line at each change elsewhere. */
export function seenTeller(session: Session, app: string, screen: Screen) {
  const block = screen.redraws ? liveBlock(screen) : undefined
  let before = ''
  return {
    tell(seen: Seen): void {
      const text = seenText(session, app, seen)
      block?.show([text])
      const steady = seenText(session, app, withoutCountdown(seen))
      if (block !== undefined || steady === before) return
      before = steady
      screen.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`)
    },
    end: () => block?.clear(),
  }
}

function withoutCountdown(seen: Seen): Seen {
  return seen.leftMs === undefined ? seen : { ...seen, leftMs: 0 }
}

function seenText(session: Session, app: string, seen: Seen): string {
  const { guard } = session.words
  const waits: Readonly<Record<string, string>> = guard.waiting
  const [trouble] = seen.troubles
  const why = trouble === undefined ? (waits[seen.waitingFor] ?? seen.waitingFor) : troubleText(trouble)
  const { counts } = seen
  const state =
    seen.leftMs === undefined
      ? guard.waits(counts === undefined ? '?' : `${counts.ready}/${counts.desired}`, why)
      : guard.settling(duration(seen.leftMs / 1_000, session.look()))
  return `${guard.watching(app, String(seen.revision ?? '?'))} · ${state}`
}

const troubleText = ({ pod, reason, message }: Seen['troubles'][number]): string =>
  `${pod}: ${reason}${message === '' ? '' : ` (${cutPlain(cleanLine(message), 80)})`}`

/** The verdict in a sentence, and what it stands on. */
export function verdictText(session: Session, app: string, end: GuardEnd, took: string, screen: Screen): string {
  const { guard } = session.words
  const revision = String(end.seen.revision ?? '?')
  const heads: Record<GuardEnd['kind'], string> = {
    healthy: guard.healthy(app, revision, took),
    bad: guard.bad(app, revision),
    replaced: guard.replaced(app, revision, end.kind === 'replaced' ? String(end.by) : ''),
    timed_out: guard.unclear(app, took),
    cannot: guard.cannot(app, end.kind === 'cannot' ? end.message : ''),
    left: guard.left(app),
  }
  const lines =
    end.kind === 'bad'
      ? end.release.sights.map(sightText)
      : end.kind === 'healthy'
        ? []
        : end.seen.troubles.map(troubleText)
  const width = textWidth(screen)
  return [
    screen.paint('bold', heads[end.kind]),
    ...lines.slice(0, 5).map((line) => wrap(`  ${cleanLine(line)}`, width, 2)),
  ].join('\n')
}

function sightText(sight: Sight): string {
  const where = [sight.pod, sight.container].filter((part) => part !== undefined).join('/')
  const exit = sight.exitCode === undefined ? '' : `, exit ${sight.exitCode}`
  const restarts = sight.restarts === undefined || sight.restarts === 0 ? '' : `, ${sight.restarts}×`
  const message = sight.message === '' ? '' : ` (${cutPlain(cleanLine(sight.message), 160)})`
  return `${where === '' ? '' : `${where}: `}${sight.reason}${exit}${restarts}${message}`
}

/** The last lines that the failing pods wrote, without secrets; the container before first, since it is the one that died. */
export async function lastLogs(session: Session, app: string): Promise<readonly Evidence[]> {
  const entry = session.services.catalog.apps[app]
  if (entry === undefined) return []
  try {
    const client = session.services.cluster(entry.cluster)
    const kept = await collectEvidence(client, await readWorkload(client, workloadOfApp(entry)))
    const logs = kept.filter(({ kind }) => kind === 'previous-log' || kind === 'log')
    const sorted = logs.toSorted((a, b) => Number(b.kind === 'previous-log') - Number(a.kind === 'previous-log'))
    const oneEach = sorted.filter((log, index) => sorted.findIndex(({ name }) => name === log.name) === index)
    return oneEach.slice(0, mostLogs).map((log) => ({ ...log, content: lastOf(log.content) }))
  } catch (error) {
    if (error instanceof KubernetesError) return []
    throw error
  }
}

const lastOf = (text: string): string => text.trimEnd().split('\n').slice(-lastLines).map(cleanLine).join('\n')

export function logsText(session: Session, logs: readonly Evidence[]): string {
  const { guard } = session.words
  return logs
    .map(({ name, content }) => [guard.log(name), ...content.split('\n').map((line) => `  ${line}`)].join('\n'))
    .join('\n')
}
