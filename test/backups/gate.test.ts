import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { localTime } from '../../src/backups/archive/clock.ts'
import { gate } from '../../src/backups/gate.ts'
import { findRestorePoint, listRestorePoints } from '../../src/backups/list.ts'
import { openPoint } from '../../src/backups/open.ts'
import { makeScratch, sweepScratch } from '../../src/backups/scratch.ts'
import type { LiveFacts } from '../../src/backups/types.ts'
import { runTool } from '../../src/services/postgres/tools-run.ts'
import { stateOf } from '../../src/store/embedded/processes.ts'
import { sha256 } from './support/good-forms.ts'
import { judge, wordOf } from './support/judged.ts'
import { plainDump } from './support/plain-dump.ts'
import { type Backups, depsIn, entryOf, liveFacts } from './support/world.ts'

/** A zombie that nobody fetched has ended too. */
const statesOf = (pids: readonly number[]) => Promise.all(pids.map(stateOf))

let folder: string
let backups: string
const live = liveFacts({ roles: ['porttrack', 'reader'] })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rescue-gate-'))
  backups = join(folder, 'backups')
  await mkdir(backups)
  await writeFile(join(backups, 'plain.sql'), plainDump)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const entry = (more: Partial<Backups> = {}) => entryOf({ here: { kind: 'folder', path: backups } }, more)
const judged = (facts: LiveFacts, more: Partial<Backups> = {}) =>
  judge(backups, 'plain.sql', depsIn(folder), facts, more)

describe('the gate', () => {
  it('says what a good backup holds, and what speaks against trusting it', async () => {
    const verdict = await judged(live)
    expect(verdict).toMatchObject({
      kind: 'good',
      sha256: sha256(plainDump),
      sidecar: 'absent',
      contents: { kind: 'pg-plain', serverVersion: '15.18', roles: ['porttrack', 'reader'], dataBytes: 30 },
      warnings: [{ reason: 'no_checksum' }, { reason: 'unprotected_data' }],
    })
  })

  it.each<[string, Partial<LiveFacts>, string]>([
    ['an older server', { serverVersion: 140012 }, 'server_older'],
    ['another encoding', { encoding: 'LATIN1' }, 'encoding_differs'],
    ['a server without its roles', { roles: ['porttrack'] }, 'roles_missing'],
    ['a full disk', { freeBytes: 10 }, 'disk_short'],
    ['a prepared transaction', { preparedTransactions: ['tx-7'] }, 'prepared_transactions'],
    ['replication from the database', { replication: ['debezium'] }, 'replication_active'],
    ['a server with no such tables', { tables: ['public.other'] }, 'other_database'],
  ])('is closed by %s', async (_, worse, word) => {
    expect(wordOf(await judged({ ...live, ...worse }))).toBe(word)
  })

  it('names everything that stands in the way at once', async () => {
    const verdict = await judged({ ...live, roles: [], freeBytes: 1, preparedTransactions: ['a'] })
    expect(wordOf(verdict)).toBe('roles_missing disk_short prepared_transactions')
  })

  it('takes plain SQL and missing checksums only as the catalog says', async () => {
    expect(wordOf(await judged(live, { plainSql: false }))).toBe('plain_not_allowed')
    expect(wordOf(await judged(live, { checksum: 'required' }))).toBe('checksum_missing')
    await writeFile(join(backups, 'plain.sql.sha256'), sha256(plainDump))
    expect(await judged(live, { checksum: 'required' })).toMatchObject({ kind: 'good', sidecar: 'matches' })
    await writeFile(join(backups, 'plain.sql.sha256'), `${sha256(Buffer.from('x'))}  plain.sql`)
    expect(wordOf(await judged(live))).toBe('checksum_mismatch')
  })

  it('refuses a file that was written while it was read', async () => {
    const deps = depsIn(folder)
    const point = await findRestorePoint('here/plain.sql', entry(), deps)
    if (point === undefined) throw new Error('not found')
    const opened = await openPoint(point, entry(), deps)
    await writeFile(join(backups, 'plain.sql'), Buffer.concat([plainDump, Buffer.from('\n')]))
    expect(wordOf(await gate(opened, entry().backups, live, deps))).toBe('changed_while_read')
  })

  it('is no verdict when it is stopped', async () => {
    const deps = depsIn(folder, { signal: AbortSignal.abort() })
    expect(await judge(backups, 'plain.sql', deps, live)).toMatchObject({ kind: 'unknown', reason: 'stopped' })
  })
})

