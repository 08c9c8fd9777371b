import { BadBackup } from '../fault.ts'
import type { Script } from '../sql/script.ts'
import { normal } from './entries.ts'
import type { SlimEntry } from './toc.ts'

/**
 * What pg_restore wrote must be what the table of contents announces: every table's data once, every sequence, and large
 * objects only where it says so.
 * @throws BadBackup `damaged`
 */
export function matchScript(entries: readonly SlimEntry[], script: Script): void {
  const announced = entries.filter((entry) => entry.desc === 'TABLE DATA' && entry.data.kind !== 'none')
  const expected = new Map(announced.map((entry) => [keyOf(normal(entry.schema), normal(entry.tag)), entry]))
  for (const table of script.tables) {
    if (!expected.delete(keyOf(table.schema, table.name)))
      throw new BadBackup('damaged', `data of a table that its table of contents does not announce, or announced twice`)
  }
  if (expected.size > 0)
    throw new BadBackup('damaged', `the data of ${expected.size} of ${announced.length} tables are missing`)
  const sequences = entries.filter((entry) => entry.desc === 'SEQUENCE SET').length
  if (sequences !== script.seen.sequences.length)
    throw new BadBackup('damaged', `${sequences} sequences announced, ${script.seen.sequences.length} found`)
  const objects = entries.filter((entry) => entry.desc === 'BLOB').length
  if (objects > 0 && objects !== script.largeObjects.count)
    throw new BadBackup('damaged', `${objects} large objects announced, ${script.largeObjects.count} found`)
}

/** How many objects of each kind. */
export function countObjects(entries: readonly SlimEntry[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { desc } of entries) counts[desc] = (counts[desc] ?? 0) + 1
  return counts
}

function keyOf(schema: string, name: string): string {
  return JSON.stringify([schema, name])
}
