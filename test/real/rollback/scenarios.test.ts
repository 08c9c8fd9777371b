import { describe, it } from 'vitest'
import { rollbackCases } from '../../world/rollback-cases.ts'
import { planeMissing, realPlane } from '../kubernetes/plane.ts'

const missing = planeMissing()

if (missing === undefined) rollbackCases('rollbacks on a real control plane', realPlane)
else describe.skip(`rollbacks on a real control plane (${missing})`, () => it('needs it', () => {}))
