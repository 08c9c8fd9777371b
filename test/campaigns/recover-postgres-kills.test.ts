import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toolsMissing } from '../scenarios/support/databases.ts'
import { afterDecision, beforeDecision, restoreWithKill } from '../scenarios/support/restore-kills.ts'
import { auditVerdict } from '../scenarios/support/runs.ts'
import { installStops, type Stops } from '../scenarios/support/stops.ts'
import { startWorld, type World } from '../scenarios/support/world.ts'

const missing = await toolsMissing()

let world: World
let stops: Stops
beforeAll(async () => {
  if (missing !== undefined) return
  world = await startWorld()
  stops = await installStops(world.db)
}, 120_000)
afterAll(async () => {
  await stops?.close()
  await world?.stop()
}, 60_000)

describe.skipIf(missing !== undefined)('kill -9 of the bot while a database is restored', () => {
  it.each([...beforeDecision, ...afterDecision])(
    'at "%s": it ends right after the restart, exchanged once, nothing left behind',
    { timeout: 120_000 },
    (point) => restoreWithKill(world, stops, point),
  )

  it('leaves the audit unbroken', async () => {
    expect(await auditVerdict(world)).toMatchObject({ kind: 'intact' })
  })
})
