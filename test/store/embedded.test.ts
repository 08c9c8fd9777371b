import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readPidFile, stateOf, untilGone } from '../../src/store/embedded/processes.ts'
import { stopServer } from '../../src/store/embedded/server.ts'
import { type Embedded, startEmbedded } from '../../src/store/embedded/start.ts'
import { until } from './helpers/until.ts'

const root = await mkdtemp(join(tmpdir(), 'rescue-test-embedded-'))
const servers: Embedded[] = []
const children: ChildProcess[] = []
let folders = 0

beforeAll(() => chmod(root, 0o711))
afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
  for (const server of servers.splice(0)) await server.stop()
})
afterAll(async () => {
  // Servers of bots that were killed run on.
  for (const folder of await readdir(root)) {
    const file = await readPidFile(join(root, folder, 'postgres'))
    if (file !== undefined) await stopServer(file.pid)
  }
  await rm(root, { recursive: true, force: true })
})

const newFolder = () => join(root, String(++folders))
const start = async (folder: string, onLog?: (line: string) => void) => {
  const server = await startEmbedded({ folder, ...(onLog === undefined ? {} : { onLog }) })
  servers.push(server)
  return server
}
const serverOf = async (folder: string) => {
  const file = await readPidFile(join(folder, 'postgres'))
  if (file === undefined) throw new Error('no server runs')
  return file
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client(url)
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<Record<string, unknown>>(sql)
    return Object.values(rows[0] ?? {})[0]
  } finally {
    await client.end()
  }
}

const answer = z.object({ url: z.string().optional(), error: z.string().optional() })
/** Another bot on the folder, and its first word. */
async function otherBot(folder: string) {
  const program = fileURLToPath(new URL('./helpers/owner.ts', import.meta.url))
  const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'ignore'] })
  children.push(child)
  const lines = createInterface({ input: child.stdout })
  const word = once(lines, 'line').then(([line]) => answer.parse(JSON.parse(String(line))))
  return { child, pid: child.pid ?? 0, word }
}

