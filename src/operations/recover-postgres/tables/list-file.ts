import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listParts } from '../../../backups/archive/parts.ts'
import type { OpenedPoint } from '../../../backups/deps.ts'
import { makeScratch } from '../../../backups/scratch.ts'
import type { Services } from '../../services.ts'

type Table = { readonly schema: string; readonly name: string }

/** The list of a backup's parts as a file for pg_restore; `remove` it afterwards. */
export async function writeList(
  services: Services,
  opened: OpenedPoint,
  tables: readonly Table[],
  how: 'beside' | 'alone',
): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const folder = await makeScratch(services.scratch)
  const path = join(folder, 'parts')
  await writeFile(path, await listParts(opened, tables, how))
  return { path, remove: () => rm(folder, { recursive: true, force: true }) }
}
