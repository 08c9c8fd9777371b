import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Fault } from '../../sandbox/cluster/faults.ts'
import { connectApi } from '../../sandbox/kubelet/api.ts'
import { buttonsOf, textOf, until } from './support/person.ts'
import { auditOf, auditVerdict, cardOf, confirmRun, ended, patchesOf, waitingRun, wholeAudit } from './support/runs.ts'
import { firstImage, secondImage, shopPath } from './support/shop.ts'
import { installStops, type Stops } from './support/stops.ts'
import { toldOnce } from './support/told.ts'
import { startWorld, type World } from './support/world.ts'

type Case = {
  readonly what: string
  readonly method: 'GET' | 'PATCH'
  readonly answer: Fault['answer']
  readonly times?: number
  readonly after?: 'result of restoreTemplate'
  readonly kind?: 'verified' | 'refused' | 'failed'
  readonly reason?: string
  readonly patches?: number
}

/** The API server's trouble, at the step where it comes; what is not said ends verified with one change. */
const apiTrouble: readonly Case[] = [
  { what: 'comparing: connections are reset', method: 'GET', answer: 'reset', times: 3 },
  { what: 'comparing: 503', method: 'GET', answer: { status: 503 }, times: 2 },
  { what: 'comparing: 403', method: 'GET', answer: { status: 403 }, kind: 'refused', reason: 'forbidden', patches: 0 },
  { what: 'the change: its answer is lost', method: 'PATCH', answer: 'lost' },
  { what: 'the change: reset before it is done', method: 'PATCH', answer: 'reset' },
  { what: 'the change: half-open', method: 'PATCH', answer: 'half-open' },
  { what: 'the change: 409', method: 'PATCH', answer: { status: 409 } },
  {
    what: 'the change: 429',
    method: 'PATCH',
    answer: { status: 429, headers: { 'retry-after': '1' } },
    times: 2,
  },
  { what: 'the change: 500', method: 'PATCH', answer: { status: 500 } },
  {
    what: 'the change: 403',
    method: 'PATCH',
    answer: { status: 403 },
    kind: 'refused',
    reason: 'forbidden',
    patches: 0,
  },
  {
    what: 'the pods: connections are reset',
    method: 'GET',
    answer: 'reset',
    times: 3,
    after: 'result of restoreTemplate',
  },
  { what: 'the pods: half-open', method: 'GET', answer: 'half-open', after: 'result of restoreTemplate' },
  { what: 'the pods: 410', method: 'GET', answer: { status: 410 }, after: 'result of restoreTemplate' },
  {
    what: 'the pods: 403',
    method: 'GET',
    answer: { status: 403 },
    times: 8,
    after: 'result of restoreTemplate',
    kind: 'failed',
    reason: 'forbidden',
  },
]
const others = ['slack-away', 'slack-shaky', 'store-backends', 'store-killed', 'paging'] as const

let world: World
let stops: Stops
const appFor = (other: (typeof others)[number]): string => world.shop[apiTrouble.length + others.indexOf(other)] ?? ''

beforeAll(async () => {
  world = await startWorld({ shop: apiTrouble.length + others.length })
  stops = await installStops(world.db)
}, 120_000)
afterAll(async () => {
  await stops?.close()
  await world?.stop()
}, 60_000)
afterEach(() => {
  world.cluster.faults.clear()
  world.sandbox.workspace.faults.clear()
  world.sandbox.workspace.goAway(false)
  world.sandbox.pagerduty.away(false)
})

/** A run of the app that is confirmed and waits where it begins to look at its pods. */
async function heldRun(app: string) {
  const ana = world.as('ana')
  await ana.command(`/rollback ${app} to 1`)
  const run = await waitingRun(world, app)
  await stops.at(app, 'result of restoreTemplate')
  await confirmRun(ana, run.id)
  await stops.reached(app, 'result of restoreTemplate')
  return { ana, run }
}

