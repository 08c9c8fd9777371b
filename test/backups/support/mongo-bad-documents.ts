import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BadCase } from './bad-files.ts'
import { makeArchive } from './mongo-archive.ts'
import { ofEveryType } from './mongo-documents.ts'

type Change = (bytes: Buffer) => unknown

const made = (name: string, document: Uint8Array): BadCase => ({
  name: `document: ${name}`,
  expect: ['damaged'],
  make: (folder, as) =>
    writeFile(
      join(folder, as),
      makeArchive({ collections: [{ db: 'porttrack', name: 'ships', documents: [document] }] }),
    ),
})

function changed(change: Change): Uint8Array {
  const bytes = Buffer.from(ofEveryType(3))
  change(bytes)
  return bytes
}
const after = (bytes: Buffer, name: string) => bytes.indexOf(`${name}\0`) + name.length + 1

/** Documents that no server stored, whose sums are right. */
const changes: Readonly<Record<string, Change>> = {
  'length of a text': (b) => b.writeInt32LE(9999, after(b, 'text')),
  'negative length': (b) => b.writeInt32LE(-5, after(b, 'text')),
  'text without end': (b) => b.writeInt32LE(b.readInt32LE(after(b, 'text')) - 1, after(b, 'text')),
  'length of an inner document': (b) => b.writeInt32LE(4, after(b, 'inner')),
  'length of binary data': (b) => b.writeInt32LE(-1, after(b, 'bytes')),
  'inner length of old binary data': (b) => b.writeInt32LE(1, after(b, 'old') + 5),
  'neither true nor false': (b) => b.writeUInt8(2, after(b, 'yes')),
  'unknown type': (b) => b.writeUInt8(0x42, after(b, 'double') - 'double'.length - 2),
  'no zero at the end': (b) => b.writeUInt8(1, b.length - 1),
  'an end in the middle': (b) => b.fill(0, b.length - 20, b.length),
  'length of code with scope': (b) => b.writeInt32LE(15, after(b, 'code')),
}

export const badDocuments: readonly BadCase[] = Object.entries(changes).map(([name, change]) =>
  made(name, changed(change)),
)
