import { colorWords, wayBack } from '../surface/way-back.ts'
import { fold } from '../surface/words.ts'
import type { ActOptions } from './carry-on.ts'
import { exitCodes, notBegun } from './exit.ts'
import type { Session } from './types.ts'

export type RollbackOptions = ActOptions & {
  readonly to?: string
  readonly emergency?: boolean
  readonly reason?: string
}

/** `--to 41`, or `--to green` of an app with two colours. @throws Exit with 2 for anything else */
export function wayBackOf(session: Session, app: string, { to, emergency, reason }: RollbackOptions) {
  const { catalog } = session.services
  const number = to !== undefined && /^[1-9]\d{0,8}$/.test(to)
  const way = wayBack(catalog, {
    app,
    toRevision: number ? Number(to) : undefined,
    toColor: to === undefined || number ? undefined : (colorWords(catalog).get(fold(to)) ?? to),
    emergency,
    reason,
  })
  if (way.kind === 'way_back') return { operation: way.operation, params: way.params }
  const { value, allowed } = way
  if (way.field === 'color')
    throw notBegun(exitCodes.badInput, 'bad_color', session.words.badColor(value, allowed.join(', ')), {
      field: 'to',
      value,
      allowed,
    })
  throw notBegun(exitCodes.badInput, 'bad_revision', session.words.badRevision(value), { field: 'to', value })
}
