import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { lstat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { BadBackup, shown } from '../fault.ts'
import { readRegular } from '../hash.ts'

export type Pass = {
  readonly path: string
  readonly name: string
  /** Of the stored file. */
  readonly size: number
  /** How much may come out. */
  readonly most: number
  readonly signal: AbortSignal
  onChunk(chunk: Buffer): void
}

/**
 * Shows a file's bytes as they go by, unpacked where its name says so.
 * @returns SHA-256 of the stored bytes
 * @throws BadBackup `truncated`, `damaged`, `too_large`, `not_a_regular_file`; AbortError when stopped
 */
export async function passFile({ path, name, size, most, signal, onChunk }: Pass): Promise<string> {
  const hash = createHash('sha256')
  let left = most
  const take = async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      left -= chunk.length
      if (left < 0) throw new BadBackup('too_large', `${shown(name, 60)} holds more than can be believed`)
      onChunk(chunk)
    }
  }
  const hashed = async function* () {
    for await (const chunk of readRegular(path, signal)) {
      hash.update(chunk)
      yield chunk
    }
  }
  if (!name.endsWith('.gz')) await take(hashed())
  else {
    const gunzip = createGunzip()
    await pipeline(hashed, gunzip, take, { signal }).catch((error: unknown) => {
      throw meaningOf(error, name)
    })
    if (gunzip.bytesWritten !== size) throw new BadBackup('damaged', `${shown(name, 60)} goes on after its end`)
  }
  return hash.digest('hex')
}

/** A small file as text. @throws as `passFile` */
export async function passText(
  pass: Omit<Pass, 'onChunk'>,
): Promise<{ readonly text: string; readonly sha256: string }> {
  const chunks: Buffer[] = []
  const sha256 = await passFile({ ...pass, onChunk: (chunk) => chunks.push(chunk) })
  const bytes = Buffer.concat(chunks)
  if (!isUtf8(bytes)) throw new BadBackup('damaged', `${shown(pass.name, 60)} is not UTF-8`)
  return { text: bytes.toString('utf8'), sha256 }
}

export async function isRegular(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isFile() ?? false
}

function meaningOf(error: unknown, name: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'Z_BUF_ERROR') return new BadBackup('truncated', `${shown(name, 60)} ends too early`)
  // The unpacking is over while the file goes on: the stream closes under what still comes.
  if (code === 'ERR_STREAM_PREMATURE_CLOSE') return new BadBackup('damaged', `${shown(name, 60)} goes on after its end`)
  if (code.startsWith('Z_')) return new BadBackup('damaged', `${shown(name, 60)} is damaged (${code})`)
  return error
}
