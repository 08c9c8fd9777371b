import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { DBOSClient } from '@dbos-inc/dbos-sdk'
import { type Db, openDb } from '../../../src/store/db.ts'
import { migrate } from '../../../src/store/migrations.ts'
import { freshName, silent } from '../../store/helpers/store.ts'
import { until } from '../../store/helpers/until.ts'

const program = fileURLToPath(new URL('./bot.ts', import.meta.url))

export type TestBot = {
  readonly pid: number
  readonly executorId: string
  /** Starts a run's workflow here. */
  start(run: string, target: string): Promise<void>
  say(line: string): void
  signal(name: NodeJS.Signals): void
  /** Dead at once, as a crash is. */
  kill(): Promise<void>
  /** Leaves cleanly. */
  stop(): Promise<number | null>
  readonly process: ChildProcess
  log(): string
}

/** One test's world: a schema of its own, and bots that live in it. */
export type Stage = {
  readonly db: Db
  bot(mode?: string): Promise<TestBot>
  /** Begins a bot without waiting until it is ready. */
  spawn(mode?: string): Promise<TestBot>
  stopAt(point: string): Promise<void>
  goOnAt(point: string): Promise<void>
  /** Until some bot has come to the point of the run. @returns its process */
  reached(run: string, point: string, times?: number): Promise<number>
  decide(run: string, yes?: boolean): Promise<void>
  outcome(run: string): Promise<string>
  /** How often each point was passed. */
  points(run: string): Promise<Record<string, number>>
  changes(run: string): Promise<number>
  close(): Promise<void>
}

export async function makeStage(url: string): Promise<Stage> {
  const db = openDb(url, { log: silent, schema: freshName(), max: 4 })
  await migrate(db)
  await db.query(
    `create table journal (id bigint generated always as identity, run text, point text, pid int, at timestamptz default clock_timestamp());
     create table stops (point text primary key);
     create table world (run text, pid int, at timestamptz default clock_timestamp());
     create table outcomes (run text primary key, outcome text)`,
  )
  const bots: TestBot[] = []
  const spawnOne = (mode = '') => {
    const bot = spawnBot(url, db.schema, mode)
    bots.push(bot)
    return bot
  }
  const client = await DBOSClient.create({ systemDatabaseUrl: url, systemDatabaseSchemaName: `${db.schema}_dbos` })
  const count = async (sql: string, values: unknown[]) => (await db.query<{ n: number }>(sql, values)).rows[0]?.n ?? 0
  return {
    db,
    spawn: async (mode) => spawnOne(mode),
    async bot(mode) {
      const bot = spawnOne(mode)
      await until(`bot ${bot.pid} is ready`, () => {
        if (bot.process.exitCode !== null) throw new Error(`the bot ended with ${bot.process.exitCode}: ${bot.log()}`)
        return bot.executorId !== ''
      })
      return bot
    },
    stopAt: async (point) => void (await db.query('insert into stops values ($1)', [point])),
    goOnAt: async (point) => void (await db.query('delete from stops where point = $1', [point])),
    reached: (run, point, times = 1) =>
      until(
        `${run} is at ${point}`,
        async () => {
          const { rows } = await db.query<{ pid: number }>(
            'select pid from journal where run = $1 and point = $2 order by id',
            [run, point],
          )
          return rows[times - 1]?.pid
        },
        40,
      ),
    async decide(run, yes = true) {
      await client.send(run, { yes }, 'decided', `decided:${run}`)
    },
    outcome: (run) =>
      until(
        `${run} ends`,
        async () => {
          const { rows } = await db.query<{ outcome: string }>('select outcome from outcomes where run = $1', [run])
          return rows[0]?.outcome
        },
        40,
      ),
    async points(run) {
      const { rows } = await db.query<{ point: string; n: number }>(
        'select point, count(*)::int as n from journal where run = $1 group by point',
        [run],
      )
      return Object.fromEntries(rows.map((row) => [row.point, row.n]))
    },
    changes: (run) => count('select count(*)::int as n from world where run = $1', [run]),
    async close() {
      await Promise.all(bots.map((bot) => bot.kill()))
      await client.destroy()
      await db.close()
    },
  }
}

function spawnBot(url: string, schema: string, mode: string): TestBot {
  const child = spawn(process.execPath, [program, url, schema, mode], { stdio: ['pipe', 'pipe', 'pipe'] })
  let out = ''
  let log = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
  // A line said to a bot that was killed.
  child.stdin.on('error', () => undefined)
  const ended = async () => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    return child.exitCode
  }
  return {
    process: child,
    pid: child.pid ?? 0,
    get executorId() {
      return /^ready (\S+)$/m.exec(out)?.[1] ?? ''
    },
    log: () => log,
    say: (line) => void child.stdin.write(`${line}\n`),
    async start(run, target) {
      child.stdin.write(`run ${run} ${target}\n`)
      await until(`${run} is started`, () => out.includes(`started ${run}\n`))
    },
    signal: (name) => void child.kill(name),
    async kill() {
      child.kill('SIGKILL')
      await ended()
    },
    async stop() {
      child.stdin.write('stop\n')
      return ended()
    },
  }
}
