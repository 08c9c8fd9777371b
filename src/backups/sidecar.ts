import { BadBackup } from './fault.ts'

/** The longest that is read: a line for each file of a large folder. */
export const longestSidecar = 64 * 1024 * 1024

/**
 * What a `NAME.sha256` says, as sha256sum writes it: `HEX  NAME` lines, or the hash alone.
 * @returns hashes by file name; the key '' for a hash alone
 * @throws BadBackup `checksum_mismatch` when no line can be read
 */
export function readSidecar(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const match = /^\\?([0-9a-fA-F]{64})(?:\s+\*?(.+))?$/.exec(line.trim())
    if (match?.[1] !== undefined) found.set(baseName(match[2] ?? ''), match[1].toLowerCase())
  }
  if (found.size === 0) throw new BadBackup('checksum_mismatch', 'its .sha256 holds no SHA-256')
  return found
}

/** The hash that a sidecar gives for one file: under its name, or the only one there. */
export function hashFor(sidecar: ReadonlyMap<string, string>, name: string): string | undefined {
  return sidecar.get(baseName(name)) ?? sidecar.get('')
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
