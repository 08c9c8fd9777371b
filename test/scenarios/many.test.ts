import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectApi } from '../../sandbox/kubelet/api.ts'
import { listHolds } from '../../src/store/holds.ts'
import { listRuns } from '../../src/store/runs.ts'
import { ops, textOf, until } from './support/person.ts'
import {
  auditOf,
  auditVerdict,
  botUp,
  cardOf,
  confirmRun,
  ended,
  killBot,
  patchesOf,
  waitingRun,
  wholeAudit,
} from './support/runs.ts'
import { firstImage, shopPath } from './support/shop.ts'
import { installStops, type Stops } from './support/stops.ts'
import { toldOnce } from './support/told.ts'
import { startWorld, type World } from './support/world.ts'

const atOnce = 20
let world: World
let stops: Stops
beforeAll(async () => {
  world = await startWorld({ shop: atOnce + 2, replicas: 2 })
  stops = await installStops(world.db)
}, 120_000)
afterAll(async () => {
  await stops?.close()
  await world?.stop()
}, 60_000)

describe('two replicas', () => {
  it('twenty apps at once: each is rolled back by one change and told once', { timeout: 150_000 }, async () => {
    const people = ['ana', 'luis'].map((name) => world.as(name))
    const apps = world.shop.slice(0, atOnce)
    const by = (index: number) => people[index % people.length] ?? world.as('ana')
    await Promise.all(apps.map((app, index) => by(index).command(`/rollback ${app} to 1`)))
    const runs = await Promise.all(apps.map((app) => waitingRun(world, app)))
    await Promise.all(runs.map((run, index) => confirmRun(by(index), run.id)))
    for (const [index, app] of apps.entries()) {
      const run = await ended(world, runs[index]?.id ?? '', 120)
      expect(run.outcome, app).toMatchObject({ kind: 'verified' })
      expect((await world.release(app)).image, app).toBe(firstImage)
      expect(patchesOf(world, app), app).toBe(1)
      expect(await auditOf(world, run.id), app).toEqual(wholeAudit)
      await toldOnce(world, by(index), run, app)
    }
  })

  it('one is killed while it waits for pods: the other goes on with its run', { timeout: 90_000 }, async () => {
    const ana = world.as('ana')
    const app = world.shop[atOnce] ?? ''
    await ana.command(`/rollback ${app} to 1`)
    const run = await waitingRun(world, app)
    await stops.at(app, 'result of awaitRollout')
    await confirmRun(ana, run.id)
    await stops.reached(app, 'result of awaitRollout')
    const executor = async () => {
      const { rows } = await world.db.query<{ executor_id: string }>(
        'select executor_id from dbos.workflow_status where workflow_uuid = $1',
        [`${run.id}/execute`],
      )
      return rows[0]?.executor_id ?? ''
    }
    const first = await executor()
    const owner = world.sandbox.bots.findIndex((bot) => first.includes(`-${bot.pid()}-`))
    expect(owner, first).toBeGreaterThanOrEqual(0)
    const other = world.sandbox.bots[1 - owner]?.pid() ?? 0
    await killBot(world, owner)
    await stops.drop()
    const over = await ended(world, run.id)
    expect(over.outcome).toMatchObject({ kind: 'verified' })
    expect(await executor()).toContain(`-${other}-`)
    expect(patchesOf(world, app)).toBe(1)
    expect(await auditOf(world, run.id)).toEqual(wholeAudit)
    await toldOnce(world, ana, over, app)
    await botUp(world, owner)
  })

  it('twenty plans for one app confirmed at once: one runs, the others learn who holds it', {
    timeout: 150_000,
  }, async () => {
    const app = world.shop[atOnce + 1] ?? ''
    await releaseMany(app, atOnce + 1)
    const people = ['ana', 'luis'].map((name) => world.as(name))
    const by = (index: number) => people[index % people.length] ?? world.as('ana')
    await Promise.all(
      Array.from({ length: atOnce }, (_, index) => by(index).command(`/rollback ${app} to ${index + 1}`)),
    )
    const runs = await until(
      'twenty plans',
      async () => {
        const waiting = (await listRuns(world.db, { states: ['waiting'], limit: 100 })).filter(
          (run) => run.subject.name === app,
        )
        return waiting.length === atOnce ? waiting : undefined
      },
      60,
    )
    const cards = await Promise.all(runs.map((run) => cardOf(world.as('ana'), run.id, 'run:confirm')))
    await stops.at(app, 'result of compareWithPlan')
    const clicks = await Promise.all(
      cards.map((card, index) => by(index).click({ channel: ops, ts: card.ts }, 'run:confirm')),
    )
    expect(clicks.filter((answer) => answer['ok'] === true)).toHaveLength(atOnce)
    await stops.reached(app, 'result of compareWithPlan')
    const holds = (await listHolds(world.db)).filter(({ target }) => target.endsWith(app))
    expect(holds).toHaveLength(1)
    const holder = holds[0]?.runId ?? ''
    const refused = await Promise.all(
      people.map((who) =>
        until('all answers', async () => {
          const told = (await who.messages(ops)).filter(
            (message) => message.is_ephemeral === true && new RegExp(`la tiene\\W*${holder}`).test(textOf(message)),
          )
          return told.length >= atOnce / 2 - 1 ? told.length : undefined
        }),
      ),
    )
    expect(refused.reduce((sum, count) => sum + count, 0)).toBe(atOnce - 1)
    await stops.goOn()
    expect((await ended(world, holder)).outcome).toMatchObject({ kind: 'verified' })
    expect(patchesOf(world, app)).toBe(1)
    const states = (await listRuns(world.db, { limit: 100 })).filter((run) => run.subject.name === app)
    expect(states.filter((run) => run.confirmedAt !== undefined).map(({ id }) => id)).toEqual([holder])
    expect(await auditVerdict(world)).toMatchObject({ kind: 'intact' })
  })
})

/** A past of so many revisions. */
async function releaseMany(app: string, revisions: number): Promise<void> {
  const api = connectApi(world.sandbox.facts.kubeconfig, 'pipeline')
  try {
    for (let revision = 3; revision <= revisions; revision++) {
      await api.write({
        method: 'PATCH',
        patch: 'json',
        path: shopPath(app),
        body: [
          { op: 'add', path: '/spec/revisionHistoryLimit', value: 50 },
          {
            op: 'replace',
            path: '/spec/template/spec/containers/0/image',
            value: `registry.example/shop:1.${revision}.0`,
          },
        ],
      })
      await until(`revision ${revision}`, async () => (await world.release(app)).revision === revision)
    }
  } finally {
    await api.close()
  }
}
