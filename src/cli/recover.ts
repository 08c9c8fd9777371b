import { databasesOf, type Engine, isFit, ordinary, restorePointsOf } from '../operations/restoring/points.ts'
import { startRun } from '../operations/start.ts'
import { type RecoverWishes, recoverRequest } from '../surface/recover-request.ts'
import type { ActOptions } from './carry-on.ts'
import { type Ending, exitCodes, notBegun } from './exit.ts'
import { refusalText } from './notices.ts'
import { preview } from './preview.ts'
import { begin, originOf } from './request.ts'
import type { Io } from './screen/io.ts'
import { patiently } from './screen/patiently.ts'
import { withLook, withSession } from './session.ts'
import type { Session } from './types.ts'

export type RecoverOptions = ActOptions & {
  readonly from?: string
  readonly copy?: boolean
  readonly scale?: boolean
  readonly table?: string
  readonly schema?: string
  readonly onlyLive?: string
  readonly reason?: string
}

/** What can be recovered from here; `db` is a database of either engine. */
const kinds: Readonly<Record<string, { readonly only: Engine | undefined }>> = {
  db: { only: undefined },
  mongo: { only: 'mongodb' },
}
/** Wishes, as they are written here. */
const optionOf: Readonly<Record<string, string>> = { scope: '--table', onlyLive: '--only-live' }
const flagsOf = (words: readonly string[]): readonly string[] => words.map((word) => `--${word.replace(/ .*$/, '')}`)

const onlyLiveWords = ['keep', 'aside'] as const

/** `rescue recover db|mongo NAME [--from POINT] [--copy] [--scale] [--table T|--schema S] [--only-live W] [--reason T]` */
export async function recover(
  io: Io,
  kind: string,
  database: string | undefined,
  options: RecoverOptions,
): Promise<Ending> {
  if (options.plan === true)
    return withLook(io, async (session) => preview(session, await asked(session, kind, database, options)))
  return withSession(io, async (session) => {
    const request = await asked(session, kind, database, options)
    const { person, actor } = session
    const desk = await session.desk()
    const started = await patiently((idempotencyKey) =>
      startRun(desk, { ...request, actor, origin: originOf(session), idempotencyKey }, person),
    )
    return begin(session, started, options)
  })
}

/** The request, as far as it can be judged before anything is begun. @throws Exit with 2 */
async function asked(session: Session, kind: string, database: string | undefined, options: RecoverOptions) {
  const { catalog } = session.services
  const known = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
  if (known === undefined) throw badValue(session, 'what', kind, Object.keys(kinds))
  if (database === undefined) throw badValue(session, 'name', '', databasesOf(catalog, known.only))
  const request = recoverRequest(catalog, database, wishesOf(session, options), known.only)
  if (request.kind === 'bad_input' && request.field !== 'database')
    throw badValue(session, optionOf[request.field] ?? request.field, request.value, flagsOf(request.allowed))
  if (request.kind !== 'request')
    throw notBegun(exitCodes.badInput, request.kind, refusalText(session, request), { ...request })
  await checkPoint(session, database, options.from)
  const { operation, params } = request
  return { operation, params }
}

function wishesOf(session: Session, options: RecoverOptions): RecoverWishes {
  const { from, copy, scale, table, schema, onlyLive, reason } = options
  if (table !== undefined && schema !== undefined) throw badValue(session, '--schema', schema, ['--table'])
  const aside = onlyLiveWords.find((word) => word === onlyLive)
  if (onlyLive !== undefined && aside === undefined) throw badValue(session, '--only-live', onlyLive, onlyLiveWords)
  const part = table === undefined ? schema : table
  return {
    point: from === 'latest' ? undefined : from,
    copy,
    apps: scale === true ? 'scale' : undefined,
    scope: part === undefined ? undefined : { kind: table === undefined ? 'schema' : 'table', name: part },
    onlyLive: aside,
    reason,
  }
}

/** A restore point that is not there is a slip of the hand. Where a place cannot be read nobody can say so. */
async function checkPoint(session: Session, database: string, from: string | undefined): Promise<void> {
  if (from === undefined || from === 'latest') return
  const { points, away, leftOut } = await restorePointsOf(session.services, database)
  if (away.length > 0 || leftOut > 0 || points.some(({ id, name }) => id === from || name === from)) return
  const usual = ordinary(points).filter(isFit)
  throw badValue(session, '--from', from, ['latest', ...usual.slice(0, 8).map(({ id }) => id)])
}

function badValue(session: Session, field: string, value: string, allowed: readonly string[]) {
  const text = session.words.badRecover(field, value, allowed.join(', '))
  return notBegun(exitCodes.badInput, 'bad_input', text, { field, value, allowed })
}
