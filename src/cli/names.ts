import { readCatalog } from '../catalog/read.ts'
import { ConfigError } from '../config/faults.ts'
import { type Ending, exitCodes } from './exit.ts'
import type { Io } from './screen/io.ts'

/**
 * Names of the catalog, one a line, for the completion of a shell; nothing where the catalog cannot be read.
 * @param what `databases`, or `all` for whatever has a status; absent: apps
 */
export async function catalogNames(io: Io, what: string | undefined): Promise<Ending> {
  try {
    const { apps, databases, monitoring } = await readCatalog(io.catalogPath)
    const all = { ...apps, ...databases, ...monitoring }
    const wanted = what === 'databases' ? databases : what === 'all' ? all : apps
    return { code: exitCodes.ok, text: Object.keys(wanted).join('\n') }
  } catch (error) {
    if (error instanceof ConfigError) return { code: exitCodes.badInput }
    throw error
  }
}
