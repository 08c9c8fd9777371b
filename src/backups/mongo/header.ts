import { BadBackup } from '../fault.ts'
import type { BackupHeader } from '../types.ts'
import { cutFrames } from './frames.ts'
import { type Announced, type ArchiveHead, readAnnounced, readHead } from './prelude.ts'

const magicBytes = 4
const ofTheServer: ReadonlySet<string> = new Set(['', 'admin', 'config', 'local'])

/**
 * What an archive's first bytes tell. Of which databases only where all of the prelude is among them.
 * @throws BadBackup, NotJudged where its first document cannot be
 */
export function mongoHeader(start: Buffer): BackupHeader {
  let head: ArchiveHead | undefined
  const announced: Announced[] = []
  let whole = false
  const frames = cutFrames({
    document(span) {
      if (head === undefined) head = readHead(span)
      else if (!whole) announced.push(readAnnounced(span))
    },
    terminator() {
      whole = true
    },
  })
  try {
    frames.push(start.subarray(magicBytes))
  } catch (error) {
    // What follows the prelude is for the gate to judge; here it may also be cut anywhere.
    if (head === undefined || !(error instanceof BadBackup)) throw error
  }
  const { serverVersion, toolVersion } = head ?? {}
  const databases = [...new Set(announced.map(({ database }) => database))]
    .filter((name) => !ofTheServer.has(name))
    .sort()
  const [only, more] = databases
  return {
    ...(serverVersion === undefined ? {} : { serverVersion }),
    ...(toolVersion === undefined ? {} : { dumpVersion: toolVersion }),
    ...(whole && only !== undefined && more === undefined ? { database: only } : {}),
    ...(whole && more !== undefined ? { databases } : {}),
  }
}
