import { afterAll, beforeAll, describe } from 'vitest'
import { type RollbackWorld, startRollbackWorld } from '../../world/rollback-world.ts'
import { planeMissing, realPlane } from '../kubernetes/plane.ts'
import { differingCases } from './differing-cases.ts'
import { equalCases } from './equal-cases.ts'
import { historyCases } from './history-cases.ts'

const missing = planeMissing('kubectl')

describe.skipIf(missing !== undefined)(
  `our undo and kubectl's on a real control plane${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let world: RollbackWorld
    beforeAll(async () => {
      world = await startRollbackWorld(realPlane)
    })
    afterAll(() => world?.stop())

    equalCases(() => world)
    historyCases(() => world)
    differingCases(() => world)
  },
)
