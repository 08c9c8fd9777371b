import type { Contents, TableContents } from '../../../backups/types.ts'
import type { Refused } from '../../restoring/verdict.ts'
import type { Judged, Scope } from '../types.ts'

type Good = Extract<Judged, { kind: 'good' }>

const shownNames = 12

/** The backup with nothing in it but the tables that were asked for; pure, so that a replay gives the same. */
export function narrow(judged: Good, scope: Scope): Good | Refused {
  const found = tablesOf(judged.contents, scope)
  if (found.length === 0 || new Set(found.map(({ schema }) => schema)).size > 1) {
    const names = (found.length > 0 ? found : judged.contents.tables).map(({ schema, name }) => `${schema}.${name}`)
    const available = scope.kind === 'table' ? names : [...new Set(judged.contents.tables.map(({ schema }) => schema))]
    const detail = { scope: scope.name, available: available.slice(0, shownNames) }
    return { kind: 'refused', reason: scope.kind === 'table' ? 'no_such_table' : 'no_such_schema', detail }
  }
  return {
    ...judged,
    contents: {
      ...judged.contents,
      tables: found,
      dataBytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
      largeObjects: { ...judged.contents.largeObjects, count: 0, bytes: 0 },
    },
  }
}

/** `bookings`, `public.bookings`, `"Odd.Name"`: as names stand in the backup, to the letter. */
function tablesOf({ tables }: Contents, { kind, name }: Scope): readonly TableContents[] {
  const plain = (text: string) => text.replace(/"((?:[^"]|"")*)"/g, (_, inner: string) => inner.replaceAll('""', '"'))
  if (kind === 'schema') return tables.filter(({ schema }) => schema === plain(name))
  const whole = tables.filter((table) => `${table.schema}.${table.name}` === plain(name))
  return whole.length > 0 ? whole : tables.filter((table) => table.name === plain(name))
}

const numberOf = (run: string): string => run.replace(/^R-/, '')

/** The schema in which tables wait, and the one in which old ones are kept; made from the run's id, so the same in every attempt. */
export const stageName = (run: string): string => `rescue_new_${numberOf(run)}`
export const keptSchemaName = (run: string): string => `rescue_old_${numberOf(run)}`
export const stagePurpose = (run: string): string => `rescue stages tables here in ${run}; not in use`
