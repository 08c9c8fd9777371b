import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { deserialize, ObjectId, serialize } from 'bson'
import { mongoProgram } from './programs.ts'
import { databaseName } from './seed.ts'

const run = promisify(execFile)

/** Of an archive of mongodump: magic bytes, then a BSON document that tells the versions. */
const headerAt = 4

/**
 * Backups as they are found in life, made by mongodump: good in each form, cut, flipped, empty, of another database, of a server
 * that is much newer, and a file that is none.
 * @throws Error when mongodump is not built or fails
 */
export async function makeMongoBackups(url: string, folder: string): Promise<void> {
  const program = mongoProgram('mongodump')
  if (program === undefined) throw new Error('mongodump is not built: npm run mongo:build')
  await mkdir(folder, { recursive: true })
  // The server's SQLite wants one reader of a collection at a time.
  const dump = (database: string, ...more: string[]) =>
    run(program, [`--uri=${url}`, `--db=${database}`, '--numParallelCollections=1', ...more], {
      env: { PATH: '/usr/bin:/bin' },
      timeout: 60_000,
    })
  const path = (name: string) => join(folder, name)
  await dump(databaseName, `--archive=${path('nightly.archive')}`)
  await dump(databaseName, `--out=${path('weekly')}`)
  await keepOlder(join(path('weekly'), databaseName), hours['weekly'] ?? 0)
  await dump('billing_nosql', `--archive=${path('billing.archive')}`)
  const good = await readFile(path('nightly.archive'))
  await Promise.all([
    writeFile(path('nightly.archive.sha256'), `${createHash('sha256').update(good).digest('hex')}  nightly.archive\n`),
    // As `--gzip --archive` writes it.
    writeFile(path('before-release.archive.gz'), gzipSync(good)),
    writeFile(path('cut.archive'), good.subarray(0, Math.floor(good.length * 0.6))),
    writeFile(path('flipped.archive'), flipped(good)),
    writeFile(path('newer-server.archive'), ofNewerServer(good)),
    writeFile(path('empty.archive'), ''),
    writeFile(path('notes.archive'), 'Backups of porttrack_nosql: every night at 02:00, see the wiki.\n'),
  ])
  await ageAll(folder)
}

const hours: Readonly<Record<string, number>> = {
  'nightly.archive': 2.5,
  'nightly.archive.sha256': 2.5,
  'before-release.archive.gz': 3,
  'billing.archive': 2,
  'newer-server.archive': 28,
  'flipped.archive': 26,
  'cut.archive': 50,
  'notes.archive': 70,
  'empty.archive': 74,
  weekly: 100,
}

/** Without what was written since: a backup holds nothing that is younger than itself. */
async function keepOlder(folder: string, age: number): Promise<void> {
  const at = Date.now() - age * 3_600_000
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.bson')) continue
    const older = documentsIn(await readFile(join(folder, name))).filter((bytes) => {
      const { _id: id } = deserialize(bytes)
      return id instanceof ObjectId && id.getTimestamp().getTime() < at
    })
    await writeFile(join(folder, name), Buffer.concat(older))
  }
}

/** One behind the other, each beginning with its own length. */
function documentsIn(file: Buffer): readonly Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at < file.length; at += file.readInt32LE(at))
    found.push(file.subarray(at, at + file.readInt32LE(at)))
  return found
}

async function ageAll(folder: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    const age = hours[name] ?? hours['weekly'] ?? 0
    const at = new Date(Date.now() - age * 3_600_000)
    await utimes(join(folder, name), at, at)
  }
}

/** One bit of a document, far behind the head. */
function flipped(good: Buffer): Buffer {
  const bad = Buffer.from(good)
  const middle = Math.floor(bad.length / 2)
  bad[middle] = (bad[middle] ?? 0) ^ 0x10
  return bad
}

/** The same archive, as a server and a mongodump of years from now would head it. */
function ofNewerServer(good: Buffer): Buffer {
  const size = good.readInt32LE(headerAt)
  const header = deserialize(good.subarray(headerAt, headerAt + size))
  const newer = serialize({ ...header, version: '9.9', server_version: '12.0.0', tool_version: '200.1.0' })
  return Buffer.concat([good.subarray(0, headerAt), newer, good.subarray(headerAt + size)])
}
