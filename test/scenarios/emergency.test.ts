import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listAudit } from '../../src/store/audit.ts'
import { findReview } from '../../src/store/reviews.ts'
import type { RunRow } from '../../src/store/types.ts'
import { counted } from './support/clicks.ts'
import { formOf, isPaused, pauseRollout, privately } from './support/emergencies.ts'
import { buttonsOf, type Message, ops, type Person, textOf, until } from './support/person.ts'
import { botUp, cardOf, delivered, ended, killBot, patchesOf, runOf, waitingRun } from './support/runs.ts'
import { firstImage } from './support/shop.ts'
import { startWorld, type World } from './support/world.ts'

let world: World
let ana: Person
beforeAll(async () => {
  world = await startWorld({ shop: 3 })
  ana = world.as('ana')
}, 120_000)
afterAll(() => world?.stop(), 60_000)

const pages = () => world.sandbox.pagerduty.pagingSummary().incidents
const kindsOf = async (run: RunRow['id']) =>
  (await listAudit(world.db, { runId: run, limit: 100 })).toReversed().map(({ kind }) => kind)

/** The card that asks for a review of this run, in the operations channel. */
const reviewOf = (who: Person, run: string, button = 'review:right'): Promise<Message> => cardOf(who, run, button)

/** The emergencies of these stories, in the order in which they were done. */
const done: RunRow['id'][] = []

