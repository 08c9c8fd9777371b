import { BadBackup, shown } from '../fault.ts'
import { endCrc64 } from './crc64.ts'
import { type FlatValue, readFlat, textIn } from './flat.ts'
import { cutFrames, type Span } from './frames.ts'
import { bucketsOf } from './names.ts'
import type { NamespaceRead } from './namespaces.ts'
import { type Announced, type ArchiveHead, archiveMagic, readAnnounced, readHead } from './prelude.ts'
import { startTally, type Tally } from './tally.ts'

export type ArchiveRead = { readonly head: ArchiveHead; readonly namespaces: readonly NamespaceRead[] }

export type ArchiveReader = {
  push(chunk: Buffer): void
  /** @throws BadBackup `truncated`, `damaged` */
  end(): ArchiveRead
}

type Progress = { readonly announced: Announced; readonly tally: Tally; state: 'waiting' | 'open' | 'ended' }

const longestPrelude = 64 * 1024 * 1024
const magicBytes = 4

/**
 * Reads an archive of mongodump as its bytes go by: common/archive of mongo-tools 100, format 0.1. What mongorestore waits
 * for without end, or would take for something else, is refused: ends that are missing, more collections open at a time than
 * the head says, documents of a collection that nothing announces, documents after the end.
 * @param onPrelude told what the archive holds before its documents are read; may throw
 * @throws BadBackup, NotJudged from `push`
 */
export function readArchive(onPrelude: (announced: readonly Announced[]) => void): ArchiveReader {
  const all = new Map<string, Progress>()
  let magic = Buffer.alloc(0)
  let head: ArchiveHead | undefined
  let block: 'prelude' | 'none' | 'ended' | Progress = 'prelude'
  let open = 0

  const announce = (span: Span) => {
    const announced = readAnnounced(span)
    const name = dataNamespace(announced)
    if (all.has(name)) throw new BadBackup('damaged', `${shown(name)} is announced twice`)
    all.set(name, { announced, tally: startTally(name, { ids: !isOplog(announced) }), state: 'waiting' })
  }
  const start = (span: Span) => {
    const header = readBlockHeader(span)
    const progress = all.get(header.namespace)
    if (progress === undefined)
      throw new BadBackup('damaged', `documents of ${shown(header.namespace)}, which its prelude does not announce`)
    if (progress.state === 'ended') throw new BadBackup('damaged', `${shown(header.namespace)} goes on after its end`)
    if (progress.state === 'waiting') {
      progress.state = 'open'
      open += 1
      const most = head?.concurrentCollections ?? 0
      if (open > most)
        throw new BadBackup(
          'damaged',
          `${open} collections open at a time, where its head says ${most}: mongorestore would wait for ever`,
        )
    }
    if (!header.ends) return progress
    checkCrc(progress.tally, header)
    progress.state = 'ended'
    open -= 1
    return 'ended'
  }
  const frames = cutFrames({
    document(span, position) {
      const at = position + magicBytes
      if (head === undefined) head = readHead(span)
      else if (block === 'prelude') {
        if (at > longestPrelude) throw new BadBackup('too_large', 'a prelude of more than 64 MB')
        announce(span)
      } else if (block === 'none') block = start(span)
      else if (block === 'ended')
        throw new BadBackup('damaged', `a document after the end of its collection, at byte ${at}`)
      else block.tally.add(span, at)
    },
    terminator(position) {
      if (head === undefined || block === 'none')
        throw new BadBackup('damaged', `a block without head at byte ${position + magicBytes}`)
      if (block === 'prelude') onPrelude([...all.values()].map(({ announced }) => announced))
      block = 'none'
    },
  })
  return {
    push(chunk) {
      if (magic.length === magicBytes) return frames.push(chunk)
      const taken = chunk.subarray(0, magicBytes - magic.length)
      magic = Buffer.concat([magic, taken])
      if (magic.length < magicBytes) return
      if (magic.readUInt32LE(0) !== archiveMagic)
        throw new BadBackup('foreign', 'it does not begin as an archive of mongodump')
      frames.push(chunk.subarray(taken.length))
    },
    end() {
      frames.end()
      if (head === undefined || block !== 'none') throw new BadBackup('truncated', 'it ends within a block')
      const missing = [...all].filter(([, { state }]) => state !== 'ended').map(([name]) => name)
      if (missing.length > 0)
        throw new BadBackup(
          'truncated',
          `${missing.length} of ${all.size} collections have no end, such as ${shown(missing[0] ?? '')}`,
        )
      return { head, namespaces: [...all.values()].map(namespaceOf) }
    },
  }
}

function namespaceOf({ announced, tally }: Progress): NamespaceRead {
  const { database, collection, type, metadata } = announced
  return {
    database,
    name: collection,
    type,
    hasDocuments: true,
    metadata: metadata === '' ? undefined : metadata,
    sum: tally.sum(),
    newestId: tally.newestId(),
    oddTexts: tally.oddTexts(),
    file: undefined,
  }
}

/** mongodump writes the oplog under no database. */
export function isOplog({ database, collection }: { readonly database: string; readonly collection: string }): boolean {
  return database === '' && collection === 'oplog'
}

function dataNamespace({ database, collection, type }: Announced): string {
  return `${database}.${type === 'timeseries' ? bucketsOf(collection) : collection}`
}

type BlockHeader = { readonly namespace: string; readonly ends: boolean; readonly low: number; readonly high: number }

function readBlockHeader(span: Span): BlockHeader {
  const what = 'the head of a block'
  const fields = readFlat(span, what)
  const ends = fields.get('EOF')
  const crc: FlatValue | undefined = fields.get('CRC')
  if (typeof ends !== 'boolean' || typeof crc !== 'object' || fields.size !== 4)
    throw new BadBackup('damaged', `${what} is not as mongodump writes it`)
  if (!ends && (crc.low !== 0 || crc.high !== 0)) throw new BadBackup('damaged', `${what} has a sum before the end`)
  const namespace = `${textIn(fields, 'db', what)}.${textIn(fields, 'collection', what)}`
  return { namespace, ends, low: crc.low, high: crc.high }
}

function checkCrc(tally: Tally, { namespace, low, high }: BlockHeader): void {
  const found = endCrc64(tally.crc)
  if (found.low !== low || found.high !== high)
    throw new BadBackup('damaged', `the documents of ${shown(namespace)} are not those that were dumped (CRC)`)
}
