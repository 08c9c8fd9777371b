import { randomUUID } from 'node:crypto'
import { startRun } from '../operations/start.ts'
import type { ActOptions } from './carry-on.ts'
import { type Ending, exitCodes, notBegun } from './exit.ts'
import { preview } from './preview.ts'
import { begin, originOf } from './request.ts'
import type { Io } from './screen/io.ts'
import { withLook, withSession } from './session.ts'
import type { Session } from './types.ts'

export type RecoverOptions = ActOptions & {
  readonly from?: string
  readonly copy?: boolean
  readonly scale?: boolean
  readonly reason?: string
}

/** What can be recovered from here. */
const kinds = ['db']

/** `rescue recover db NAME [--from POINT] [--copy] [--scale] [--reason T]` */
export async function recover(io: Io, kind: string, database: string, options: RecoverOptions): Promise<Ending> {
  const { from, copy, scale, reason } = options
  const params = {
    database,
    ...(from === undefined || from === 'latest' ? {} : { point: from }),
    ...(copy === true ? { copy } : {}),
    ...(scale === true ? { apps: 'scale' } : {}),
    ...(reason === undefined ? {} : { reason }),
  }
  const asked = { operation: 'recover-postgres', params }
  if (options.plan === true)
    return withLook(io, (session) => {
      checkKind(session, kind)
      return preview(session, asked)
    })
  return withSession(io, async (session) => {
    checkKind(session, kind)
    const { person, actor } = session
    const request = { ...asked, actor, origin: originOf(session), idempotencyKey: `cli:${randomUUID()}` }
    return begin(session, await startRun(await session.desk(), request, person), options)
  })
}

/** @throws Exit with 2 */
function checkKind(session: Session, value: string): void {
  if (kinds.includes(value)) return
  throw notBegun(exitCodes.badInput, 'bad_input', session.words.badKind(value, kinds.join(', ')), {
    field: 'what',
    value,
    allowed: kinds,
  })
}
