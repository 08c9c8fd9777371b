import { readStatus } from '../status/read.ts'
import { readStatusQuery } from '../surface/status-query.ts'
import { sideLine } from '../texts/cards/component.ts'
import { databaseLine, databaseLines } from '../texts/cards/database-lines.ts'
import { cleanLine } from '../texts/clean.ts'
import { shortImage } from '../texts/image.ts'
import { inLanguage } from '../texts/language.ts'
import type { ComponentView } from '../texts/views.ts'
import { commonWords } from '../texts/words/common.ts'
import { statusWords } from '../texts/words/status.ts'
import { type Ending, exitCodes, notBegun } from './exit.ts'
import { refusalText } from './notices.ts'
import type { Io } from './screen/io.ts'
import type { Screen, Style } from './screen/screen.ts'
import { table } from './screen/table.ts'
import { toTerminal } from './screen/text.ts'
import { withLook } from './session.ts'
import type { Session } from './types.ts'

/** Ends with 1 when something is not healthy, so that a pipeline can ask. @param words as after `/status` */
export async function showStatus(io: Io, words: readonly (string | undefined)[]): Promise<Ending> {
  return withLook(io, async (session) => {
    const asked = readStatusQuery(
      words.filter((word) => word !== undefined),
      session.services.catalog,
    )
    if (asked.kind === 'unknown_name')
      throw notBegun(exitCodes.badInput, 'unknown_name', refusalText(session, asked), { ...asked })
    const status = await readStatus(session.services, asked.query)
    const only = asked.query.name === undefined ? undefined : status.components[0]
    const well = status.components.every((it) => it.state === 'healthy' || it.state === 'progressing')
    const rows = status.components.map((it) => rowOf(session, it, io.out))
    const head = session.words.heads.status.map((cell) => io.out.paint('dim', cell))
    const text = table(head, rows, io.out.columns())
    const more =
      only === undefined
        ? status.components.flatMap((it) => inList(session, it, io.out))
        : detail(session, only, io.out)
    return { code: well ? exitCodes.ok : exitCodes.failed, text: [text, ...more].join('\n'), answer: status }
  })
}

/** What a list tells of a database in depth, below its table. */
function inList(session: Session, { name, database }: ComponentView, screen: Screen): readonly string[] {
  if (database === undefined) return []
  const told = toTerminal(databaseLine(database, session.look()), session.services.catalog, screen)
  return ['', screen.paint('bold', name), told]
}

const styles: Record<ComponentView['state'], Style> = {
  healthy: 'green',
  progressing: 'cyan',
  degraded: 'yellow',
  down: 'red',
  unknown: 'dim',
}

function rowOf(session: Session, it: ComponentView, screen: Screen): readonly string[] {
  const state = inLanguage(commonWords, session).states[it.state]
  return [
    screen.paint(styles[it.state], state),
    screen.paint('bold', it.name),
    it.ready === undefined ? '' : `${it.ready}/${it.desired}`,
    it.images.map((image) => cleanLine(shortImage(image))).join(', '),
    reasonOf(session, it),
    [cleanLine(it.detail ?? ''), runOf(session, it)].filter((part) => part !== '').join(' · '),
  ]
}

function runOf({ words }: Session, { run }: ComponentView): string {
  if (run === undefined) return ''
  return run.state === 'waiting' ? words.undecided(run.id, run.by) : words.underWay(run.id, run.by)
}

/** One thing in depth: where, its revision, its health checks, its pods. */
function detail(session: Session, it: ComponentView, screen: Screen): readonly string[] {
  const { words } = session
  const checks = it.health.map((check) => `${check.ok ? '✓' : '✗'} ${check.name} ${check.detail} (${check.ms} ms)`)
  const about = [
    it.where,
    it.revision === undefined ? '' : words.revision(it.revision),
    checks.length === 0 || it.kind === 'database' ? '' : `${words.health}: ${checks.join(', ')}`,
  ]
  const head = words.heads.pods.map((cell) => screen.paint('dim', cell))
  const pods = it.pods.map((pod) => [
    pod.name,
    pod.ready ? `✓ ${words.ready}` : `✗ ${pod.reason ?? words.notReady}`,
    String(pod.restarts),
    pod.node ?? '',
  ])
  const sides = (it.sides ?? []).map((side) =>
    toTerminal(sideLine(side, session.look()), session.services.catalog, screen),
  )
  const depth =
    it.database === undefined
      ? []
      : [toTerminal(databaseLines(it.database, it.name, session.look()), session.services.catalog, screen)]
  return [
    about.filter((part) => part !== '').join(' · '),
    ...depth,
    ...sides,
    ...(pods.length === 0 ? [] : ['', table(head, pods, screen.columns())]),
  ]
}

/** A reason word as people read it; one that this program does not know stays a word. */
function reasonOf(session: Session, component: ComponentView): string {
  const reasons: Readonly<Record<string, string>> = inLanguage(statusWords, session).reasons
  return component.reason === undefined ? '' : (reasons[component.reason] ?? component.reason)
}
