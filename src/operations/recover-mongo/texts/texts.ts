import { dataIn, textIn } from '../../../texts/data.ts'
import { mrkdwn } from '../../../texts/escape.ts'
import type { OperationTexts } from '../../../texts/presentation.ts'
import { short } from '../../recover-postgres/texts/pieces.ts'
import { outcomeWords } from './outcome-words.ts'
import { textsFor } from './pieces.ts'
import { planWords } from './plan-words.ts'
import { progressOf } from './progress.ts'
import { readPlan, type ShownPlan } from './read.ts'

/** What restoring a MongoDB database tells people, in both languages. */
export const recoverMongoPresentation: OperationTexts = {
  asked: (params, look) => {
    const words = textsFor(look)
    const name = mrkdwn`${textIn(params, 'database')}`
    const back = textIn(dataIn(params, 'backTo'), 'run')
    if (back !== '') return words.askedBack(name, mrkdwn`${back}`)
    if (dataIn({ params }, 'params')['copy'] === true) return words.askedCopy(name)
    const point = textIn(params, 'point')
    return words.asked(name, point === '' ? undefined : mrkdwn`${short(point, 80)}`)
  },
  plan: planWords,
  doing: (value, look) => {
    const plan = readPlan(value)
    const words = textsFor(look)
    const name = mrkdwn`${plan.name}`
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
  if (['checkBackup', 'restoreBeside', 'buildIndexes', 'proveCopy'].includes(step)) return plan.kind !== 'undo'
  if (plan.kind === 'copy') return false
  if (plan.live.kind === 'empty' && (step === 'safetyBackup' || step === 'keepOld')) return false
  if (step === 'safetyBackup') return plan.safety
  if (step === 'setViews') return (plan.prepared?.views.length ?? 0) > 0
  if (step === 'stopApps' || step === 'startApps') return plan.appMode === 'scale' && plan.apps.length > 0
  return true
}
