import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Double, Int32, ObjectId, serialize } from 'bson'
import { startCrc64, updateCrc64 } from '../../src/backups/mongo/crc64.ts'
import { blockOf, endOf, makeArchive } from '../backups/support/mongo-archive.ts'
import { judgeMongo } from '../backups/support/mongo-judged.ts'
import type { Row } from './rows.ts'
import type { Size } from './sizes.ts'

const blockDocuments = 20_000
const wantedRate = 100

/** Reading an archive of mongodump from its first to its last byte: every document, every sum, SHA-256 of all. */
export async function measureMongoReading(size: Size): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-mongo-reading-'))
  try {
    await writeArchive(join(folder, 'archive'), Math.round(size.restoredRows * 0.45))
    const megabytes = (await stat(join(folder, 'archive'))).size / 1e6
    // The first reading compiles.
    await judgeMongo(folder, 'archive')
    const before = process.memoryUsage().rss
    let most = before
    const watching = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss)
    }, 20)
    const processor = process.cpuUsage()
    const verdict = await judgeMongo(folder, 'archive')
    const { user, system } = process.cpuUsage(processor)
    clearInterval(watching)
    const tookMs = verdict.kind === 'good' ? verdict.tookMs : Number.NaN
    const what = `MongoDB: an archive of ${Math.round(megabytes)} MB read whole`
    return [
      {
        what,
        measured: tookMs / 1000,
        unit: 's',
        limit: { kind: 'time', most: megabytes / wantedRate },
        peer: { name: `${wantedRate} MB/s`, measured: megabytes / wantedRate },
      },
      { what: `${what}, processor`, measured: (user + system) / 1e6, unit: 's' },
      {
        what: `${what}, memory more than before`,
        measured: (most - before) / 1e6,
        unit: 'MB',
        limit: { kind: 'memory', most: 60 },
      },
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Positions of ships, about 250 bytes each. */
async function writeArchive(path: string, count: number): Promise<void> {
  const file = createWriteStream(path)
  const write = async (bytes: Buffer) => file.write(bytes) || once(file, 'drain')
  const position = { db: 'porttrack', name: 'positions', documents: [] }
  await write(makeArchive({ collections: [position], withoutEnd: ['positions'] }))
  const crc = startCrc64()
  for (let at = 0; at < count; at += blockDocuments) {
    const block = Buffer.concat(
      Array.from({ length: Math.min(blockDocuments, count - at) }, (_, n) => positionOf(at + n)),
    )
    updateCrc64(crc, new DataView(block.buffer, block.byteOffset, block.length), 0, block.length)
    await write(blockOf(position, block))
  }
  await write(endOf(position, crc))
  file.end()
  await once(file, 'close')
}

function positionOf(n: number): Uint8Array {
  return serialize({
    _id: new ObjectId(),
    ship: `Barco ñandú ${n % 5_000}`,
    mmsi: new Int32(224_000_000 + (n % 5_000)),
    at: new Date(1_700_000_000_000 + n * 1_000),
    place: { type: 'Point', coordinates: [new Double(-8.7 + n / 1e6), new Double(42.2 - n / 1e6)] },
    speed: new Double((n % 200) / 10),
    source: createHash('md5').update(String(n)).digest('hex'),
    raw: `!AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0*${n % 100}`,
  })
}
