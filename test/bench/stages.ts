import { measureEngine } from './engine.ts'
import type { Row } from './rows.ts'
import type { Size } from './sizes.ts'

/** The engine alone, without Slack and cluster: what a decision costs until its act begins, and what resting costs. */
export async function measureStages(size: Size): Promise<readonly Row[]> {
  if (size.decisions === 0) return []
  const found = await measureEngine(size.decisions)
  return [
    { what: `engine: decision -> act, p50 of ${size.decisions}`, measured: found.clickToAct.p50, unit: 'ms' },
    { what: 'engine: decision -> act, p99', measured: found.clickToAct.p99, unit: 'ms' },
    { what: 'engine: decision -> act while 20 runs work, p50', measured: found.clickToActBusy.p50, unit: 'ms' },
    { what: 'engine: an entry of the audit, p50', measured: found.appendAudit.p50, unit: 'ms' },
    { what: 'engine: processor at rest, of each second', measured: found.cpuAtRest, unit: 'ms' },
  ]
}
