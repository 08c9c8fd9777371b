import { EJSON, serialize } from 'bson'
import { type Crc64, endCrc64, startCrc64, updateCrc64 } from '../../../src/backups/mongo/crc64.ts'

/** A collection as mongodump would write it; what is not given is what a plain collection has. */
export type MadeCollection = {
  readonly db: string
  readonly name: string
  readonly type?: 'collection' | 'view' | 'timeseries'
  readonly options?: Record<string, unknown>
  readonly indexes?: readonly Record<string, unknown>[]
  /** The whole text instead of what follows from the other fields. */
  readonly metadata?: string
  readonly documents: readonly Uint8Array[]
}

export type MadeArchive = {
  readonly head?: Record<string, unknown>
  readonly collections: readonly MadeCollection[]
  /** How many documents a block holds; all of a collection unless told. */
  readonly perBlock?: number
  /** Collections that are announced and never come, or come without their end. */
  readonly withoutEnd?: readonly string[]
  /** Collections whose documents come although nothing announces them. */
  readonly unannounced?: readonly string[]
  /** As tools before 100 wrote it: without types. */
  readonly old?: boolean
  /** Blocks of all collections taken in turns. */
  readonly interleaved?: boolean
}

const terminator = Buffer.alloc(4, 0xff)
export const idIndex = { v: 2, key: { _id: 1 }, name: '_id_' }
const uuid = (index: number) => index.toString(16).padStart(32, '0')

/** mongodump's own archive, format 0.1, byte for byte; common/archive of mongo-tools. */
export function makeArchive(made: MadeArchive): Buffer {
  const magic = Buffer.from([0x6d, 0xe2, 0x99, 0x81])
  const head = {
    concurrent_collections: 4,
    version: '0.1',
    server_version: '7.0.14',
    tool_version: '100.10.0',
    ...made.head,
  }
  const announced = made.collections.filter(({ name }) => made.unannounced?.includes(name) !== true)
  const prelude = [
    serialize(head),
    ...announced.map((one, index) => announcement(one, index, made.old === true)),
    terminator,
  ]
  const blocks = made.collections.map((one) => blocksOf(one, made))
  return Buffer.concat([magic, ...prelude, ...(made.interleaved === true ? inTurns(blocks) : blocks.flat())])
}

export function metadataOf({ name, type, options = {}, indexes, metadata }: MadeCollection, index = 1): string {
  const plain = type === 'view' ? [] : [idIndex]
  const value = {
    options,
    indexes: indexes ?? plain,
    uuid: type === 'view' ? '' : uuid(index),
    collectionName: name,
    type: type ?? 'collection',
  }
  return metadata ?? EJSON.stringify(value, { relaxed: false })
}

function announcement(one: MadeCollection, index: number, old: boolean): Buffer {
  const { db, name: collection, type = 'collection' } = one
  const hidden = isBare(collection)
  const metadata = hidden ? '' : metadataOf(one, index)
  const said = { db, collection, metadata, size: 0 }
  return Buffer.from(serialize(old ? said : { ...said, type: hidden ? '' : type }))
}

/** The oplog and accounts have no metadata. */
function isBare(name: string): boolean {
  return name === 'oplog' || name.startsWith('$admin.')
}

function blocksOf(one: MadeCollection, { perBlock, withoutEnd }: MadeArchive): Buffer[] {
  const collection = one.type === 'timeseries' ? `system.buckets.${one.name}` : one.name
  const named = { db: one.db, name: collection }
  const per = perBlock ?? Math.max(1, one.documents.length)
  const blocks: Buffer[] = []
  for (let at = 0; at < Math.max(1, one.documents.length); at += per) {
    blocks.push(blockOf(named, Buffer.concat(one.documents.slice(at, at + per))))
  }
  if (withoutEnd?.includes(one.name) !== true) blocks.push(endOf(named, crcOf(Buffer.concat(one.documents))))
  return blocks
}

/** The block that ends a collection. */
export function endOf({ db, name }: Pick<MadeCollection, 'db' | 'name'>, crc: Crc64): Buffer {
  const { high, low } = endCrc64(crc)
  const CRC = BigInt.asIntN(64, (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0))
  return Buffer.concat([serialize({ db, collection: name, EOF: true, CRC }), terminator])
}

/** Documents of a collection, one after the other, as a block of it. */
export function blockOf({ db, name }: Pick<MadeCollection, 'db' | 'name'>, documents: Buffer): Buffer {
  return Buffer.concat([serialize({ db, collection: name, EOF: false, CRC: 0n }), documents, terminator])
}

function crcOf(bytes: Buffer): Crc64 {
  const crc = startCrc64()
  updateCrc64(crc, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length)
  return crc
}

function inTurns(blocks: readonly (readonly Buffer[])[]): Buffer[] {
  const longest = Math.max(...blocks.map(({ length }) => length))
  return Array.from({ length: longest }, (_, turn) => blocks.flatMap((one) => one.slice(turn, turn + 1))).flat()
}
