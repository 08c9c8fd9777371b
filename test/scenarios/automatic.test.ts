import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectApi } from '../../sandbox/kubelet/api.ts'
import { rolloutStatus } from '../../src/services/kubernetes/workload/rollout-status.ts'
import { workloadOf } from '../../src/services/kubernetes/workload/workload.ts'
import { decisionsOf } from '../../src/store/automatic.ts'
import { incidentTimeline, listIncidents } from '../../src/store/incidents.ts'
import { listRuns } from '../../src/store/runs.ts'
import type { AutomaticRow, RunRow } from '../../src/store/types.ts'
import { buttonsOf, type Message, ops, textOf, until } from './support/person.ts'
import { auditOf, botMessages, confirmRun, ended, killBot, patchesOf, runOf } from './support/runs.ts'
import { installStops } from './support/stops.ts'
import { planned, says, startWorld, type World } from './support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ automatic: true, replicas: 2 })
}, 120_000)
afterAll(() => world?.stop(), 60_000)

const pathOf = (app: string) => `/apis/apps/v1/namespaces/porttrack/deployments/${app}`
const imageOf = async (app: string): Promise<string> => (await world.release(app)).image

const decided = (app: string, wanted: (row: AutomaticRow) => boolean): Promise<AutomaticRow> =>
  until(`a decision about ${app}`, async () => (await decisionsOf(world.db, app)).find(wanted), 60)

const cardOf = (pattern: RegExp, button: string): Promise<Message> =>
  until(`a card like ${pattern} with ${button}`, async () =>
    (await botMessages(world.as('ana'), ops)).findLast(
      (message) => pattern.test(textOf(message)) && buttonsOf(message).some(({ action_id }) => action_id === button),
    ),
  )

const pagesOf = async (): Promise<{ title: string; status: string }[]> => {
  const { pagerduty, pagerdutyApiToken, pagerdutyFrom } = world.sandbox.facts
  const headers = {
    authorization: `Token token=${pagerdutyApiToken}`,
    accept: 'application/vnd.pagerduty+json;version=2',
    from: pagerdutyFrom,
  }
  const answer = (await (await fetch(`${pagerduty}/incidents`, { headers })).json()) as {
    incidents: { title: string; status: string }[]
  }
  return answer.incidents
}

const watcherRuns = async (app: string): Promise<RunRow[]> =>
  (await listRuns(world.db, { subject: { kind: 'app', name: app } })).filter(({ actor }) => actor.kind === 'watcher')

describe('a release that saves itself', () => {
  it('is undone without a click, also when the replica that acts dies over it: one run, one change, told, paged, resolved', async () => {
    const worker = 'porttrack-worker'
    const before = await imageOf(worker)
    const stops = await installStops(world.db)
    try {
      await stops.at(worker, 'result of plan')
      const leader = await until('a leader', leaderOf)
      await world.scenario('crash-loop')
      await stops.reached(worker, 'result of plan')
      await killBot(world, leader)
      await stops.drop()
      const row = await decided(worker, ({ decision }) => decision === 'act')
      await until('the old image', async () => (await imageOf(worker)) === before, 40)
      const card = await says(world.as('ana'), /porttrack-worker: la revisión \d+ está mal/)
      expect(textOf(card)).toMatch(/exit 1/)
      expect(buttonsOf(card).map(({ action_id }) => action_id)).not.toContain('run:confirm')
      expect(await ended(world, row.runId ?? '')).toMatchObject({ outcome: { kind: 'verified' } })
      const audit = await auditOf(world, row.runId ?? '')
      expect(audit.filter((word) => word === 'decision' || word === 'outcome')).toEqual(['decision', 'outcome'])
    } finally {
      await stops.close()
    }
    expect(await watcherRuns(worker)).toHaveLength(1)
    expect(patchesOf(world, worker, pathOf(worker))).toBe(1)
    const page = await until(
      'the page is resolved',
      async () => (await pagesOf()).find(({ title, status }) => title.includes(worker) && status === 'resolved'),
      40,
    )
    expect(page.title).toMatch(/sus pods mueren una y otra vez/)
    const [incident] = await listIncidents(world.db, { subject: { kind: 'app', name: worker } })
    const timeline = await incidentTimeline(world.db, incident?.id ?? '')
    expect(timeline.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['bad_release', 'page_sent', 'page_resolved', 'resolved']),
    )
  }, 180_000)

  it('is never saved twice in a row: people get the reason and every way on, and the button plans it', async () => {
    // A moment ago, however long this machine took since.
    await world.db.query(
      `update rescue.runs set confirmed_at = now() + interval '10 minutes' where actor ->> 'kind' = 'watcher'`,
    )
    await world.scenario('crash-loop')
    await decided('porttrack-worker', ({ reason }) => reason === 'cool_down')
    const card = await cardOf(/Te lo dejo a ti/, 'run:request')
    expect(textOf(card)).toContain('No se ha cambiado nada.')
    await world.as('marta').click({ channel: ops, ts: card.ts }, 'run:request')
    const own = await runOf(
      world,
      'porttrack-worker',
      ({ actor, state }) => actor.name === 'marta' && state === 'waiting',
    )
    await confirmRun(world.as('marta'), own.id)
    expect(await ended(world, own.id)).toMatchObject({ outcome: { kind: 'verified' } })
  }, 120_000)
})

