import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../store/helpers/store.ts'
import { until } from '../store/helpers/until.ts'
import { makeStage, type Stage } from './helpers/bots.ts'

let server: TestServer
const stages: Stage[] = []
const stage = async () => {
  const made = await makeStage(server.url)
  stages.push(made)
  return made
}
beforeAll(async () => {
  server = await startTestServer()
})
afterEach(async () => {
  for (const made of stages.splice(0)) await made.close()
})
afterAll(() => server.stop())

const target = 'main/porttrack/deployment/porttrack-app'

describe('a bot killed at any step', { timeout: 120_000 }, () => {
  // What a crash at each point may repeat: the step that was under way, nothing before it, and never the change itself.
  it.each([
    ['plan', { plan: 2 }],
    ['planned', { plan: 1, planned: 2 }],
    ['decided', { plan: 1, decided: 2, compare: 1 }],
    ['compare', { plan: 1, compare: 2 }],
    ['between', { compare: 1, between: 2 }],
    ['before-act', { compare: 1, 'before-act': 2, 'after-act': 1 }],
    ['after-act', { compare: 1, 'before-act': 1, 'after-act': 1 }],
    ['after-fence', { 'before-act': 1, 'after-act': 1, 'after-fence': 2 }],
    ['health', { 'before-act': 1, 'after-fence': 1, health: 2 }],
    ['after-health', { health: 1, 'after-health': 2 }],
    ['executed', { health: 1, executed: 2 }],
    ['close', { health: 1, close: 2 }],
  ])('at %s: after the restart the run ends right, and the change is made once', async (point, passed) => {
    const world = await stage()
    const first = await world.bot()
    await world.stopAt(point)
    await first.start('R-0001', target)
    await world.decide('R-0001')
    await world.reached('R-0001', point)
    await first.kill()
    await world.goOnAt(point)
    await world.bot()
    expect(await world.outcome('R-0001')).toBe('at 43')
    expect(await world.changes('R-0001')).toBe(1)
    expect(await world.points('R-0001')).toMatchObject(passed)
  })

  it('while it sleeps: what is left of the time goes on', async () => {
    const world = await stage()
    const first = await world.bot()
    first.say('nap R-0001')
    await until('the nap began', async () => first.process.exitCode === null && (await hasWorkflow(world, 'R-0001')))
    await first.kill()
    await world.bot()
    await world.reached('R-0001', 'awake')
  })
})

async function hasWorkflow(world: Stage, id: string): Promise<boolean> {
  const { rows } = await world.db.query(
    `select from "${world.db.schema}_dbos".operation_outputs where workflow_uuid = $1`,
    [id],
  )
  return rows.length > 0
}