describe('the list of restore points', () => {
  it('has the newest data first, knows files by their content, and follows no link', async () => {
    await writeFile(join(backups, 'readme'), 'see wiki')
    await writeFile(join(backups, 'empty.dump'), '')
    await mkdir(join(backups, 'old'))
    await writeFile(join(backups, 'old', 'latest.dump'), gzipSync(plainDump))
    await utimes(join(backups, 'old', 'latest.dump'), 1, 1_700_000_000)
    await symlink('/etc', join(backups, 'elsewhere'))
    await symlink('plain.sql', join(backups, 'latest.sql'))
    const { points } = await listRestorePoints(entry(), depsIn(folder))
    const seen = Object.fromEntries(
      points.map((point) => [point.name, [point.kind, point.wrapping, point.problem?.reason]]),
    )
    expect(seen).toEqual({
      'plain.sql': ['pg-plain', 'none', undefined],
      'old/latest.dump': ['pg-plain', 'gzip', undefined],
      readme: ['foreign', 'none', 'foreign'],
      'empty.dump': ['empty', 'none', 'empty'],
      elsewhere: ['unreadable', 'none', 'not_a_regular_file'],
      'latest.sql': ['unreadable', 'none', 'not_a_regular_file'],
    })
    expect(points.at(-1)?.name).toBe('old/latest.dump')
  })

  it('goes by the age of the data, not of the file: a copy made today of an old dump is old', async () => {
    await utimes(join(backups, 'plain.sql'), 1, 1_750_000_000)
    const old = plainDump.toString().replace('\n-- Dumped by', '\n-- Started on 2020-01-01 10:00:00 UTC\n-- Dumped by')
    await writeFile(join(backups, 'copied-today.sql'), old)
    const { points } = await listRestorePoints(entry(), depsIn(folder))
    expect(points.map(({ name }) => name)).toEqual(['plain.sql', 'copied-today.sql'])
    expect(points[1]?.dataAt).toBe('2020-01-01T10:00:00.000Z')
  })

  it('tells which place is away, and lists the others', async () => {
    const both = entryOf({
      here: { kind: 'folder', path: backups },
      gone: { kind: 'folder', path: join(folder, 'gone') },
    })
    const { points, away } = await listRestorePoints(both, depsIn(folder))
    expect(points).toHaveLength(1)
    expect(away).toEqual([{ place: 'gone', detail: expect.stringContaining('ENOENT') }])
  })

  it('finds nothing outside its place', async () => {
    await writeFile(join(folder, 'outside.sql'), plainDump)
    for (const id of ['here/../outside.sql', 'here//etc/passwd', 'there/plain.sql', 'plain.sql', ''])
      expect(await findRestorePoint(id, entry(), depsIn(folder)), id).toBeUndefined()
  })

  it('shows what was found in the same bytes before', async () => {
    const known = { at: '2026-11-24T10:00:00.000Z', good: false, reason: 'damaged' } as const
    const point = await findRestorePoint('here/plain.sql', entry(), depsIn(folder, { verified: async () => known }))
    expect(point?.verified).toEqual(known)
  })
})

describe('what a reading leaves behind', () => {
  it('copies of killed processes are cleared away, those of living ones stay', async () => {
    const scratch = join(folder, 'scratch')
    const own = await makeScratch(scratch)
    // A process that has surely ended.
    const { stdout } = await promisify(execFile)('sh', ['-c', 'echo $$'])
    const [, machine, , life] = basename(own).split('-')
    await mkdir(join(scratch, `point-${machine}-${stdout.trim()}-${life}-left`))
    // The same number in an earlier life of the container.
    await mkdir(join(scratch, `point-${machine}-${process.pid}-00000000-left`))
    await mkdir(join(scratch, 'not-ours'))
    expect(await sweepScratch(scratch)).toBe(2)
    expect(await readdir(scratch)).toEqual(['not-ours', basename(own)])
  })

  it('a program that hangs is killed with all that it started', async () => {
    let pids: number[] = []
    const end = await runTool('/bin/sh', ['-c', 'sleep 600 & echo $$ $!; wait'], { limitMs: 300 }, async (output) => {
      for await (const chunk of output) pids = String(chunk).trim().split(' ').map(Number)
    })
    expect(end).toEqual({ kind: 'time_limit' })
    expect(pids).toHaveLength(2)
    await expect.poll(() => statesOf(pids), { timeout: 10_000 }).not.toContain('running')
  })

  it('a program is killed when its output is refused', async () => {
    let pid = 0
    const refused = runTool('/bin/sh', ['-c', 'echo $$; exec sleep 600'], { limitMs: 60_000 }, async (output) => {
      for await (const chunk of output) {
        pid = Number(chunk)
        throw new Error('refused')
      }
    })
    await expect(refused).rejects.toThrow('refused')
    await expect.poll(() => statesOf([pid]), { timeout: 10_000 }).not.toContain('running')
  })

  it('a program sees nothing of the environment', async () => {
    let said = ''
    await runTool('/usr/bin/env', [], { limitMs: 10_000, environment: { PGHOST: 'x' } }, async (output) => {
      for await (const chunk of output) said += chunk
    })
    const names = said
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0])
    expect(names.filter((name) => !['PATH', 'LC_ALL', 'PGHOST', 'PWD', '_', 'SHLVL'].includes(name ?? ''))).toEqual([])
  })
})

describe("the dumping machine's clock", () => {
  it.each([
    ['2026-07-01T12:00:00Z', 'Europe/Madrid', '2026-07-01T10:00:00.000Z'],
    ['2026-01-01T12:00:00Z', 'Europe/Madrid', '2026-01-01T11:00:00.000Z'],
    // The hour that comes twice: the first, so that data never look younger than they are.
    ['2026-10-25T02:30:00Z', 'Europe/Madrid', '2026-10-25T00:30:00.000Z'],
    ['2026-07-01T12:00:00Z', 'UTC', '2026-07-01T12:00:00.000Z'],
    ['2026-07-01T12:00:00Z', 'Asia/Kolkata', '2026-07-01T06:30:00.000Z'],
  ])('%s in %s is %s', (shown, zone, instant) => {
    expect(localTime(Date.parse(shown), zone)).toBe(instant)
  })
})