async function wentWell(app: string, id: string): Promise<void> {
  const run = await ended(world, id, 90)
  expect(run.outcome, app).toMatchObject({ kind: 'verified' })
  expect(patchesOf(world, app), app).toBe(1)
  expect(await auditOf(world, id), app).toEqual(wholeAudit)
  await toldOnce(world, world.as('ana'), run, app)
}

describe('the API server is in trouble', () => {
  it('at each step: the run goes on, or ends and says why', { timeout: 150_000 }, async () => {
    const ana = world.as('ana')
    const cases = apiTrouble.map((one, index) => ({ ...one, app: world.shop[index] ?? '' }))
    await Promise.all(cases.map(({ app }) => ana.command(`/rollback ${app} to 1`)))
    const runs = await Promise.all(cases.map(({ app }) => waitingRun(world, app)))
    // The evidence is read first, so that the trouble meets the steps.
    for (const run of runs) await until('the evidence', async () => (await auditOf(world, run.id)).includes('evidence'))
    const trouble = ({ app, method, answer, times }: (typeof cases)[number]) =>
      world.cluster.faults.add({ match: { method, path: `^${shopPath(app)}(\\?|$)` }, answer, times: times ?? 1 })
    for (const one of cases) if (one.after === undefined) trouble(one)
    const late = cases.filter(({ after }) => after !== undefined)
    for (const { app } of late) await stops.at(app, 'result of restoreTemplate')
    await Promise.all(runs.map((run) => confirmRun(ana, run.id)))
    for (const { app } of late) await stops.reached(app, 'result of restoreTemplate')
    for (const one of late) trouble(one)
    await stops.goOn()
    const overs = await Promise.all(runs.map((run) => ended(world, run.id, 90)))
    // The last one meets as many as it needs to be sure.
    const unmet = world.cluster.faults.unused().map((fault) => String(fault.match.path))
    world.cluster.faults.clear()
    expect(unmet.filter((path) => !path.includes(late.at(-1)?.app ?? ''))).toEqual([])
    for (const [index, one] of cases.entries()) {
      const about = `${one.app}, ${one.what}`
      const run = overs[index]
      if (run === undefined) throw new Error('there is one for each')
      expect(run.outcome?.kind, about).toBe(one.kind ?? 'verified')
      if (one.reason !== undefined) expect(run.outcome?.reason, about).toBe(one.reason)
      expect(patchesOf(world, one.app), `changes of ${about}`).toBe(one.patches ?? 1)
      expect((await world.release(one.app)).image, about).toBe(one.patches === 0 ? secondImage : firstImage)
      const { card } = await toldOnce(world, ana, run, about)
      if (run.outcome?.kind !== 'verified') expect(textOf(card), about).toMatch(/403|permiso|RBAC|no me deja/i)
    }
  })
})

describe('Slack is in trouble', () => {
  it('away while the run goes on: all of it is told when Slack is back', { timeout: 90_000 }, async () => {
    const app = appFor('slack-away')
    const { run } = await heldRun(app)
    world.sandbox.workspace.goAway(true)
    await stops.goOn()
    expect((await ended(world, run.id)).outcome).toMatchObject({ kind: 'verified' })
    world.sandbox.workspace.goAway(false)
    await wentWell(app, run.id)
  })

  it('429, accepted and then reset, and sockets dropped: nothing is repeated', { timeout: 90_000 }, async () => {
    const app = appFor('slack-shaky')
    const ana = world.as('ana')
    const { faults, sockets } = world.sandbox.workspace
    faults.add({ method: 'chat.postMessage', times: 2, answer: 'accepted-then-reset' })
    faults.add({ method: 'chat.postMessage', times: 1, answer: { status: 429, retryAfter: 1 } })
    await ana.command(`/rollback ${app} to 1`)
    const run = await waitingRun(world, app)
    await cardOf(ana, run.id, 'run:confirm')
    sockets.dropAll()
    await until('the socket is back', async () => sockets.count() > 0)
    faults.add({ method: 'chat.postMessage', times: 2, answer: 'accepted-then-reset' })
    faults.add({ method: 'conversations.create', times: 1, answer: 'accepted-then-reset' })
    faults.add({ method: 'chat.update', times: 2, answer: { status: 429, retryAfter: 1 } })
    faults.add({ method: 'chat.update', times: 1, answer: { error: 'fatal_error' } })
    await confirmRun(ana, run.id)
    await wentWell(app, run.id)
    expect(faults.unused()).toEqual([])
    const { rows } = await world.db.query<{ key: string }>(
      'select i.key from rescue.incidents i join rescue.runs r on r.incident_id = i.id where r.id = $1',
      [run.id],
    )
    const channels = (await ana.channels()).filter(({ name }) => name.includes(app))
    expect(
      channels.map(({ name }) => name),
      rows[0]?.key,
    ).toHaveLength(1)
  })
})

