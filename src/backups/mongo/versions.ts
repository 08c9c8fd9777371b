import { readCanonical } from '../../services/mongodb/canonical.ts'
import { BadBackup, shown } from '../fault.ts'

export type Versions = { readonly serverVersion: string | undefined; readonly toolVersion: string | undefined }

/**
 * What `prelude.json` of newer tools tells beside a folder's collections.
 * @param text undefined: there is none
 * @throws BadBackup `damaged`
 */
export function readVersions(text: string | undefined): Versions {
  if (text === undefined) return { serverVersion: undefined, toolVersion: undefined }
  try {
    const fields = readCanonical(text)
    const version = (name: string) => {
      const value = fields.get(name)
      return typeof value === 'string' && value !== '' ? shown(value, 40) : undefined
    }
    return { serverVersion: version('ServerVersion'), toolVersion: version('ToolVersion') }
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new BadBackup('damaged', `its prelude.json cannot be read: ${error.message}`)
    throw error
  }
}
