import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { connectApi } from '../../sandbox/kubelet/api.ts'
import { textsAt } from '../../src/services/kubernetes/api/json.ts'
import { buttonsOf, ops, textOf, until } from './support/person.ts'
import { auditOf, auditVerdict, botUp, confirmRun, ended, killBot, patchesOf, waitingRun } from './support/runs.ts'
import { installStops, type Stops } from './support/stops.ts'
import { toldOnce } from './support/told.ts'
import { planned, says, startWorld, type World } from './support/world.ts'

let world: World
let stops: Stops
let api: ReturnType<typeof connectApi>
beforeAll(async () => {
  world = await startWorld()
  stops = await installStops(world.db)
  api = connectApi(world.sandbox.facts.kubeconfig, 'look')
}, 120_000)
afterAll(async () => {
  await api?.close()
  await stops?.close()
  await world?.stop()
}, 60_000)
beforeEach(() => world.scenario('reset'), 60_000)

const app = 'porttrack-web'
const service = '/api/v1/namespaces/porttrack/services/porttrack-app-service'
const deployments = () =>
  Promise.all(
    ['blue', 'green'].map(async (color) => {
      const raw = await api.client.get(`/apis/apps/v1/namespaces/porttrack/deployments/porttrack-app-${color}`)
      return JSON.stringify(raw['spec'])
    }),
  )
const color = async () => textsAt(await api.client.get(service), 'spec', 'selector')['color']
const pages = (status: string) =>
  world.sandbox.pagerduty.pagingSummary().incidents.filter((page) => page.status === status).length

/** What people get at the app's address. */
const page = async () => {
  const status = await world.cli('ana', 'status', app, '--json')
  return /"ok":(true|false)/.exec(status.stdout)?.[1] === 'true' ? 'well' : 'errors'
}

describe('a bad release on the colour that serves', () => {
  it('by the form: both colours are shown, everybody is led to the other one, and the way back goes back by itself', {
    timeout: 240_000,
  }, async () => {
    const ana = world.as('ana')
    expect(await page()).toBe('well')
    await world.scenario('blue-green')
    await until('people get errors', async () => (await page()) === 'errors', 40)
    const before = await deployments()

    await ana.command(`/rollback ${app}`)
    const view = await until('the filled form', async () => {
      const open = await ana.view()
      return open !== null && JSON.stringify(open.blocks).includes(`color:${app}`) ? open : undefined
    })
    expect(textOf(view.blocks)).toMatch(
      /Ahora atiende \*blue\* \(`app:2\.8\.\d-errors`, revisión \d+\).*web falla \(500\)/,
    )
    expect(textOf(view.blocks)).toMatch(/\*green\* está en reserva \(`app:2\.7\.2`, revisión 2\): 2 de 2 pods listos/)
    await ana.submit(view, {
      app: { 'rollback:app': app },
      [`color:${app}`]: { 'rollback:color': 'green' },
      reason: { 'rollback:reason': '500 en todas las páginas' },
    })
    const run = await waitingRun(world, app)
    expect(run).toMatchObject({ operation: 'switch-color', params: { app, to: 'green' } })
    await confirmRun(ana, run.id)
    const done = await ended(world, run.id, 120)
    expect(done.outcome).toMatchObject({ kind: 'verified', reason: 'switched' })
    expect(await color()).toBe('green')
    expect(await page()).toBe('well')
    const { stdout } = await world.cli('ana', 'status', app, '--json')
    expect(JSON.parse(stdout).components).toMatchObject([
      {
        state: 'healthy',
        images: [expect.stringContaining('app:2.7.2')],
        sides: [
          { color: 'blue', serves: false, ready: 2 },
          { color: 'green', serves: true, ready: 2 },
        ],
      },
    ])
    expect(patchesOf(world, app, service)).toBe(1)
    expect(await deployments()).toEqual(before)
    expect(await auditOf(world, run.id)).toEqual([
      'request',
      'plan',
      'evidence',
      'decision',
      'started',
      'step compareWithPlan',
      'step switchTraffic',
      'step awaitEndpoints',
      'step checkHealth',
      'outcome',
    ])
    const told = await toldOnce(world, ana, done, 'the switch')
    expect(textOf(told.progress)).toContain('porttrack-web está ahora en green')
    await until('nobody is called any more', async () => pages('triggered') === 0)

    const marta = world.as('marta')
    const back = await planned(marta, `/rescue undo ${run.id}`)
    expect(textOf(back)).toMatch(/△ ana dejó \*blue\*/)
    const way = await waitingRun(world, app)
    await marta.click({ channel: ops, ts: back.ts }, 'run:confirm')
    const undone = await ended(world, way.id, 120)
    expect(undone.outcome).toMatchObject({ kind: 'failed', reason: 'switched_back', detail: { returned: true } })
    expect(await color()).toBe('green')
    expect(patchesOf(world, app, service), 'there and back').toBe(3)
    expect(await deployments()).toEqual(before)
    const failed = await toldOnce(world, ana, undone, 'the failed way back')
    expect(textOf(failed.progress)).toMatch(/blue no pasó su chequeo: porttrack-web está otra vez en green/)
    expect(textOf(failed.progress)).toMatch(/Vigilar el servicio · falló/)
    await until('somebody is called', async () => pages('triggered') === 1)
    expect(await auditVerdict(world)).toMatchObject({ kind: 'intact' })
  })

  it('killed right after the write: it is done once, and seen through', { timeout: 240_000 }, async () => {
    const ana = world.as('ana')
    await world.scenario('blue-green')
    await until('people get errors', async () => (await page()) === 'errors', 40)
    const writes = patchesOf(world, app, service)
    await ana.command(`/rollback ${app} a verde`)
    const run = await waitingRun(world, app)
    await stops.at(app, 'end of act switchTraffic')
    await confirmRun(ana, run.id)
    await stops.reached(app, 'end of act switchTraffic')
    expect(await color()).toBe('green')
    await killBot(world)
    await stops.drop()
    await botUp(world)
    expect((await ended(world, run.id, 120)).outcome).toMatchObject({ kind: 'verified', reason: 'switched' })
    expect(await color()).toBe('green')
    expect(patchesOf(world, app, service) - writes).toBe(1)
  })
})