describe('a question', () => {
  it('has its own button, and leaves a person’s own /rollback as it was; that one takes the question back', async () => {
    const ana = world.as('ana')
    const before = await world.release()
    await world.scenario('bad-release')
    const card = await cardOf(/porttrack-app: la revisión \d+ está mal/, 'automatic:confirm')
    expect(textOf(card)).toMatch(/Sin un clic no cambia nada/)
    const plan = await planned(ana, `/rollback porttrack-app a ${before.revision}`)
    expect(plan.ts).not.toBe(card.ts)
    expect(await ana.click({ channel: ops, ts: plan.ts }, 'run:confirm')).toMatchObject({ ok: true })
    const own = await runOf(world, 'porttrack-app', ({ actor }) => actor.name === 'ana')
    expect(await ended(world, own.id)).toMatchObject({ outcome: { kind: 'verified' } })
    const [question] = await watcherRuns('porttrack-app')
    expect((await ended(world, question?.id ?? '')).outcome).toMatchObject({ reason: 'superseded' })
    await says(ana, /retirado: otra persona ya está en ello/)
  }, 120_000)

  it('is answered by whoever may: a guest is refused, a click rolls back', async () => {
    await world.scenario('image-missing')
    await decided('porttrack-app', ({ release }) => release['signal'] === 'image_pull')
    const card = await cardOf(/su imagen no se puede descargar/, 'automatic:confirm')
    await world.as('invitado').click({ channel: ops, ts: card.ts }, 'automatic:confirm')
    await says(world.as('invitado'), /hace falta el rol/)
    await world.as('luis').click({ channel: ops, ts: card.ts }, 'automatic:confirm')
    const [run] = await watcherRuns('porttrack-app')
    expect(await ended(world, run?.id ?? '')).toMatchObject({
      outcome: { kind: 'verified' },
      confirmedBy: { name: 'luis' },
    })
  }, 120_000)

  it('is not asked about a release that is only slow', async () => {
    const before = await watcherRuns('porttrack-app')
    await world.scenario('slow-release')
    const slow = await until('the slow version is out', async () => ((await isOut()) ? world.release() : undefined), 90)
    expect(slow.image).toMatch(/slow/)
    const judged = (await decisionsOf(world.db, 'porttrack-app')).map(({ release }) => release['revision'])
    expect(judged).not.toContain(slow.revision)
    expect(await watcherRuns('porttrack-app')).toHaveLength(before.length)
  }, 120_000)
})

describe('/rescue automatic', () => {
  it('makes it stricter for a while and sets it back, never beyond the catalog', async () => {
    const luis = world.as('luis')
    await luis.command('/rescue automático porttrack-worker apagado durante 2h')
    await says(luis, /porttrack-worker\*? esté mal: nada\. Lo puso/)
    await world.as('invitado').command('/rescue automatic porttrack-worker act')
    await says(world.as('invitado'), /hace falta el rol/)
    await luis.command('/rescue automatic porttrack-agent act')
    await says(luis, /el catálogo permite como mucho: nada/)
    await luis.command('/rescue automatic')
    await says(luis, /Qué hace el bot por sí mismo[\s\S]*porttrack-worker\*?: nada[\s\S]*vuelve atrás al momento/)
    await luis.command('/rescue automatic porttrack-worker act')
    await says(luis, /porttrack-worker\*? esté mal: vuelve atrás al momento/)
    const { rows } = await world.db.query<{ mode: string }>(
      `select data ->> 'mode' as mode from rescue.audit where kind = 'automatic' order by seq`,
    )
    expect(rows.map(({ mode }) => mode)).toEqual(['off', 'act'])
  }, 60_000)
})

describe('when the replica that watches dies', () => {
  it('a release that went bad while nobody watched is found by the next one', async () => {
    const asked = (await watcherRuns('porttrack-app')).length
    const leader = await until('a leader', leaderOf)
    await killBot(world, leader)
    await world.scenario('bad-release')
    await until('a question', async () => (await watcherRuns('porttrack-app')).length > asked, 60)
  }, 120_000)
})

/** All pods of porttrack-app are of its newest version, and serve. */
async function isOut(): Promise<boolean> {
  const api = connectApi(world.sandbox.facts.kubeconfig, 'pipeline')
  const raw = await api.client.get(pathOf('porttrack-app')).finally(() => api.close())
  const address = { namespace: 'porttrack', kind: 'deployment', name: 'porttrack-app' } as const
  return rolloutStatus(workloadOf(address, raw)).kind === 'done'
}

/** Which of the bots watches releases now. */
async function leaderOf(): Promise<number | undefined> {
  const texts = await Promise.all(
    world.sandbox.bots.map(({ health }) => fetch(health.replace('healthz', 'metrics')).then((answer) => answer.text())),
  )
  const found = texts.findIndex((text) => /rescue_leading\{work="rescue settles bad releases"\} 1/.test(text))
  return found === -1 ? undefined : found
}
