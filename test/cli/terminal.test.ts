import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ops } from '../scenarios/support/person.ts'
import { actsOf, ended, patchesOf, runOf } from '../scenarios/support/runs.ts'
import { firstImage, secondImage } from '../scenarios/support/shop.ts'
import { installStops, type Stops } from '../scenarios/support/stops.ts'
import { startWorld, type World } from '../scenarios/support/world.ts'
import { type Child, type Environment, hasTerminal, onTerminal, rescue } from './support/terminal.ts'

let world: World
const apps = ['plan', 'slack-away', 'unattended', 'two-people', 'pipe', 'signal', 'narrow', 'ctrl-c', 'prompt'] as const
const app = (name: (typeof apps)[number]): string => world.shop[apps.indexOf(name)] ?? ''
const as = (name: string, more: Environment = {}): Environment => ({
  ...world.sandbox.environment,
  RESCUE_ACTOR: name,
  ...more,
})
const answerOf = (stdout: string) => JSON.parse(stdout)

beforeAll(async () => {
  const twoPeople = { operation: 'rollback', target: 'shop-04', approvals: 2, by: 'approver' }
  world = await startWorld({ shop: apps.length, catalog: { policies: [twoPeople] } })
}, 120_000)
afterAll(async () => {
  await world?.stop()
}, 60_000)

describe('--plan', () => {
  it('shows the plan and leaves no trace: no run, no message, no entry of the audit', async () => {
    const before = await traces()
    const shown = await rescue(as('invitado'), ['rollback', app('plan'), '--to', '1', '--plan', '--json'])
    expect(shown).toMatchObject({ code: 0, stderr: '' })
    expect(answerOf(shown.stdout)).toMatchObject({
      run: null,
      state: 'previewed',
      outcome: null,
      plan: { hash: expect.stringMatching(/^[0-9a-f]{16}$/), facts: { to: { revision: 1 } } },
    })
    const read = await rescue(as('ana', { LANG: 'en_GB.UTF-8' }), ['rollback', app('plan'), '--to', '1', '--plan'])
    expect(read.stdout).toMatch(/^Roll back shop-01 to revision 1/)
    expect(read.stdout).toMatch(/nothing was changed, and nobody was told/)
    expect(await traces()).toEqual(before)
  })

  async function traces() {
    const { rows } = await world.db.query(
      'select (select count(*) from rescue.runs) runs, (select count(*) from rescue.audit) audit',
    )
    return { rows, messages: (await world.as('ana').messages(ops)).length, release: await world.release(app('plan')) }
  }
})

describe('what one looks up', () => {
  it('says which targets are held, who may do what, and which emergencies wait for a second look', async () => {
    const held = { target: 'main/shop/deployment/held-by-hand', run: 'R-0777', by: 'ana' }
    await world.db.query('insert into rescue.holds (target, run_id, actor) values ($1, $2, $3)', [
      held.target,
      held.run,
      JSON.stringify({ kind: 'person', name: held.by }),
    ])
    const locks = await rescue(as('invitado'), ['locks', '--json'])
    expect(answerOf(locks.stdout).locks).toContainEqual(expect.objectContaining(held))
    const read = await rescue(as('invitado'), ['locks'])
    expect(read.stdout).toMatch(/held-by-hand.*R-0777/)
    await world.db.query('delete from rescue.holds where target = $1', [held.target])
    const policy = await rescue(as('invitado'), ['policy', '--json'])
    expect(answerOf(policy.stdout).rules).toContainEqual(
      expect.objectContaining({ operation: 'rollback', target: 'shop-04', approvals: 2, by: 'approver' }),
    )
    expect(answerOf((await rescue(as('invitado'), ['reviews', '--json'])).stdout)).toEqual({ reviews: [] })
  })

  it('help is a command as well', async () => {
    const asked = await rescue(as('ana'), ['help', 'rollback'])
    expect(asked).toMatchObject({ code: 0, stdout: expect.stringContaining('rescue rollback APP') })
  })
})