describe('the terminal', () => {
  it('switches with the same words and exit codes, and says what it does not understand', {
    timeout: 180_000,
  }, async () => {
    const wrong = await world.cli('marta', 'rollback', app, '--to', 'purple')
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('blue, green') })
    expect((await world.cli('marta', 'rollback', app, '--to', '3')).code).toBe(2)
    const plan = await world.cli('marta', 'rollback', app, '--to', 'green', '--plan')
    expect(plan).toMatchObject({ code: 0, stdout: expect.stringContaining('porttrack-app-service') })
    expect(await color()).toBe('blue')
    const done = await world.cli('marta', 'rollback', app, '--to', 'green', '--yes', '--json')
    expect(done.code).toBe(0)
    expect(JSON.parse(done.stdout)).toMatchObject({
      operation: 'switch-color',
      target: 'porttrack/porttrack-web',
      outcome: { kind: 'verified', reason: 'switched' },
    })
    expect(await color()).toBe('green')
    const again = await world.cli('marta', 'rollback', app, '--yes', '--json')
    expect(again.code, 'a second one without a colour means the same switch').toBe(3)
    expect(JSON.parse(again.stdout).outcome).toMatchObject({ reason: 'just_switched' })
    expect(await color()).toBe('green')
  })
})

describe('what is refused', () => {
  it('both colours broken: says how both are and what to do, in the reader’s language, and changes nothing', {
    timeout: 180_000,
  }, async () => {
    const marta = world.as('marta')
    await world.scenario('both-colors-broken')
    await until('both crash', async () => {
      const { stdout } = await world.cli('marta', 'rollback', app, '--plan', '--json')
      return stdout.includes('both_broken') && stdout.includes('CrashLoopBackOff')
    })
    const writes = patchesOf(world, app, service)
    await marta.command(`/rollback ${app}`)
    const form = await until('why not', async () => {
      const open = await marta.view()
      return open !== null && textOf(open.blocks).includes('both colors') ? open : undefined
    })
    expect(form).toMatchObject({ submit: null })
    await marta.command(`/rollback ${app} to green`)
    const told = await says(marta, /Not switched: both colors of porttrack-web are broken/)
    expect(textOf(told)).toMatch(/\*blue\*: 0 of 2 pods ready, \d in `(CrashLoopBackOff|Error)` \(exit 1/)
    expect(textOf(told)).toContain('`kubectl rollout undo deployment/porttrack-app-blue -n porttrack`')
    expect(buttonsOf(told).map(({ action_id }) => action_id)).not.toContain('run:confirm')
    expect(patchesOf(world, app, service)).toBe(writes)
  })

  it('somebody switched after the plan was seen: one click changes nothing', { timeout: 180_000 }, async () => {
    const luis = world.as('luis')
    const plan = await planned(luis, `/rollback ${app} a green`)
    const writes = patchesOf(world, app, service)
    await world.scenario('color-switched-by-someone')
    await luis.click({ channel: ops, ts: plan.ts }, 'run:confirm')
    const run = await ended(world, /R-\d{4}/.exec(textOf(plan))?.[0] ?? '')
    expect(run.outcome).toMatchObject({ kind: 'nothing_to_do', reason: 'already_there' })
    expect(patchesOf(world, app, service)).toBe(writes)
  })
})
