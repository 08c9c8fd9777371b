import { readFile } from 'node:fs/promises'
import type pg from 'pg'
import { descendantsOf } from '../../bench/memory.ts'
import { ask, connect } from '../../scenarios/support/databases.ts'
import { until } from '../../scenarios/support/person.ts'
import { botUp, killBot } from '../../scenarios/support/runs.ts'
import type { World } from '../../scenarios/support/world.ts'
import type { Victim } from './moments.ts'

/** kill -9. @returns false where there was nobody to kill */
export async function strike(world: World, victim: Victim, pick: number): Promise<boolean> {
  if (victim === 'bot') {
    await killBot(world)
    return true
  }
  // A server that is just starting again has nobody.
  const pids = await find[victim](world).catch(() => [])
  const pid = pids[Math.floor(pick * pids.length)]
  if (pid === undefined) return false
  if (victim === 'pg_restore') return killed(pid)
  // The loss of one session ends all of them, a moment later: only then does "it answers" mean something.
  const witness = await connect(world, 'postgres').catch(() => undefined)
  // A session that was ending anyway is no strike: the server takes no notice.
  const struck = killed(pid) && (await noticed(witness))
  await witness?.end().catch(() => undefined)
  return struck
}

async function noticed(witness: pg.Client | undefined): Promise<boolean> {
  return until('the server has noticed', () => isOver(witness), 8).catch(() => false)
}

async function isOver(session: pg.Client | undefined): Promise<boolean> {
  return (
    session === undefined ||
    session.query('select').then(
      () => false,
      () => true,
    )
  )
}

const find: Readonly<Record<Exclude<Victim, 'bot'>, (world: World) => Promise<readonly number[]>>> = {
  pg_restore: pgRestores,
  backend: async (world) => {
    const { rows } = await ask(
      world,
      'postgres',
      `select pid from pg_stat_activity where usename = 'porttrack' and application_name = 'rescue' and backend_type = 'client backend'`,
    )
    return rows.map(({ pid }) => pid)
  },
  server: async (world) => [await serverOf(world)],
}

/** pg_restore and its helpers, children of the bot. */
export async function pgRestores(world: World): Promise<readonly number[]> {
  const children = await descendantsOf(world.sandbox.bots[0]?.pid() ?? 0)
  const named = await Promise.all(children.map(async (pid) => ((await nameOf(pid)) === 'pg_restore' ? pid : undefined)))
  return named.filter((pid) => pid !== undefined)
}

/** The postmaster: the parent of any of its sessions. */
async function serverOf(world: World): Promise<number> {
  const session = await connect(world, 'postgres')
  try {
    const { rows } = await session.query('select pg_backend_pid() as pid')
    const stat = await readFile(`/proc/${rows[0]?.pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } finally {
    await session.end()
  }
}

async function nameOf(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/comm`, 'utf8').then(
    (name) => name.trim(),
    () => '',
  )
}

function killed(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL')
    return true
  } catch {
    return false
  }
}

/** Everything that a supervisor starts again answers. */
export async function allUp(world: World): Promise<void> {
  await until('the server answers', async () => (await ask(world, 'postgres', 'select')).rowCount === 1, 60)
  await botUp(world)
}
