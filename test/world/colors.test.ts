import { colorCases } from './color-cases.ts'
import { simulatedPlane } from './simulated.ts'

colorCases('two colours on the simulated cluster', simulatedPlane)