describe('several replicas', { timeout: 120_000 }, () => {
  it('another one takes over from one that was killed, and it alone', async () => {
    const world = await stage()
    const [a, b, c] = [await world.bot(), await world.bot(), await world.bot()]
    await world.stopAt('health')
    await a.start('R-0001', target)
    await world.decide('R-0001')
    const worker = await world.reached('R-0001', 'health')
    // The waiting parent and the working child may be in different processes: kill both.
    for (const bot of [a, b]) await bot.kill()
    await world.goOnAt('health')
    expect(await world.outcome('R-0001')).toBe('at 43')
    expect(await world.changes('R-0001')).toBe(1)
    const repeated = [a.pid, b.pid].includes(worker) ? 2 : 1
    expect((await world.points('R-0001'))['health']).toBe(repeated)
    expect(c.process.exitCode).toBe(null)
  })

  it('never re-enter a step that a living one is in, however long it takes', async () => {
    const world = await stage()
    const a = await world.bot()
    await world.stopAt('compare')
    await a.start('R-0001', target)
    await world.decide('R-0001')
    await world.reached('R-0001', 'compare')
    const b = await world.bot()
    // The second one is at work: it takes over from a third that dies, while the first still stands in its step.
    const c = await world.bot()
    await c.start('R-0002', 'other')
    await world.reached('R-0002', 'planned')
    await c.kill()
    await until('the third was taken over', async () => {
      const { rows } = await world.db.query('select from taken_over where executor = $1', [c.executorId])
      return rows.length === 1
    })
    expect((await world.points('R-0001'))['compare']).toBe(1)
    await world.goOnAt('compare')
    expect(await world.outcome('R-0001')).toBe('at 43')
    expect((await world.points('R-0001'))['compare']).toBe(1)
    expect([a.process.exitCode, b.process.exitCode]).toEqual([null, null])
  })

  it('that lost its lock and was replaced ends itself before it does anything more', async () => {
    const world = await stage()
    const a = await world.bot()
    await world.stopAt('before-act')
    await a.start('R-0001', target)
    await world.decide('R-0001')
    await world.reached('R-0001', 'before-act')
    const b = await world.bot()
    // As a machine that stands still and is cut off: its sessions end, it does not notice.
    a.signal('SIGSTOP')
    await world.db.query(
      `select pg_terminate_backend(l.pid) from pg_locks l join pg_stat_activity a using (pid)
       where l.locktype = 'advisory' and l.granted and ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended($1, 0)`,
      [`rescue executor ${world.db.schema} ${a.executorId}`],
    )
    await world.reached('R-0001', 'before-act', 2)
    a.signal('SIGCONT')
    await until('the first ends itself', () => a.process.exitCode !== null)
    expect(a.process.exitCode).toBe(70)
    await world.goOnAt('before-act')
    expect(await world.outcome('R-0001')).toBe('at 43')
    expect(await world.changes('R-0001')).toBe(1)
    expect(b.process.exitCode).toBe(null)
  })

  it('started at once on an empty database all come up, and the schema is whole', async () => {
    const world = await stage()
    const bots = await Promise.all(Array.from({ length: 5 }, () => world.bot()))
    await bots[3]?.start('R-0001', target)
    await world.decide('R-0001')
    expect(await world.outcome('R-0001')).toBe('at 43')
    const { rows } = await world.db.query(
      `select from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = $1 and not i.indisvalid`,
      [`${world.db.schema}_dbos`],
    )
    expect(rows, 'an index built by half').toHaveLength(0)
  })

  it('one killed while it migrates harms nobody', async () => {
    const world = await stage()
    const { rows } = await world.db.query<{ pid: number }>('select pg_backend_pid() as pid')
    expect(rows[0]?.pid).toBeGreaterThan(0)
    const first = await world.spawn()
    await until('the engine begins to migrate', async () => {
      const found = await world.db.query('select from pg_namespace where nspname = $1', [`${world.db.schema}_dbos`])
      return found.rows.length === 1
    })
    await first.kill()
    const second = await world.bot()
    await second.start('R-0001', target)
    await world.decide('R-0001')
    expect(await world.outcome('R-0001')).toBe('at 43')
  })
})

describe('a clean stop', { timeout: 120_000 }, () => {
  it('lets a run under way end, and leaves one that waits for people to the next start', async () => {
    const world = await stage()
    const a = await world.bot()
    await a.start('R-0001', target)
    await a.start('R-0002', 'other')
    await world.reached('R-0002', 'planned')
    await world.stopAt('health')
    await world.decide('R-0001')
    await world.reached('R-0001', 'health')
    const stopped = a.stop()
    await world.goOnAt('health')
    expect(await stopped).toBe(0)
    await world.bot()
    expect(await world.outcome('R-0001')).toBe('at 43')
    await world.decide('R-0002')
    expect(await world.outcome('R-0002')).toBe('at 43')
    expect(await world.points('R-0001')).toMatchObject({ health: 1, close: 1 })
    expect(await world.points('R-0002')).toMatchObject({ plan: 1, health: 1, close: 1 })
  })
})
