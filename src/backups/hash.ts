import { createHash } from 'node:crypto'
import { openRegular } from './files.ts'

/**
 * The bytes of a file as it was when it was opened: one that grows without end has an end here.
 * @throws BadBackup `not_a_regular_file`; AbortError when stopped
 */
export async function* readRegular(path: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const file = await openRegular(path)
  const { size } = await file.stat()
  if (size === 0) return void (await file.close())
  const range = { end: size - 1, highWaterMark: 512 * 1024 }
  yield* file.createReadStream(signal === undefined ? range : { ...range, signal })
}

/** SHA-256 of a file, its bytes shown to `onChunk` as they go by. */
export async function hashFile(path: string, signal?: AbortSignal, onChunk?: (chunk: Buffer) => void): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of readRegular(path, signal)) {
    hash.update(chunk)
    onChunk?.(chunk)
  }
  return hash.digest('hex')
}