describe.concurrent('without a terminal', { timeout: 120_000 }, () => {
  it('rolls back from end to end while Slack is away, and prints one object', async () => {
    world.sandbox.workspace.goAway(true)
    const name = app('slack-away')
    const ran = await rescue(as('ana'), ['rollback', name, '--to', '1', '--yes', '--json'])
    world.sandbox.workspace.goAway(false)
    expect(ran.code, ran.stderr).toBe(0)
    expect(ran.stdout.trimEnd().split('\n')).toHaveLength(1)
    expect(answerOf(ran.stdout)).toMatchObject({
      operation: 'rollback',
      target: `shop/${name}`,
      outcome: { kind: 'verified', reason: 'rolled_back' },
      requestedBy: 'ana',
      confirmedBy: 'ana',
    })
    expect(await world.release(name)).toMatchObject({ image: firstImage })
    expect(patchesOf(world, name)).toBe(1)
    const again = await rescue(as('ana'), ['undo', answerOf(ran.stdout).run, '--yes', '--follow'])
    expect(again.code, again.stderr).toBe(0)
    expect(again.stdout).toMatch(/^\d\d:\d\d:\d\d ✓ /m)
    expect(await world.release(name)).toMatchObject({ image: secondImage })
  })

  it('never asks and never hangs: without --yes it ends with 4, and says what to do', async () => {
    const name = app('unattended')
    const ran = await rescue(as('ana'), ['rollback', name, '--to', '1', '--json'])
    expect(ran.code, ran.stderr).toBe(4)
    const { run, state, outcome, steps } = answerOf(ran.stdout)
    expect({ state, outcome }).toEqual({ state: 'waiting', outcome: null })
    expect(steps).not.toHaveLength(0)
    expect(ran.stderr).toContain(`rescue approve ${run} --yes`)
    const no = await rescue(as('luis'), ['reject', run, '--json'])
    expect(no.code).toBe(0)
    expect((await ended(world, run)).outcome).toMatchObject({ kind: 'not_approved', reason: 'cancelled' })
    const late = await rescue(as('luis'), ['approve', run, '--json'])
    expect(late.code).toBe(3)
    expect(answerOf(late.stdout)).toMatchObject({ run, refused: { reason: 'too_late' } })
    expect(await world.release(name)).toMatchObject({ image: secondImage })
  })

  it("--yes is one's own part: where two people are needed a second one confirms", async () => {
    const name = app('two-people')
    const alone = await rescue(as('ana'), ['rollback', name, '--to', '1', '--yes', '--no-wait', '--json'])
    expect(alone.code, alone.stderr).toBe(4)
    const { run } = answerOf(alone.stdout)
    const own = await rescue(as('ana'), ['approve', run, '--yes', '--json'])
    expect(own.code, own.stderr).toBe(3)
    expect(await world.release(name)).toMatchObject({ image: secondImage })
    const second = await rescue(as('luis'), ['approve', run, '--follow', '--json'])
    expect(second.code, second.stderr).toBe(0)
    expect(answerOf(second.stdout)).toMatchObject({
      outcome: { kind: 'verified' },
      requestedBy: 'ana',
      confirmedBy: 'luis',
    })
  })

  it('a reader who goes away, as head does, cuts nothing', async () => {
    const name = app('pipe')
    const when = { says: /R-\d{4}/, act: (child: Child) => child.closeStdout() }
    const ran = await rescue(as('ana'), ['rollback', name, '--to', '1', '--yes'], { when })
    expect(ran).toMatchObject({ code: 0, signal: null })
    expect((await runOf(world, name)).outcome).toMatchObject({ kind: 'verified' })
  })
})

