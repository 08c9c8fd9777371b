import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listRuns } from '../../src/store/runs.ts'
import { buttonsOf, ops, type Person, textOf, until } from './support/person.ts'
import { cardOf, confirmRun, ended, patchesOf, runOf, waitingRun } from './support/runs.ts'
import { installStops, type Stops } from './support/stops.ts'
import { says, startWorld, type World } from './support/world.ts'

const deployment = '/apis/apps/v1/namespaces/porttrack/deployments/porttrack-app'
let world: World
let stops: Stops
beforeAll(async () => {
  world = await startWorld()
  stops = await installStops(world.db)
  await until('three pods ready', async () => (await world.release()).ready === 3, 60)
}, 120_000)
afterAll(async () => {
  await stops?.close()
  await world?.stop()
}, 60_000)

const runs = async () => (await listRuns(world.db, { limit: 200 })).length

/** The next private answer that this person gets in the operations channel. */
async function privately(who: Person, act: () => Promise<unknown>): Promise<string> {
  const before = new Set((await who.messages(ops)).map((message) => message.ts))
  await act()
  const told = await until('a private answer', async () =>
    (await who.messages(ops)).find((message) => message.is_ephemeral === true && !before.has(message.ts)),
  )
  return textOf(told)
}

type Bad = readonly [what: string, who: string, text: string, field: RegExp, value: RegExp, allowed: RegExp]

describe('what cannot be understood or done has one answer that names field, value and what is allowed', () => {
  it.each<Bad>([
    ['an unknown app', 'ana', '/rollback portrack-app to 3', /app/, /portrack-app/, /porttrack-worker/],
    ['an unknown app with a mention in it', 'ana', '/rollback <!channel> to 3', /app/, /channel/, /porttrack-worker/],
    ['a revision that is no number', 'ana', '/rollback porttrack-app to x', /revisi/, /x/, /entero/],
    ['revision nought', 'ana', '/rollback porttrack-app to 0', /revisi/, /0/, /entero/],
    ['a word that says nothing', 'ana', '/rollback porttrack-app please', /palabra/, /please/, /emergencia/],
    [
      'a reason of 4,000 characters',
      'ana',
      `/rollback porttrack-app to 1 reason ${'x'.repeat(4000)}`,
      /motivo/,
      /xxx/,
      /1000/,
    ],
    [
      'a reason in emoji that is too long',
      'ana',
      `/rollback porttrack-app to 1 motivo ${'🚢'.repeat(600)}`,
      /motivo/,
      /🚢/u,
      /1000/,
    ],
    ['a person who may only look', 'invitado', '/rollback porttrack-app to 1', /rol/, /operador|operator/, /ana|U0ANA/],
    ['in English for marta', 'marta', '/rollback portrack-app to 3', /app/, /no app.*portrack-app/s, /There are/],
    ['an unknown run', 'ana', '/rescue undo R-9999', /ejecuci/, /R-9999/, /rescue runs/],
    ['a run that is no number', 'ana', '/rescue run abc', /ejecuci|run/, /abc/, /R-\d+/],
    ['an unknown subcommand', 'ana', '/rescue dance', /palabra|comando/, /dance/, /undo/],
    ['an unknown component', 'ana', '/status nothing-here', /nombre|nada/, /nothing-here/, /porttrack-app/],
  ])('%s', async (_what, name, text, field, value, allowed) => {
    const who = world.as(name)
    const [before, count] = [await world.release(), await runs()]
    const answer = await privately(who, () => who.command(text))
    for (const pattern of [field, value, allowed]) expect(answer).toMatch(pattern)
    expect(answer).not.toContain('<!channel>')
    expect(await world.release()).toEqual(before)
    expect(await runs()).toBe(count)
  })

  it('a revision that is not there: nobody else is asked, and the answer names those that are', async () => {
    const ana = world.as('ana')
    await ana.command('/rollback porttrack-app to 777')
    const told = await says(ana, /777/)
    const run = await runOf(world, 'porttrack-app', ({ state }) => state === 'ended')
    expect(run.outcome).toMatchObject({ kind: 'refused' })
    expect(textOf(told)).toMatch(/6/)
    expect(told.is_ephemeral).toBe(true)
    expect(patchesOf(world, '', deployment)).toBe(0)
  })
})

describe('what people write stays text', () => {
  it.each([
    ['smart quotes and a long dash', '/rollback “porttrack-app” to 3 —reason ‘slow’ “since noon”', /since noon/],
    ['a mention of everybody', '/rollback porttrack-app to 2 reason <!channel> <!here> look', /look/],
    ['emoji', '/rollback porttrack-app to 1 motivo 🚢🔥 todo caído', /🚢🔥 todo caído/u],
    ['right-to-left marks', '/rollback porttrack-app to 5 motivo \u202Etxt.exe\u202C ‏שלום', /שלום/],
  ])('%s', async (_what, text, reason) => {
    const ana = world.as('ana')
    await ana.command(text)
    const run = await waitingRun(world, 'porttrack-app')
    const card = await cardOf(ana, run.id, 'run:confirm')
    expect(textOf(card)).toMatch(reason)
    const raw = JSON.stringify(card)
    expect(raw).not.toMatch(/<!(channel|here)>/)
    expect(raw).not.toMatch(/[\u202A-\u202E]/)
    await ana.command(`/rescue stop ${run.id}`)
    await ended(world, run.id)
  })
})