describe('an emergency', { timeout: 60_000 }, () => {
  it('typed with its reason: at most three clicks to one change that also ends the pause; people are called at once', async () => {
    await pauseRollout(world, 'shop-01')
    const person = counted(ana)
    await ana.command('/rollback shop-01 emergencia motivo 500 en todas las páginas')
    const { id } = await waitingRun(world, 'shop-01')
    const card = await cardOf(ana, id, 'run:confirm')
    expect(textOf(card)).toMatch(/Emergencia · Volver/)
    expect(textOf(card)).toMatch(/se avisa ya a quien está de guardia, y después otra persona lo revisa/)
    expect(textOf(card)).toMatch(/en pausa por alguien con `kubectl rollout`/)
    expect(patchesOf(world, 'shop-01')).toBe(0)
    await person.press(ops, card, 'run:confirm')
    await until('the change', async () => patchesOf(world, 'shop-01') === 1)
    expect(person.clicks()).toBeLessThanOrEqual(3)
    expect((await world.release('shop-01')).image).toBe(firstImage)
    expect(await isPaused(world, 'shop-01')).toBe(false)
    const page = await until('a page', async () => pages().find(({ title }) => title.includes(id)))
    expect(page.title).toMatch(/Emergencia R-\d+ de ana, sin una segunda persona/)
    const run = await ended(world, id)
    expect(run.outcome).toMatchObject({ kind: 'verified', reason: 'rolled_back', detail: { resumed: true } })
    expect(await kindsOf(id)).toEqual(expect.arrayContaining(['break_glass', 'review_requested']))
    expect(patchesOf(world, 'shop-01')).toBe(1)
    done.push(id)
  })

  it('by the form: opened, sent, confirmed; without a reason the form says so and stays', async () => {
    const person = counted(ana)
    await ana.command('/rollback shop-02')
    const view = await until('the filled form', async () => {
      const open = await ana.view()
      return open !== null && JSON.stringify(open.blocks).includes('revision:shop-02') ? open : undefined
    })
    const values = (reason: string) => ({
      app: { 'rollback:app': 'shop-02' },
      'revision:shop-02': { 'rollback:revision': '1' },
      emergency: { 'rollback:emergency': ['emergency'] },
      reason: { 'rollback:reason': reason },
    })
    const refused = await ana.submit(view, values(''))
    expect(JSON.stringify(refused)).toMatch(/"reason":"Una emergencia necesita un motivo escrito/)
    await person.send(view, values('nadie puede entrar'))
    const { id, risk } = await waitingRun(world, 'shop-02')
    expect(risk).toBe('break-glass')
    await person.press(ops, await cardOf(ana, id, 'run:confirm'), 'run:confirm')
    await until('the change', async () => patchesOf(world, 'shop-02') === 1)
    expect(person.clicks()).toBeLessThanOrEqual(3)
    await ended(world, id)
    done.push(id)
  })

  it('typed without its reason is no dead end: only the reason is asked for, and the app is kept', async () => {
    await ana.command('/rollback shop-03 a 1 emergencia')
    const view = await formOf(ana, /emergencia/i)
    expect(textOf(view.blocks)).toContain('shop-03')
    expect(JSON.stringify(view.blocks)).not.toContain('rollback:app')
    expect(await ana.submit(view, { reason: { 'rollback:reason': 'no carga' } })).toMatchObject({ ok: true })
    const run = await waitingRun(world, 'shop-03')
    expect(run.params).toEqual({ app: 'shop-03', toRevision: 1, emergency: true, reason: 'no carga' })
    await ana.command(`/rescue stop ${run.id}`)
    await ended(world, run.id)
  })

  it('is offered where a pause stands in the way, and asks for its reason', async () => {
    await pauseRollout(world, 'shop-03')
    await ana.command('/rollback shop-03')
    const open = await until('the filled form', async () => {
      const view = await ana.view()
      return view !== null && JSON.stringify(view.blocks).includes('revision:shop-03') ? view : undefined
    })
    expect(textOf(open.blocks)).toMatch(/en pausa por alguien con `kubectl rollout`: solo vuelve como emergencia/)
    expect(JSON.stringify(open.blocks)).toMatch(/"initial_option":\{[^}]*"value":"1"/)
    await ana.command('/rollback shop-03 a 1')
    const told = await until('the refusal', async () =>
      (await ana.messages(ops)).find((message) =>
        buttonsOf(message).some(({ action_id }) => action_id === 'app:emergency'),
      ),
    )
    await ana.click({ channel: ops, ts: told.ts }, 'app:emergency')
    const view = await formOf(ana, /emergencia/i)
    await ana.submit(view, { reason: { 'rollback:reason': 'no puede esperar, password=hunter2' } })
    const run = await runOf(world, 'shop-03', ({ params }) => JSON.stringify(params).includes('no puede esperar'))
    // What looks like a secret is nowhere: not in the run, not in the audit, and whoever wrote it is told.
    expect(JSON.stringify([run, await listAudit(world.db, { runId: run.id })])).not.toContain('hunter2')
    await until('the private word', async () => {
      const direct = (
        await world.db.query<{ key: string }>(`select key from rescue.outbox where kind = 'direct' and state = 'done'`)
      ).rows
      return direct.some(({ key }) => key === `person/masked/${run.id}`)
    })
    await ana.command(`/rescue stop ${run.id}`)
    await ended(world, run.id)
  })
})

describe('its review', { timeout: 120_000 }, () => {
  it('is asked of the others, done once by one of them, and stands in the audit', async () => {
    const id = done[0] ?? 'R-0'
    const card = await reviewOf(ana, id)
    expect(card.text).toMatch(/<@U0LUIS>/)
    expect(card.text).toMatch(/<@U0MARTA>/)
    expect(card.text).not.toMatch(/<@U0ANA>.*¿fue lo correcto/)
    const press = (name: string) => () => world.as(name).click({ channel: ops, ts: card.ts }, 'review:right')
    expect(await privately(ana, press('ana'))).toMatch(/tú participaste/)
    expect(await privately(world.as('invitado'), press('invitado'))).toMatch(/rol operador/)
    expect((await findReview(world.db, id))?.verdict).toBeUndefined()
    expect(textOf(await privately(ana, () => ana.command('/rescue reviews')))).toContain(id)
    const home = (who: string) => fetch(new URL(`person/home?user=${who}`, world.page)).then((answer) => answer.text())
    await until('the home tab with the review', async () => (await home('marta')).includes('review:right'))
    await Promise.all([press('marta')(), press('luis')(), press('luis')()])
    const review = await until('the review', async () => {
      const now = await findReview(world.db, id)
      return now?.verdict === undefined ? undefined : now
    })
    expect(review).toMatchObject({ verdict: 'right', actors: ['ana'] })
    const after = await until('the card with the verdict', async () =>
      (await ana.messages(ops)).find(
        (message) => message.ts === card.ts && textOf(message).includes('Revisada: fue lo correcto'),
      ),
    )
    expect(buttonsOf(after).map(({ action_id }) => action_id)).not.toContain('review:right')
    expect((await kindsOf(id)).filter((kind) => kind === 'reviewed')).toHaveLength(1)
    expect(await privately(ana, () => ana.command(`/rescue run ${id}`))).toMatch(/la revisó/)
    expect(await privately(ana, () => ana.command('/rescue reviews'))).not.toContain(id)
  })

  it('that says it was not right carries a remark, and tells whoever acted', async () => {
    const id = done[1] ?? 'R-0'
    const card = await reviewOf(ana, id)
    const luis = world.as('luis')
    await luis.click({ channel: ops, ts: card.ts }, 'review:wrong')
    const view = await formOf(luis, /correcto/)
    await luis.submit(view, { remark: { 'review:remark': 'bastaba una vuelta atrás normal' } })
    await until('the verdict', async () => (await findReview(world.db, id))?.verdict === 'not_right')
    const told = await until('the card with the remark', async () =>
      (await ana.messages(ops)).find(
        (message) => message.ts === card.ts && textOf(message).includes('bastaba una vuelta'),
      ),
    )
    expect(buttonsOf(told).map(({ action_id }) => action_id)).toContain('run:undo')
    await delivered(world)
    const { rows } = await world.db.query<{ payload: unknown }>(`select payload from rescue.outbox where key = $1`, [
      `person/reviewed/${id}`,
    ])
    expect(JSON.stringify(rows)).toContain('U0ANA')
  })

  it('waits while Slack is away, and is asked for once when it is back', async () => {
    world.sandbox.workspace.goAway(true)
    const started = world.cli(
      'ana',
      'rollback',
      'shop-03',
      '--to',
      '1',
      '--emergency',
      '--reason',
      'Slack no va',
      '--yes',
      '--json',
    )
    const told = JSON.parse((await started).stdout)
    expect(told).toMatchObject({ outcome: { kind: 'verified' } })
    const run = told.run as RunRow['id']
    expect(await findReview(world.db, run)).toMatchObject({ actors: ['ana'] })
    world.sandbox.workspace.goAway(false)
    await reviewOf(ana, run)
    await delivered(world)
    const cards = (await ana.messages(ops)).filter((message) =>
      JSON.stringify(message.blocks ?? []).includes(`review:${run}`),
    )
    expect(cards).toHaveLength(1)
    done.push(run)
  })

  it('is reminded of once, also when the bot was killed, and stays open', async () => {
    const id = done[2] ?? 'R-0'
    const card = await reviewOf(ana, id)
    await killBot(world)
    await world.db.query(`update rescue.reviews set remind_at = now() where run_id = $1`, [id])
    await botUp(world)
    const reminders = async () =>
      (await ana.messages(ops, card.ts)).filter(({ ts, text }) => ts !== card.ts && text.includes('lleva un día'))
    await until('the reminder', async () => (await reminders()).length === 1, 40)
    expect((await reminders())[0]?.text).toMatch(/<@U0MARTA>/)
    await delivered(world)
    expect(await reminders()).toHaveLength(1)
    expect((await kindsOf(id)).filter((kind) => kind === 'review_reminded')).toHaveLength(1)
    expect((await findReview(world.db, id))?.verdict).toBeUndefined()
  })
})