describe('the store is in trouble while a run is under way', () => {
  it('all its connections break: the run goes on', { timeout: 90_000 }, async () => {
    const app = appFor('store-backends')
    const { run } = await heldRun(app)
    await world.db.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
         and application_name not like 'rescue owner %'`,
    )
    await stops.close()
    stops = await installStops(world.db)
    await stops.goOn()
    await wentWell(app, run.id)
  })

  it('its server is killed and comes back: the run goes on', { timeout: 120_000 }, async () => {
    const app = appFor('store-killed')
    const ana = world.as('ana')
    await ana.command(`/rollback ${app} to 1`)
    const run = await waitingRun(world, app)
    await confirmRun(ana, run.id)
    await until('the change', async () => patchesOf(world, app) === 1)
    const { rows } = await world.db.query<{ data_directory: string }>('show data_directory')
    const pid = Number((await readFile(join(rows[0]?.data_directory ?? '', 'postmaster.pid'), 'utf8')).split('\n')[0])
    process.kill(pid, 'SIGKILL')
    await wentWell(app, run.id)
    expect(await auditVerdict(world)).toMatchObject({ kind: 'intact' })
    stops = await installStops(world.db)
  })
})

describe('PagerDuty is away when a rollback fails', () => {
  it('pages once when it is back, names pod and reason, and the next rollback resolves it', {
    timeout: 150_000,
  }, async () => {
    const app = appFor('paging')
    const ana = world.as('ana')
    const api = connectApi(world.sandbox.facts.kubeconfig, 'pipeline')
    for (const [revision, image] of [
      ['3', 'registry.example/shop:1.2.0-missing'],
      ['4', 'registry.example/shop:1.3.0'],
    ]) {
      await api.write({
        method: 'PATCH',
        patch: 'json',
        path: shopPath(app),
        body: [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: image }],
      })
      await until(`revision ${revision}`, async () => String((await world.release(app)).revision) === revision)
    }
    await api.close()
    world.sandbox.pagerduty.away(true)
    await ana.command(`/rollback ${app} to 3`)
    const run = await waitingRun(world, app)
    await confirmRun(ana, run.id)
    const failed = await ended(world, run.id, 90)
    expect(failed.outcome).toMatchObject({ kind: 'failed', reason: 'rollout_failed' })
    const pages = () =>
      world.sandbox.pagerduty.pagingSummary().incidents.filter(({ title }) => title.includes(`${app} `))
    expect(pages()).toEqual([])
    world.sandbox.pagerduty.away(false)
    const { progress, card } = await toldOnce(world, ana, failed, app)
    expect(textOf(progress)).toMatch(new RegExp(`${app}-[a-z0-9]+-[a-z0-9]+`))
    expect(textOf(progress)).toMatch(/ImagePullBackOff|imagen|image/i)
    expect(pages()).toHaveLength(1)
    expect(buttonsOf(card).length + buttonsOf(progress).length).toBeGreaterThan(0)
    await ana.command(`/rollback ${app} to 2`)
    const mended = await waitingRun(world, app)
    expect(mended.id).not.toBe(run.id)
    await confirmRun(ana, mended.id)
    expect((await ended(world, mended.id)).outcome).toMatchObject({ kind: 'verified' })
    await toldOnce(world, ana, await ended(world, mended.id), `${app} again`)
    expect(pages().map(({ status }) => status)).toEqual(['resolved'])
  })
})
