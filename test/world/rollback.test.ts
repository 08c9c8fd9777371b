import { rollbackCases } from './rollback-cases.ts'
import { simulatedPlane } from './simulated.ts'

rollbackCases('rollbacks on the simulated cluster', simulatedPlane)
