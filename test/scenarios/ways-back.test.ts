import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectApi } from '../../sandbox/kubelet/api.ts'
import { getRun } from '../../src/store/runs.ts'
import { ops, type Person, textOf, until } from './support/person.ts'
import { auditVerdict, cardOf, confirmRun, ended, patchesOf, runOf, waitingRun } from './support/runs.ts'
import { installStops, type Stops } from './support/stops.ts'
import { toldOnce } from './support/told.ts'
import { says, startWorld, type World } from './support/world.ts'

let world: World
let stops: Stops
beforeAll(async () => {
  world = await startWorld()
  stops = await installStops(world.db)
}, 120_000)
afterAll(async () => {
  await stops?.close()
  await world?.stop()
}, 60_000)

const app = 'porttrack-app'
const apps = '/apis/apps/v1/namespaces/porttrack'

/** Asks, confirms by the card, and gives the run when it has ended. */
async function through(who: Person, text: string, subject = app) {
  await who.command(text)
  const run = await waitingRun(world, subject)
  await confirmRun(who, run.id)
  return ended(world, run.id, 90)
}

describe('every finished run has a way back', () => {
  it('of a run that was stopped, of one that failed, of one that went well; but never twice', {
    timeout: 200_000,
  }, async () => {
    const [ana, luis] = [world.as('ana'), world.as('luis')]
    const now = await until(
      'three pods',
      async () => {
        const release = await world.release()
        return release.ready === 3 ? release : undefined
      },
      40,
    )

    await ana.command('/rollback porttrack-app to 3')
    const stopped = await waitingRun(world, app)
    await stops.at(app, 'progress of awaitRollout')
    await confirmRun(ana, stopped.id)
    await stops.reached(app, 'progress of awaitRollout')
    await luis.command(`/rescue undo ${stopped.id}`)
    await says(luis, new RegExp(`${stopped.id}.*(no ha terminado|sin terminar|nada que deshacer)`, 's'))
    await luis.command(`/rescue stop ${stopped.id}`)
    await until('the wish to stop', async () => (await getRun(world.db, stopped.id))?.stopRequestedBy?.name === 'luis')
    await stops.goOn()
    const afterStop = await ended(world, stopped.id)
    expect(afterStop.outcome).toMatchObject({ kind: 'failed', reason: 'stopped', detail: { restored: true } })
    await toldOnce(world, ana, afterStop, 'the stopped run')

    expect((await through(ana, `/rescue undo ${stopped.id}`)).outcome).toMatchObject({ kind: 'verified' })
    expect((await world.release()).image).toBe(now.image)

    await luis.command(`/rescue undo ${stopped.id}`)
    await says(luis, new RegExp(`${stopped.id}.*(ya|deshizo|deshecho)`, 's'))

    const failed = await through(ana, '/rollback porttrack-app to 4')
    expect(failed.outcome).toMatchObject({ kind: 'failed', reason: 'rollout_failed' })
    const told = await toldOnce(world, ana, failed, 'the failed run')
    expect(textOf(told.progress)).toMatch(/porttrack-app-[a-z0-9]+-[a-z0-9]+/)
    expect(textOf(told.progress)).toMatch(/memoria|OOM/i)
    const pages = (status: string) =>
      world.sandbox.pagerduty.pagingSummary().incidents.filter((page) => page.status === status).length
    await until('one page', async () => pages('triggered') === 1)

    const undone = await through(ana, `/rescue undo ${failed.id}`)
    expect(undone.outcome).toMatchObject({ kind: 'verified' })
    expect((await world.release()).image).toBe(now.image)
    await until('the page is resolved', async () => pages('triggered') === 0)
    expect(pages('resolved'), 'of the failed run alone: a stop wakes nobody').toBe(1)

    const well = await through(ana, `/rescue undo ${undone.id}`)
    expect(well.undoOf).toBe(undone.id)
    expect((await getRun(world.db, undone.id))?.undoneBy).toBe(well.outcome?.kind === 'verified' ? well.id : undefined)
    expect(await auditVerdict(world)).toMatchObject({ kind: 'intact' })
  })
})

describe('other workloads', () => {
  it.each([
    ['a StatefulSet', 'porttrack-cache', 'statefulsets', 'cache:8.0'],
    ['a DaemonSet', 'porttrack-agent', 'daemonsets', 'agent:0.13.2'],
  ])('%s is rolled back', async (_what, name, resource, image) => {
    const path = `${apps}/${resource}/${name}`
    const run = await through(world.as('ana'), `/rollback ${name} to 1`, name)
    expect(run.outcome).toMatchObject({ kind: 'verified' })
    expect(patchesOf(world, name, path)).toBe(1)
    const api = connectApi(world.sandbox.facts.kubeconfig, 'look')
    expect(JSON.stringify(await api.client.get(path))).toContain(image)
    await api.close()
    await toldOnce(world, world.as('ana'), run, name)
  })
})

describe('marta reads English', () => {
  it('is answered in English; who may only look is refused in Spanish', async () => {
    const marta = world.as('marta')
    await marta.command('/rollback porttrack-worker to 1')
    const run = await runOf(world, 'porttrack-worker')
    const card = await cardOf(marta, run.id, 'run:confirm')
    const invitado = world.as('invitado')
    await invitado.click({ channel: ops, ts: card.ts }, 'run:confirm')
    await says(invitado, /Sin confirmar: hace falta el rol/)
    expect((await getRun(world.db, run.id))?.state).toBe('waiting')
    await marta.command(`/rescue stop ${run.id}`)
    await says(marta, new RegExp(`${run.id}.*is cancelled`, 's'))
    expect((await ended(world, run.id)).outcome).toMatchObject({ kind: 'not_approved' })
  })
})
