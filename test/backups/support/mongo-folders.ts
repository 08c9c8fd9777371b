import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type MadeCollection, metadataOf } from './mongo-archive.ts'

/** The folder of one database as mongodump --out writes it. */
export async function writeDirectory(
  path: string,
  collections: readonly MadeCollection[],
  gzip: boolean,
): Promise<void> {
  await mkdir(path, { recursive: true })
  for (const [index, one] of collections.entries()) {
    const file = encodeURIComponent(one.name).replaceAll('%20', '+')
    const write = (name: string, bytes: Buffer) =>
      writeFile(join(path, gzip ? `${name}.gz` : name), gzip ? gzipSync(bytes) : bytes)
    await write(`${file}.metadata.json`, Buffer.from(metadataOf(one, index)))
    const data = one.type === 'timeseries' ? `system.buckets.${file}` : file
    if (one.type !== 'view') await write(`${data}.bson`, Buffer.concat(one.documents))
  }
}
