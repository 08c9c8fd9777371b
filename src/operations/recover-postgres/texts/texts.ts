import { dataIn, textIn } from '../../../texts/data.ts'
import { mrkdwn } from '../../../texts/escape.ts'
import type { OperationTexts } from '../../../texts/presentation.ts'
import { outcomeWords } from './outcome-words.ts'
import { short, textsFor } from './pieces.ts'
import { planWords } from './plan-words.ts'
import { progressOf } from './progress.ts'
import { readPlan, type ShownPlan } from './read.ts'
import { scopeName, tableTexts } from './tables-words.ts'

/** What restoring a PostgreSQL database tells people, in both languages. */
export const recoverPostgresPresentation: OperationTexts = {
  asked: (params, look) => {
    const words = textsFor(look)
    const name = mrkdwn`${textIn(params, 'database')}`
    const back = textIn(dataIn(params, 'backTo'), 'run')
    const scope = dataIn(dataIn({ params }, 'params'), 'scope')
    const tables =
      textIn(scope, 'name') === '' ? undefined : { kind: textIn(scope, 'kind'), name: textIn(scope, 'name') }
    const copy = dataIn({ params }, 'params')['copy'] === true
    if (back !== '' && tables !== undefined) return tableTexts(look).askedBack(scopeName(tables, look), mrkdwn`${back}`)
    if (back !== '') return words.askedBack(name, mrkdwn`${back}`)
    if (copy) return words.askedCopy(name)
    const point = textIn(params, 'point')
    const from = point === '' ? undefined : mrkdwn`${short(point, 80)}`
    if (tables !== undefined) return tableTexts(look).asked(scopeName(tables, look), name, from)
    return words.asked(name, from)
  },
  plan: planWords,
  doing: (value, look) => {
    const plan = readPlan(value)
    const words = textsFor(look)
    const database = mrkdwn`${plan.name}`
    const name = plan.scope === undefined ? database : mrkdwn`${database}, ${scopeName(plan.scope, look)}`
    if (plan.kind === 'undo') return words.bringingBack(name)
    return plan.kind === 'copy' ? words.copying(name) : words.restoring(name)
  },
  needs: (step, value) => needs(step, readPlan(value)),
  step: (name, look) => Object.entries(textsFor(look).steps).find(([key]) => key === name)?.[1] ?? name,
  progress: progressOf,
  outcome: outcomeWords,
}

/** The list of steps is of the longest form: a copy exchanges nothing, a way back restores nothing. */
function needs(step: string, plan: ShownPlan): boolean {
  if (step === 'keepCopy') return plan.kind === 'copy'
  if (step === 'compareWithPlan') return true
  if (['checkBackup', 'restoreBeside', 'proveCopy'].includes(step)) return plan.kind !== 'undo'
  const alone = plan.scope !== undefined && plan.kind !== 'copy'
  if (step === 'examineTables') return alone && plan.kind === 'backup'
  if (['stageTables', 'replaceTables', 'checkKeys'].includes(step)) return alone
  if (['stopApps', 'swap', 'startApps'].includes(step) && alone) return false
  if (plan.kind === 'copy') return false
  if (plan.live.kind === 'gone' && ['safetyBackup', 'previewLoss', 'previewLossAgain', 'keepOld'].includes(step))
    return false
  if (step === 'safetyBackup') return plan.safetyPlace !== undefined
  if (step === 'stopApps' || step === 'startApps') return plan.appMode === 'scale' && plan.apps.length > 0
  return true
}