describe('what comes twice happens once', () => {
  it("Slack's retry of one command: one run", async () => {
    const ana = world.as('ana')
    const count = await runs()
    world.sandbox.workspace.sockets.duplicateNext()
    await ana.command('/rollback porttrack-worker to 1')
    const run = await waitingRun(world, 'porttrack-worker')
    await cardOf(ana, run.id, 'run:confirm')
    expect(await runs()).toBe(count + 1)
    const answer = await privately(ana, () => ana.command('/rollback porttrack-worker to 1 reason in other words'))
    expect(answer).toContain(run.id)
    expect(await runs()).toBe(count + 1)
    await ana.command(`/rescue stop ${run.id}`)
    await ended(world, run.id)
  })

  it('the form sent twice: one run', async () => {
    const ana = world.as('ana')
    const count = await runs()
    await ana.command('/rollback porttrack-app')
    const view = await until('the filled form', async () => {
      const open = await ana.view()
      return open !== null && /revision:porttrack-app/.test(JSON.stringify(open.blocks)) ? open : undefined
    })
    const values = { app: { 'rollback:app': 'porttrack-app' }, 'revision:porttrack-app': { 'rollback:revision': '3' } }
    const answers = await Promise.all([ana.submit(view, values), ana.submit(view, values)])
    expect(
      answers.some((answer) => answer['ok'] === true),
      JSON.stringify(answers),
    ).toBe(true)
    const run = await waitingRun(world, 'porttrack-app')
    await cardOf(ana, run.id, 'run:confirm')
    expect(await runs()).toBe(count + 1)
    await ana.command(`/rescue stop ${run.id}`)
    await ended(world, run.id)
  })

  it('a click twice, a click of another, a held target, and a click on a message that is over', async () => {
    const [ana, luis] = [world.as('ana'), world.as('luis')]
    await luis.command('/rollback porttrack-app to 5')
    const second = await waitingRun(world, 'porttrack-app')
    await ana.command('/rollback porttrack-app to 3')
    const first = await until('the other run', async () => {
      const run = await waitingRun(world, 'porttrack-app')
      return run.id === second.id ? undefined : run
    })
    const card = await cardOf(ana, first.id, 'run:confirm')
    await stops.at('porttrack-app', 'result of compareWithPlan')
    await Promise.all([1, 2, 3].map(() => ana.click({ channel: ops, ts: card.ts }, 'run:confirm')))
    await stops.reached('porttrack-app', 'result of compareWithPlan')

    const held = await privately(luis, () => luis.command('/rollback porttrack-app to 1'))
    expect(held).toContain(first.id)
    expect(held).toMatch(/ana|U0ANA/i)
    const other = await cardOf(luis, second.id, 'run:confirm')
    const heldAgain = await privately(luis, () => luis.click({ channel: ops, ts: other.ts }, 'run:confirm'))
    expect(heldAgain).toContain(first.id)

    await stops.goOn()
    expect((await ended(world, first.id)).outcome).toMatchObject({ kind: 'verified' })
    expect(patchesOf(world, '', deployment)).toBe(1)
    const after = await until('the card without its question', async () => {
      const now = (await ana.messages(ops)).find((message) => message.ts === card.ts)
      return now !== undefined && !buttonsOf(now).some((button) => button.action_id === 'run:confirm') ? now : undefined
    })
    expect(textOf(after)).toContain(first.id)
    const stale = await ana.click({ channel: ops, ts: card.ts }, 'run:confirm')
    expect(stale['ok']).toBe(false)
    expect(patchesOf(world, '', deployment)).toBe(1)

    await confirmRun(luis, second.id)
    expect((await ended(world, second.id)).outcome).toMatchObject({ kind: 'refused', reason: 'world_moved' })
    expect(patchesOf(world, '', deployment)).toBe(1)
  })

  it('a click after the plan has expired runs nothing', async () => {
    const ana = world.as('ana')
    await ana.command('/rollback porttrack-worker to 2')
    const run = await waitingRun(world, 'porttrack-worker')
    const card = await cardOf(ana, run.id, 'run:confirm')
    await world.db.query(`update rescue.runs set plan_expires_at = clock_timestamp() where id = $1`, [run.id])
    const answer = await privately(ana, () => ana.click({ channel: ops, ts: card.ts }, 'run:confirm'))
    expect(answer).toMatch(/caduc/)
    expect((await listRuns(world.db, { limit: 200 })).find(({ id }) => id === run.id)?.confirmedAt).toBeUndefined()
  })
})
