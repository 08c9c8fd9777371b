import type { Outcome, Run } from '../../types.ts'
import { type NotSwapped, replaced } from '../outcomes.ts'
import type { Steps } from '../steps.ts'
import type { RecoverParams, RecoverPlan } from '../types.ts'
import type { TableSteps } from './steps.ts'

/** The runbook for some tables of a database. Until `replaceTables` nothing in use is touched but read. */
export async function recoverTables(
  run: Run<RecoverParams, RecoverPlan>,
  steps: Steps,
  own: TableSteps,
  leave: (why: NotSwapped) => Promise<Outcome>,
): Promise<Outcome> {
  const waiting = await run.step('stageTables', (report) => own.stageTables(report))

  const loss = await run.step('previewLossAgain', (report) => steps.previewLossAgain(report))
  if (loss.kind !== 'known') return leave(loss)

  const swapped = await run.fenced('replaceTables', own.replaceTables(waiting))
  if (swapped.kind !== 'swapped') return leave(swapped)

  const broken = await run.step('checkKeys', () => own.checkKeys(swapped))
  const kept = await run.step('keepOld', () => own.kept())
  const health = await run.step('verify', (report) => steps.verify(report))
  await run.step('dropCopy', () => steps.dropCopy())
  return replaced(run.plan, { swapped: { ...swapped, ended: 0 }, kept, health, loss: loss.loss, broken })
}
