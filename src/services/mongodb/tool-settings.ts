import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { urlForTools } from './address.ts'

/**
 * The address for MongoDB's tools in a file that only this account reads, for the time of `body`: neither a list of processes
 * nor an environment shows the password.
 * @param folder of this process alone, cleared away at the next start if it is killed
 */
export async function withToolSettings<T>(folder: string, url: string, body: (path: string) => Promise<T>): Promise<T> {
  const path = join(folder, 'tool.yml')
  try {
    await writeFile(path, `uri: ${JSON.stringify(urlForTools(url))}\n`, { mode: 0o600, flag: 'wx' })
    return await body(path)
  } finally {
    await rm(path, { force: true })
  }
}
