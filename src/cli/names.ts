import { readCatalog } from '../catalog/read.ts'
import { ConfigError } from '../config/faults.ts'
import { type Ending, exitCodes } from './exit.ts'
import type { Io } from './screen/io.ts'

/** The catalog's apps, one a line, for the completion of a shell; nothing where the catalog cannot be read. */
export async function appNames(io: Io): Promise<Ending> {
  try {
    const { apps } = await readCatalog(io.catalogPath)
    return { code: exitCodes.ok, text: Object.keys(apps).join('\n') }
  } catch (error) {
    if (error instanceof ConfigError) return { code: exitCodes.badInput }
    throw error
  }
}
