import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { addressOf, childEnvironment } from '../../src/services/postgres/address.ts'

const run = promisify(execFile)

type Folders = {
  readonly backups: string
  /** The objects of a bucket: two good ones of the days before. */
  readonly inBucket: string
}

/** The head of an archive of pg_dump ends with the versions of server and program, as text. */
const headBytes = 256

/**
 * Backups as they are found in life: some good, some cut, flipped, empty, of another database, of a server that is much newer, or
 * with a name that lies.
 * @throws Error when pg_dump is not installed
 */
export async function makeBackups(url: string, otherUrl: string, folders: Folders): Promise<void> {
  const folder = folders.backups
  await mkdir(folder, { recursive: true })
  const dump = (from: string, name: string, ...more: string[]) =>
    run('pg_dump', ['--no-password', `--file=${join(folder, name)}`, ...more, addressOf(from).database], {
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', ...childEnvironment(from) },
    })
  await Promise.all([
    dump(url, 'nightly.dump', '--format=custom'),
    dump(url, 'weekly', '--format=directory'),
    dump(url, 'latest.sql', '--format=plain'),
    dump(otherUrl, 'billing.dump', '--format=custom'),
  ])
  const good = await readFile(join(folder, 'nightly.dump'))
  const flipped = Buffer.from(good)
  const middle = Math.floor(flipped.length / 2)
  flipped[middle] = (flipped[middle] ?? 0) ^ 0x10
  await Promise.all([
    write(folder, 'before-release.dump.gz', gzipSync(good)),
    write(folder, 'newer-server.dump', ofNewerServer(good)),
    write(folder, 'cut.dump', good.subarray(0, Math.floor(good.length * 0.6))),
    write(folder, 'flipped.dump', flipped),
    write(folder, 'empty.dump', Buffer.alloc(0)),
    write(folder, 'nightly.dump.sha256', `${createHash('sha256').update(good).digest('hex')}  nightly.dump\n`),
  ])
  const ages: Record<string, number> = {
    'nightly.dump': 2.5,
    'before-release.dump.gz': 3,
    'flipped.dump': 26,
    'newer-server.dump': 28,
    'cut.dump': 50,
    'billing.dump': 2,
    'latest.sql': 70,
    'empty.dump': 74,
  }
  for (const [name, hours] of Object.entries(ages)) await age(join(folder, name), hours)
  const weekly = join(folder, 'weekly')
  for (const name of await readdir(weekly)) await age(join(weekly, name), 100)
  await age(weekly, 100)
  await fillBucket(folders.inBucket, good)
}

async function fillBucket(folder: string, good: Buffer): Promise<void> {
  const kept = join(folder, 'postgres')
  await mkdir(kept, { recursive: true })
  const sum = createHash('sha256').update(good).digest('hex')
  for (const days of [1, 2]) {
    const at = new Date(Date.now() - (days * 24 + 3) * 3_600_000)
    const name = `porttrack-${at.toISOString().slice(0, 10)}.dump`
    await write(kept, name, good)
    await write(kept, `${name}.sha256`, `${sum}  ${name}\n`)
    for (const each of [name, `${name}.sha256`]) await utimes(join(kept, each), at, at)
  }
}

/** The same archive, as a server and a pg_dump of years from now would head it; nothing in it moves. */
function ofNewerServer(good: Buffer): Buffer {
  const head = good.subarray(0, headBytes).toString('latin1')
  return Buffer.concat([Buffer.from(head.replace(/\d\d(?=\.\d)/g, '99'), 'latin1'), good.subarray(headBytes)])
}

const write = (folder: string, name: string, content: Buffer | string) => writeFile(join(folder, name), content)

async function age(path: string, hours: number): Promise<void> {
  const at = new Date(Date.now() - hours * 3_600_000)
  await utimes(path, at, at)
}
