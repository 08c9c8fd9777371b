import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readPidFile, untilGone } from '../../src/store/embedded/processes.ts'
import { requestStop } from '../../src/store/runs.ts'
import { ana, someRun, startTestServer, type TestServer } from '../store/helpers/store.ts'
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

describe('one run per target', { timeout: 120_000 }, () => {
  it('a plan that nobody answers blocks nobody: the other run of the target goes first', async () => {
    const world = await stage()
    const bot = await world.bot()
    await bot.start('R-0001', target)
    await world.reached('R-0001', 'planned')
    await bot.start('R-0002', target)
    await world.decide('R-0002')
    expect(await world.outcome('R-0002')).toBe('at 43')
    await world.decide('R-0001')
    expect(await world.outcome('R-0001')).toBe('at 43')
  })

  it('two confirmed runs of one target run one after the other, in two processes; another target does not wait', async () => {
    const world = await stage()
    const [a, b] = [await world.bot(), await world.bot()]
    await world.stopAt('before-act')
    await a.start('R-0001', target)
    await world.decide('R-0001')
    await world.reached('R-0001', 'before-act')
    await b.start('R-0002', target)
    await world.decide('R-0002')
    await world.reached('R-0002', 'decided')
    await b.start('R-0003', 'other')
    await world.decide('R-0003')
    await world.reached('R-0003', 'before-act')
    expect(await world.points('R-0002'), 'the target is not free').not.toHaveProperty('compare')
    await world.goOnAt('before-act')
    for (const run of ['R-0001', 'R-0002', 'R-0003']) expect(await world.outcome(run)).toBe('at 43')
    const { rows } = await world.db.query<{ run: string }>(
      `select run from journal where run in ('R-0001', 'R-0002') and point in ('compare', 'health') order by id`,
    )
    expect(rows.map((row) => row.run)).toEqual(['R-0001', 'R-0001', 'R-0002', 'R-0002'])
  })

  it('a run that is asked to stop ends its step first; only then the next one begins', async () => {
    const world = await stage()
    const bot = await world.bot()
    const run = await someRun(world.db, { target })
    await world.stopAt('compare')
    await bot.start(run, target)
    await world.decide(run)
    await world.reached(run, 'compare')
    await bot.start('R-0002', target)
    await world.decide('R-0002')
    await world.reached('R-0002', 'decided')
    expect(await requestStop(world.db, run, ana)).toEqual({ kind: 'asked' })
    expect(await world.points('R-0002'), 'the step is not over').not.toHaveProperty('compare')
    await world.goOnAt('compare')
    expect(await world.outcome(run)).toBe('stopped')
    expect(await world.changes(run)).toBe(0)
    expect(await world.outcome('R-0002')).toBe('at 43')
  })

  it('twenty runs on twenty targets and twenty on one, over three processes: each changes the world once', async () => {
    const world = await stage()
    const bots = [await world.bot(), await world.bot(), await world.bot()]
    const runs = Array.from({ length: 40 }, (_, n) => ({ run: `R-${1000 + n}`, target: n < 20 ? `t${n}` : 'one' }))
    await Promise.all(runs.map(({ run, target: wanted }, n) => bots[n % 3]?.start(run, wanted)))
    await Promise.all(runs.map(({ run }) => world.decide(run)))
    for (const { run } of runs) expect(await world.outcome(run)).toBe('at 43')
    const { rows } = await world.db.query<{ n: number }>(
      'select count(*)::int as n from world group by run having count(*) > 1',
    )
    expect(rows).toEqual([])
    // On the shared target: no run's change lies between another one's first and last step.
    const { rows: overlaps } = await world.db.query(
      `with spans as (
         select run, min(id) as first, max(id) as last from journal
         where run >= 'R-1020' and point in ('compare', 'before-act', 'after-act', 'after-fence', 'health') group by run
       ) select from spans a join spans b on a.run < b.run and a.first < b.last and b.first < a.last`,
    )
    expect(overlaps).toHaveLength(0)
  })
})

describe('a deploy while runs wait', { timeout: 120_000 }, () => {
  it('strands nothing: an old run ends as it began, a new one has the new step', async () => {
    const world = await stage()
    const before = await world.bot()
    await world.stopAt('before-act')
    await before.start('R-0001', target)
    await before.start('R-0002', 'other')
    await world.reached('R-0002', 'planned')
    await world.decide('R-0001')
    await world.reached('R-0001', 'before-act')
    await before.kill()
    await world.goOnAt('before-act')
    const after = await world.bot('patched')
    await world.decide('R-0002')
    await after.start('R-0003', 'third')
    await world.decide('R-0003')
    for (const run of ['R-0001', 'R-0002', 'R-0003']) expect(await world.outcome(run)).toBe('at 43')
    expect(await world.points('R-0003')).toMatchObject({ verify: 1 })
    expect(await world.changes('R-0001')).toBe(1)
  })

  it('a run that had passed the new step before the deploy does not get it afterwards', async () => {
    const world = await stage()
    const before = await world.bot()
    await world.stopAt('after-health')
    await before.start('R-0001', target)
    await world.decide('R-0001')
    await world.reached('R-0001', 'after-health')
    await before.kill()
    await world.goOnAt('after-health')
    await world.bot('patched')
    expect(await world.outcome('R-0001')).toBe('at 43')
    expect(await world.points('R-0001')).not.toHaveProperty('verify')
    expect(await world.points('R-0001')).toMatchObject({ health: 1, 'after-health': 2 })
  })
})

describe('the store restarts', { timeout: 120_000 }, () => {
  it('under a run that waits and one that works: both go on, no process ends, and they say so', async () => {
    const own = await startTestServer()
    const world = await makeStage(own.url)
    try {
      const bots = [await world.bot(), await world.bot()]
      await world.stopAt('health')
      await bots[0]?.start('R-0001', target)
      await bots[1]?.start('R-0002', 'other')
      await world.reached('R-0002', 'planned')
      await world.decide('R-0001')
      await world.reached('R-0001', 'health')
      await crashStore(own)
      await until('the store answers', () =>
        world.db.query('select').then(
          () => true,
          () => false,
        ),
      )
      for (const bot of bots) await until('the bot says so', () => bot.log().includes('the store answers again'))
      await world.goOnAt('health')
      expect(await world.outcome('R-0001')).toBe('at 43')
      await world.decide('R-0002')
      expect(await world.outcome('R-0002')).toBe('at 43')
      expect([await world.changes('R-0001'), await world.changes('R-0002')]).toEqual([1, 1])
      expect(bots.map((bot) => bot.process.exitCode)).toEqual([null, null])
    } finally {
      await world.close()
      await own.stop()
    }
  })
})

/** SIGQUIT: every session is cut at once, and the next start recovers from the log. */
async function crashStore(own: TestServer): Promise<void> {
  const file = await readPidFile(join(own.folder, 'postgres'))
  if (file === undefined) throw new Error('no server runs')
  process.kill(file.pid, 'SIGQUIT')
  await untilGone(file.pid, 10_000)
}
