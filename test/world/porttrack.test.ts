import { porttrackCases } from './porttrack-cases.ts'
import { simulatedPlane } from './simulated.ts'

porttrackCases('PortTrack on the simulated cluster', simulatedPlane, { long: false })
