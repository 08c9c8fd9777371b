import { describe, it } from 'vitest'
import { colorCases } from '../world/color-cases.ts'
import { planeMissing, realPlane } from './kubernetes/plane.ts'

const missing = planeMissing()

if (missing === undefined) colorCases('two colours on a real control plane', realPlane)
else describe.skip(`two colours on a real control plane (${missing})`, () => it('needs it', () => {}))