describe('the embedded PostgreSQL', () => {
  it('keeps what was written through a stop and a start, at the same address, durably', async () => {
    const folder = newFolder()
    const first = await start(folder)
    await ask(first.url, `create table kept as select 'yes' as word`)
    expect(await ask(first.url, 'show fsync')).toBe('on')
    const { pid } = await serverOf(folder)
    await first.stop()
    expect(await stateOf(pid)).not.toBe('running')
    const second = await start(folder)
    expect(await ask(second.url, 'select word from kept')).toBe('yes')
    expect(second.url).toBe(first.url)
  })

  it('is reached with the password only, which nobody else can read', async () => {
    const folder = newFolder()
    const { url } = await start(folder)
    const wrong = new URL(url)
    wrong.password = 'wrong'
    await expect(ask(wrong.href, 'select 1')).rejects.toThrow('password authentication failed')
    const { mode } = await stat(join(folder, 'postgres.json'))
    expect(mode & 0o077).toBe(0)
    expect(await ask(url, 'show listen_addresses')).toBe('127.0.0.1')
    expect(await ask(url, 'show unix_socket_directories')).toBe('')
    if (process.getuid?.() === 0) expect((await stat(join(folder, 'postgres'))).uid, 'never as root').toBe(65534)
  })

  it('is found again by the next bot after the first was killed, with its data and its process', async () => {
    const folder = newFolder()
    const first = await otherBot(folder)
    const { url = '' } = await first.word
    await ask(url, `create table kept as select 'yes' as word`)
    const { pid } = await serverOf(folder)
    first.child.kill('SIGKILL')
    await once(first.child, 'exit')
    const second = await start(folder)
    expect((await serverOf(folder)).pid).toBe(pid)
    expect(second.url).toBe(url)
    expect(await ask(second.url, 'select word from kept')).toBe('yes')
  })

  it('refuses a second owner with the folder and the process of the first, which goes on', async () => {
    const folder = newFolder()
    const first = await otherBot(folder)
    const { url = '' } = await first.word
    await expect(startEmbedded({ folder })).rejects.toMatchObject({
      name: 'EmbeddedError',
      reason: 'owned',
      message: expect.stringMatching(
        new RegExp(`^${folder} belongs to a bot that runs already \\(process ${first.pid}\\)`),
      ),
    })
    expect(await ask(url, 'select 7')).toBe(7)
  })

  it('lets the terminal program in as a guest of a running bot, whose leaving ends nothing', async () => {
    const folder = newFolder()
    const { url } = await start(folder)
    const guest = await startEmbedded({ folder, guest: true })
    expect(guest.url).toBe(url)
    await guest.stop()
    expect(await ask(url, 'select 7')).toBe(7)
    const alone = newFolder()
    const first = await startEmbedded({ folder: alone, guest: true })
    expect(await ask(first.url, 'select 7')).toBe(7)
    await first.stop()
    await expect(ask(first.url, 'select 7'), 'alone it is the owner, and ends its server').rejects.toThrow(
      'ECONNREFUSED',
    )
  })

  it('of two bots that start at once on a new folder, one owns it and the other is told who', async () => {
    const folder = newFolder()
    const bots = await Promise.all([otherBot(folder), otherBot(folder)])
    const words = await Promise.all(bots.map((bot) => bot.word))
    const owner = bots[words.findIndex((word) => word.url !== undefined)]
    expect(words.filter((word) => word.url !== undefined)).toHaveLength(1)
    expect(words.find((word) => word.error !== undefined)?.error).toContain(`(process ${owner?.pid})`)
    owner?.child.kill('SIGKILL')
    await untilGone(owner?.pid ?? 0, 5_000)
    await start(folder)
  })

  it('is started again when it dies under a living bot, at the same address', async () => {
    const folder = newFolder()
    const lines: string[] = []
    const { url } = await start(folder, (line) => lines.push(line))
    await ask(url, `create table kept as select 'yes' as word`)
    const { pid } = await serverOf(folder)
    process.kill(pid, 'SIGKILL')
    await untilGone(pid, 5_000)
    expect(await until('it answers again', () => ask(url, 'select word from kept').catch(() => undefined))).toBe('yes')
    await until('it says so', () => lines.some((line) => line.includes('answers again')))
    await expect(startEmbedded({ folder }), 'and is owned again').rejects.toMatchObject({ reason: 'owned' })
  })

  it('starts although its last process is a zombie, or its number belongs to another program now', async () => {
    const folder = newFolder()
    const first = await start(folder)
    const pidFile = join(folder, 'postgres', 'postmaster.pid')
    const text = await readFile(pidFile, 'utf8')
    await first.stop()
    // The shell makes a child and becomes a program that never asks for its end.
    const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 600'], { stdio: ['ignore', 'pipe', 'ignore'] })
    children.push(parent)
    const [line] = await once(createInterface({ input: parent.stdout }), 'line')
    const zombie = Number(line)
    await until('the zombie is one', async () => (await stateOf(zombie)) === 'zombie')
    for (const pid of [zombie, process.pid]) {
      await writeFile(pidFile, text.replace(/^\d+/, String(pid)))
      if (process.getuid?.() === 0) await chmod(pidFile, 0o644)
      const next = await start(folder)
      expect(await ask(next.url, 'select 7')).toBe(7)
      await next.stop()
    }
  })

  it('comes up after a bot that was killed while it made the cluster', async () => {
    const folder = newFolder()
    const first = await otherBot(folder)
    await until('the cluster is being made', async () =>
      (await readdir(folder).catch(() => [])).some((name) => name === `postgres.${first.pid}`),
    )
    first.child.kill('SIGKILL')
    await once(first.child, 'exit')
    const second = await start(folder)
    expect(await ask(second.url, 'select 7')).toBe(7)
    expect((await readdir(folder)).filter((name) => name.includes(String(first.pid)))).toEqual([])
  })

  it('says which file is missing when the password was lost', async () => {
    const folder = newFolder()
    await (await start(folder)).stop()
    await rm(join(folder, 'postgres.json'))
    await expect(startEmbedded({ folder })).rejects.toMatchObject({
      reason: 'not_ours',
      message: expect.stringContaining('postgres.json'),
    })
  })

  it.runIf(process.getuid?.() === 0)(
    'as root in a folder that others cannot reach, keeps its files where they can',
    async () => {
      const closed = join(root, 'closed')
      await mkdir(closed, { mode: 0o700 })
      const folder = join(closed, 'data')
      const lines: string[] = []
      const first = await start(folder, (line) => lines.push(line))
      const place = (await readFile(join(folder, 'place'), 'utf8')).trim()
      expect(lines[0]).toContain(place)
      await ask(first.url, `create table kept as select 'yes' as word`)
      await first.stop()
      const second = await start(folder)
      expect(await ask(second.url, 'select word from kept')).toBe('yes')
      expect((await stat(closed)).mode & 0o777, 'folders of others are left alone').toBe(0o700)
      await second.stop()
      await rm(place, { recursive: true })
    },
  )
})
