import type { DatabaseEntry } from '../catalog/schema.ts'
import { addressOf } from '../services/postgres/address.ts'
import { type Answer, ask } from '../services/postgres/ask.ts'
import type { ComponentView } from '../texts/views.ts'
import { part } from './database-part.ts'

/** One of them may take so long; the catalog's may be made for a restore, which has minutes. */
const checkMs = 1_000

export type CheckedView = Pick<ComponentView, 'state' | 'reason'> & { readonly detail: string | undefined }

/**
 * What the catalog says must be true of a PostgreSQL database, asked of the one in use; reads only. A check that does not answer
 * in time tells nothing of the data, so it is named and no fault.
 * @param limitMs for all of them together
 * @returns undefined: there are none, or all are well
 */
export async function readChecks(
  { engine, restore }: DatabaseEntry,
  url: string,
  signal: AbortSignal,
  limitMs: number,
): Promise<CheckedView | undefined> {
  const { checks } = restore
  if (engine !== 'postgres' || checks.length === 0) return undefined
  const answers: Answer[] = []
  const opening = { statementMs: checkMs, signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]) }
  await part(limitMs, () => ask(url, addressOf(url).database, checks, opening, answers))
  const failing = answers.filter(({ ok, late }) => !ok && late !== true)
  if (failing.length > 0) {
    const told = failing.map(({ name, value }) => `${name}: ${value === '' ? '—' : value}`)
    return { state: 'degraded', reason: 'check_fails', detail: told.join('; ') }
  }
  const answered = new Set(answers.filter(({ ok }) => ok).map(({ name }) => name))
  const late = checks.filter(({ name }) => !answered.has(name)).map(({ name }) => name)
  return late.length === 0 ? undefined : { state: 'healthy', reason: 'checks_late', detail: late.join(', ') }
}
