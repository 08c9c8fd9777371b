import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buttonsOf, ops, textOf, until } from './support/person.ts'
import { ended } from './support/runs.ts'
import { cardWith, planned, says, startWorld, type World } from './support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
}, 120_000)
afterAll(() => world?.stop(), 60_000)
beforeEach(() => world.scenario('reset'), 60_000)

const healthy = () =>
  until('three pods ready', async () => ((await world.release()).ready === 3 ? true : undefined), 40)

describe('a bad release is undone from Slack', () => {
  it('by the form: the last healthy revision is preselected, the plan is read, confirmed, watched and verified', async () => {
    const ana = world.as('ana')
    const before = await world.release()
    await world.scenario('bad-release')
    const bad = await until('the bad image', async () => {
      const now = await world.release()
      return now.image === before.image ? undefined : now
    })
    await ana.command('/rollback porttrack-app')
    const view = await until('the filled form', async () => {
      const open = await ana.view()
      return open !== null && /revision:porttrack-app/.test(JSON.stringify(open.blocks)) ? open : undefined
    })
    const radio = JSON.stringify(view.blocks)
    const chosen =
      /"initial_option":\{[^}]*"value":"(\d+)"/.exec(radio.slice(radio.indexOf('revision:porttrack-app')))?.[1] ??
      radio.match(/"value":"(\d+)"/)?.[1]
    expect(chosen).toBeDefined()
    const sent = await ana.submit(view, {
      app: { 'rollback:app': 'porttrack-app' },
      'revision:porttrack-app': { 'rollback:revision': chosen ?? '' },
    })
    expect(sent).toMatchObject({ ok: true })
    const plan = await cardWith(ana, 'run:confirm')
    expect(textOf(plan)).toContain(before.image.split('/').at(-1))
    expect(textOf(plan)).toMatch(/no se toca|Not touched|Sin tocar/i)
    await ana.click({ channel: ops, ts: plan.ts }, 'run:confirm')
    await until('the old image', async () => ((await world.release()).image === before.image ? true : undefined))
    await healthy()
    const incident = await until('an incident channel', async () =>
      (await ana.channels()).find((channel) => channel.name.startsWith('inc-')),
    )
    await says(ana, /✓/, incident.id, 40)
    const decided = (await ana.messages(ops)).find((message) => message.ts === plan.ts)
    expect(buttonsOf(decided ?? plan).map((button) => button.action_id)).not.toContain('run:confirm')
    expect(bad.revision).toBeGreaterThan(before.revision)
    const audit = await world.cli('ana', 'audit', 'verify', '--json')
    expect(JSON.parse(audit.stdout)).toMatchObject({ kind: 'intact' })
  })

  it('is undone again by one uniform undo, with its own plan and confirmation', async () => {
    const ana = world.as('ana')
    const before = await world.release()
    await world.scenario('healthy-release')
    const released = await until(
      'the new release',
      async () => {
        const now = await world.release()
        return now.image !== before.image && now.ready === 3 ? now : undefined
      },
      40,
    )
    const plan = await planned(ana, `/rollback porttrack-app to ${before.revision}`)
    await ana.click({ channel: ops, ts: plan.ts }, 'run:confirm')
    await until('the old image', async () => ((await world.release()).image === before.image ? true : undefined))
    const run = /R-\d{4}/.exec(textOf(plan))?.[0] ?? ''
    await until(
      'the run has ended',
      async () => {
        const told = await world.cli('ana', 'run', run, '--json')
        return JSON.parse(told.stdout).outcome?.kind === 'verified'
      },
      60,
    )
    const back = await planned(ana, `/rescue undo ${run}`)
    await ana.click({ channel: ops, ts: back.ts }, 'run:confirm')
    await until('the release again', async () => ((await world.release()).image === released.image ? true : undefined))
    // The next story needs the app free: a run that is under way holds it.
    const undo = await ended(world, /R-\d{4}/.exec(textOf(back))?.[0] ?? '')
    expect(undo.outcome).toMatchObject({ kind: 'verified' })
  })
})

describe('what people saw is gone', () => {
  it('a plan whose app changed meanwhile: nothing is rolled back, and the message says who changed it', async () => {
    const ana = world.as('ana')
    await world.scenario('healthy-release')
    const released = await until(
      'the new release',
      async () => {
        const now = await world.release()
        return now.ready === 3 ? now : undefined
      },
      40,
    )
    const plan = await planned(ana, '/rollback porttrack-app to 1')
    await world.scenario('scale-by-someone')
    await ana.click({ channel: ops, ts: plan.ts }, 'run:confirm')
    const run = /R-\d{4}/.exec(textOf(plan))?.[0] ?? ''
    const ended = await until(
      'the end',
      async () => {
        const told = JSON.parse((await world.cli('ana', 'run', run, '--json')).stdout)
        return told.outcome === null ? undefined : told
      },
      40,
    )
    expect(ended.outcome).toMatchObject({ kind: 'refused', reason: 'world_moved' })
    expect((await world.release()).image).toBe(released.image)
  })
})

describe('twenty requests for one app at once', () => {
  it('one runs, the others learn who holds it', async () => {
    const before = await world.release()
    await world.scenario('healthy-release')
    await until('the new release', async () => ((await world.release()).ready === 3 ? true : undefined), 40)
    const ana = world.as('ana')
    const plan = await planned(ana, `/rollback porttrack-app to ${before.revision}`)
    const clicks = await Promise.all(
      ['ana', 'luis', 'marta', 'ana', 'luis', 'marta', 'ana', 'luis', 'marta', 'ana'].map((name) =>
        world.as(name).click({ channel: ops, ts: plan.ts }, 'run:confirm'),
      ),
    )
    expect(clicks.length).toBe(10)
    await until('the old image', async () => ((await world.release()).image === before.image ? true : undefined))
    const run = /R-\d{4}/.exec(textOf(plan))?.[0] ?? ''
    const audit = JSON.parse((await world.cli('ana', 'audit', run, '--json')).stdout).entries
    expect(
      audit.filter(
        (entry: { kind: string; data: { decision?: string } }) =>
          entry.kind === 'decision' && entry.data.decision === 'confirm',
      ),
    ).toHaveLength(1)
    expect(audit.filter((entry: { kind: string }) => entry.kind === 'started')).toHaveLength(1)
  })
})
