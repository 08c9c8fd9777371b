import { kubeletCases } from './kubelet-cases.ts'
import { simulatedPlane } from './simulated.ts'

kubeletCases('the nodes on the simulated cluster', simulatedPlane)
