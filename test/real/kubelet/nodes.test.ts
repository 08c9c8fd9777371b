import { describe, it } from 'vitest'
import { kubeletCases } from '../../world/kubelet-cases.ts'
import { planeMissing, realPlane } from '../kubernetes/plane.ts'

const missing = planeMissing()

if (missing === undefined) kubeletCases('the nodes on a real control plane', realPlane)
else describe.skip(`the nodes on a real control plane (${missing})`, () => it('needs it', () => {}))
