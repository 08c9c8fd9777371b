import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bot, startBot } from '../../sandbox/bot.ts'
import { listRuns } from '../../src/store/runs.ts'
import { freePort } from '../bench/ports.ts'
import { ops, until } from './support/person.ts'
import { cardOf, ended, patchesOf, waitingRun } from './support/runs.ts'
import { firstImage } from './support/shop.ts'
import { startWorld, type World } from './support/world.ts'

let world: World
let bot: Bot
let address = ''
beforeAll(async () => {
  world = await startWorld({ shop: 2 })
  const [port, metricsPort] = [await freePort(), await freePort()]
  const { SLACK_APP_TOKEN: _socketMode, ...environment } = world.sandbox.environment
  bot = await startBot({
    environment: {
      ...environment,
      SLACK_SIGNING_SECRET: world.sandbox.workspace.signingSecret,
      PORT: String(port),
      METRICS_PORT: String(metricsPort),
    },
    metricsPort,
    onLog: () => undefined,
  })
  address = `http://127.0.0.1:${port}/slack/events`
  // From here on Slack posts everything there: the other replica hears nothing any more.
  world.sandbox.workspace.setRequestUrl(address)
}, 120_000)
afterAll(async () => {
  await bot?.stop()
  await world?.stop()
}, 60_000)

/** A slash command as Slack posts it. */
function commandBody(text: string, trigger: string): string {
  const fields = { command: '/rollback', text, user_id: 'U0ANA', user_name: 'ana', team_id: 'T0PORTTRACK' }
  const place = { channel_id: ops, channel_name: 'porttrack-ops', response_url: 'http://127.0.0.1:9/none' }
  return new URLSearchParams({ ...fields, ...place, trigger_id: trigger }).toString()
}

type Signed = { readonly secret?: string; readonly ageSeconds?: number; readonly over?: string }

/** Posts a body with Slack's headers; `over` signs another body than the one that is sent. */
async function post(body: string, signed: Signed = {}): Promise<number> {
  const time = String(Math.floor(Date.now() / 1000) - (signed.ageSeconds ?? 0))
  const secret = signed.secret ?? world.sandbox.workspace.signingSecret
  const signature = createHmac('sha256', secret)
    .update(`v0:${time}:${signed.over ?? body}`)
    .digest('hex')
  const answer = await fetch(address, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': time,
      'x-slack-signature': `v0=${signature}`,
    },
  })
  return answer.status
}

const runs = async () => (await listRuns(world.db)).length

describe('Slack posts to a URL instead of a socket', () => {
  it('a command is planned, confirmed by its button and done, all over signed requests', async () => {
    const ana = world.as('ana')
    await ana.command('/rollback shop-01 a 1 motivo por HTTP')
    const { id } = await waitingRun(world, 'shop-01')
    const card = await cardOf(ana, id, 'run:confirm')
    expect(await ana.click({ channel: ops, ts: card.ts }, 'run:confirm')).toMatchObject({ ok: true })
    const run = await ended(world, id)
    expect(run.outcome).toMatchObject({ kind: 'verified', reason: 'rolled_back' })
    expect(patchesOf(world, 'shop-01')).toBe(1)
    expect((await world.release('shop-01')).image).toBe(firstImage)
  })

  it('a form is opened and sent, and its faults come back under the field', async () => {
    const ana = world.as('ana')
    await ana.command('/rollback shop-02 emergencia')
    const view = await until('the form', async () => (await ana.view()) ?? undefined)
    const sent = await ana.submit(view, { reason: { 'rollback:reason': 'por HTTP' } })
    expect(sent).toMatchObject({ ok: true })
    expect(await waitingRun(world, 'shop-02')).toMatchObject({ risk: 'break-glass', params: { reason: 'por HTTP' } })
  })
})

describe('what is not signed by Slack', () => {
  const body = commandBody('shop-01 to 2', 'forged.1')

  it.each<[string, Signed]>([
    ['with another secret', { secret: 'another-secret' }],
    ['for another body', { over: commandBody('help', 'forged.2') }],
    ['six minutes ago, and sent again', { ageSeconds: 360 }],
  ])('is refused when it is signed %s: nothing begins', async (_how, signed) => {
    const before = await runs()
    expect(await post(body, signed)).toBe(401)
    expect(await runs()).toBe(before)
  })

  it('is refused without any signature', async () => {
    const before = await runs()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await fetch(address, { method: 'POST', body, headers })).status).toBe(401)
    expect(await runs()).toBe(before)
  })

  it('and the same body, signed now with the right secret, is taken, once however often it comes', async () => {
    const before = await runs()
    const again = await Promise.all([post(body), post(body), post(body)])
    expect(again).toEqual([200, 200, 200])
    await until('the run', async () => (await runs()) === before + 1)
    expect(await post(body)).toBe(200)
    expect(await runs()).toBe(before + 1)
  })
})
