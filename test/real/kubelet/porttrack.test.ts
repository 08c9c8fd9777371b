import { describe, it } from 'vitest'
import { porttrackCases } from '../../world/porttrack-cases.ts'
import { planeMissing, realPlane } from '../kubernetes/plane.ts'

const missing = planeMissing()

if (missing === undefined) porttrackCases('PortTrack on a real control plane', realPlane, { long: true })
else describe.skip(`PortTrack on a real control plane (${missing})`, () => it('needs it', () => {}))
