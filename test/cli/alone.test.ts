import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDb } from '../../src/store/db.ts'
import { startEmbedded } from '../../src/store/embedded/start.ts'
import { firstImage, secondImage } from '../scenarios/support/shop.ts'
import { installStops } from '../scenarios/support/stops.ts'
import { type Alone, startAlone } from './support/alone.ts'
import { type Child, rescue } from './support/terminal.ts'

let alone: Alone
const app = (index: number): string => alone.apps[index] ?? ''
const answerOf = (stdout: string) => JSON.parse(stdout)

beforeAll(async () => {
  alone = await startAlone(5)
}, 120_000)
afterAll(async () => {
  await alone?.stop()
}, 60_000)

describe('no bot runs and Slack is away', { timeout: 200_000 }, () => {
  it('on the embedded store: a request, another command that approves it, and the way back', async () => {
    const name = app(0)
    const asked = await rescue(alone.as('ana'), ['rollback', name, '--to', '1', '--json'])
    expect(asked.code, asked.stderr).toBe(4)
    const { run } = answerOf(asked.stdout)
    expect(await alone.image(name)).toBe(secondImage)
    // Nobody else would do the work: it stays for it.
    const approved = await rescue(alone.as('luis'), ['approve', run, '--json'])
    expect(approved.code, approved.stderr).toBe(0)
    expect(answerOf(approved.stdout)).toMatchObject({ run, outcome: { kind: 'verified' }, confirmedBy: 'luis' })
    expect(await alone.image(name)).toBe(firstImage)
    const back = await rescue(alone.as('ana'), ['undo', run, '--yes', '--json'])
    expect(answerOf(back.stdout)).toMatchObject({ outcome: { kind: 'verified' } })
    expect(await alone.image(name)).toBe(secondImage)
    const audit = await rescue(alone.as('ana'), ['audit', 'verify', '--json'])
    expect(answerOf(audit.stdout)).toMatchObject({ kind: 'intact' })
  })

  it('on a DATABASE_URL: a program that is killed in the middle leaves a run that another goes on with', async () => {
    const name = app(1)
    const store = await startEmbedded({ folder: join(alone.folder, 'store') })
    const db = openDb(store.url, { log: pino({ level: 'silent' }), max: 2 })
    try {
      const env = alone.as('ana', { DATABASE_URL: store.url })
      // The first command that decides makes the tables.
      expect(await rescue(env, ['reject', '9'])).toMatchObject({ code: 2 })
      const stops = await installStops(db)
      await stops.at(name, 'result of restoreTemplate')
      const act = async (child: Child) => {
        await stops.reached(name, 'result of restoreTemplate')
        child.kill('SIGKILL')
      }
      const when = { says: /R-\d{4}/, act }
      expect(await rescue(env, ['rollback', name, '--to', '1', '--yes'], { when })).toMatchObject({ signal: 'SIGKILL' })
      await stops.drop()
      await stops.close()
      const over = await rescue(env, ['run', '1', '--follow', '--json'])
      expect(over.code, over.stderr).toBe(0)
      expect(answerOf(over.stdout)).toMatchObject({ run: 'R-0001', outcome: { kind: 'verified' } })
      const patches = alone.cluster.requests.all.filter(
        ({ method, path, userAgent }) => method === 'PATCH' && path.endsWith(`/${name}`) && userAgent === 'rescue',
      )
      expect(patches).toHaveLength(1)
    } finally {
      await db.close()
      await store.stop()
    }
  })
})

describe('guard', { timeout: 200_000 }, () => {
  const guarded = (name: string, ...more: string[]) =>
    rescue(alone.as('ana'), ['guard', name, '--timeout', '90s', '--settle', '1s', '--json', ...more])

  it('ends with 0 when what was deployed is healthy and stays so', async () => {
    const ran = await guarded(app(2))
    expect(ran.code, ran.stderr).toBe(0)
    expect(answerOf(ran.stdout)).toMatchObject({ release: { state: 'healthy', revision: 2 }, undo: null })
  })

  it('ends with 1 on a release that is bad, with the evidence, and leaves it as it is', async () => {
    await alone.deploy(app(3), 'registry.example/shop:1.2.0-crash')
    const ran = await guarded(app(3))
    expect(ran.code, ran.stderr).toBe(1)
    const { release, undo } = answerOf(ran.stdout)
    expect(undo).toBeNull()
    expect(release).toMatchObject({ state: 'bad', revision: 3 })
    expect(release.sights[0]).toMatchObject({ pod: expect.stringContaining(app(3)), exitCode: 1 })
    expect(release.logs[0].content).toContain('DATABASE_URL is not set')
    expect(await alone.image(app(3))).toBe('registry.example/shop:1.2.0-crash')
  })

  it('with --undo takes a bad release back, and still ends with 1', async () => {
    await alone.deploy(app(4), 'registry.example/shop:1.2.0-missing')
    const ran = await guarded(app(4), '--undo')
    expect(ran.code, ran.stderr).toBe(1)
    expect(answerOf(ran.stdout)).toMatchObject({
      release: { state: 'bad', signal: 'image_pull' },
      undo: { operation: 'rollback', outcome: { kind: 'verified' }, requestedBy: 'ana', confirmedBy: 'ana' },
    })
    expect(await alone.image(app(4))).toBe(secondImage)
  })

  it('is not for an app that the catalog does not name', async () => {
    expect(await guarded('nothing')).toMatchObject({ code: 2 })
  })
})