describe.skipIf(!hasTerminal).concurrent('on a terminal', { timeout: 120_000 }, () => {
  it('of 40 columns: each step once in a block that is redrawn, no line too long, no colours with NO_COLOR', async () => {
    const name = app('narrow')
    const typing = [{ after: /cancelar: /, keys: '\r' }]
    const env = as('ana', { NO_COLOR: '1' })
    const no = await onTerminal(env, ['rollback', name, '--to', '1'], { columns: 40, typing })
    expect(no.code).toBe(4)
    expect((await runOf(world, name)).outcome).toMatchObject({ kind: 'not_approved', reason: 'cancelled' })
    const seen = await onTerminal(env, ['rollback', name, '--to', '1', '--yes'], { columns: 40 })
    expect(seen.code).toBe(0)
    expect(Math.max(...seen.screen.lines.map((line) => line.length))).toBeLessThanOrEqual(40)
    for (const step of ['Comparar con el plan', 'Restaurar la plantilla', 'Esperar a los pods', 'Vigilar que se queda'])
      expect(
        seen.screen.lines.filter((line) => line.includes(`✓ ${step}`)),
        step,
      ).toHaveLength(1)
    expect(seen.screen.frames).toBeGreaterThan(1)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
    expect(seen.raw).not.toMatch(/\u001B\[[0-9;]*m/)
  })

  it('confirms by the number of the run alone', async () => {
    const name = app('prompt')
    const question = /Escribe (R-\d+) para/
    const wrong = [
      { after: question, keys: 'yes\r' },
      { after: /Eso no es/, keys: '\u0004' },
    ]
    expect(await onTerminal(as('ana'), ['rollback', name, '--to', '1'], { typing: wrong })).toMatchObject({ code: 4 })
    expect(await world.release(name)).toMatchObject({ image: secondImage })
    const asked = await rescue(as('marta'), ['rollback', name, '--to', '1', '--json'])
    const { run } = answerOf(asked.stdout)
    const typing = [{ after: question, keys: `${run.toLowerCase()}\r` }]
    expect(await onTerminal(as('ana'), ['approve', run], { typing })).toMatchObject({ code: 0 })
    expect((await ended(world, run)).confirmedBy).toMatchObject({ name: 'ana' })
  })
})

describe('somebody no longer follows a run that is under way', { timeout: 120_000 }, () => {
  // It cannot end before they have gone.
  const held = 'result of awaitRollout'
  let stops: Stops
  beforeAll(async () => {
    stops = await installStops(world.db)
  })
  afterAll(() => stops?.close())

  it('SIGTERM ends the program with 143 and leaves the run to the bot', async () => {
    const name = app('signal')
    await stops.at(name, held)
    const act = async (child: Child) => {
      await stops.reached(name, held)
      child.kill('SIGTERM')
    }
    const env = as('ana', { LANG: 'en_GB.UTF-8' })
    const ran = await rescue(env, ['rollback', name, '--to', '1', '--yes'], { when: { says: /R-\d{4}/, act } })
    expect(ran).toMatchObject({ code: 143, signal: null })
    const { id, state } = await runOf(world, name)
    expect(state).toBe('running')
    expect(ran.stderr).toContain(`rescue run ${id} --follow`)
    await stops.goOn()
    expect((await ended(world, id)).outcome).toMatchObject({ kind: 'verified' })
    expect(await actsOf(world, id)).toHaveLength(1)
    expect(patchesOf(world, name)).toBe(1)
  })

  it.skipIf(!hasTerminal)('Ctrl-C ends it with 130, says how to follow and to stop, and the run goes on', async () => {
    const name = app('ctrl-c')
    await stops.at(name, held)
    const typing = [{ after: /✓ Restaurar la plantilla/, keys: '\u0003' }]
    const env = as('ana', { NO_COLOR: '1' })
    const seen = await onTerminal(env, ['rollback', name, '--to', '1', '--yes'], { typing })
    expect(seen.code).toBe(130)
    const { id, state } = await runOf(world, name)
    expect(state).toBe('running')
    for (const way of [`rescue run ${id} --follow`, `rescue stop ${id}`]) expect(seen.screen.text).toContain(way)
    await stops.goOn()
    expect((await ended(world, id)).outcome).toMatchObject({ kind: 'verified' })
  })
})
