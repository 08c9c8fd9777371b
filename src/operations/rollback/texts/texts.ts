import { isData, textIn } from '../../../texts/data.ts'
import { mrkdwn } from '../../../texts/escape.ts'
import type { OperationTexts } from '../../../texts/presentation.ts'
import { askedFor } from './asked.ts'
import { outcomeWords } from './outcome-words.ts'
import { textsFor } from './pieces.ts'
import { doing, planWords } from './plan-words.ts'
import { progressOf } from './progress.ts'
import { readPlan } from './read.ts'

/** What the rollback tells people, in both languages. */
export const rollbackPresentation: OperationTexts = {
  asked: (params, look) => {
    const words = textsFor(look)
    const to = askedFor(params) ?? textIn(params, 'toRevision')
    const emergency = isData(params) && params['emergency'] === true ? mrkdwn`${words.emergency} · ` : ''
    return mrkdwn`${emergency}${words.asked(mrkdwn`${textIn(params, 'app')}`, to === '' ? undefined : to)}`
  },
  plan: planWords,
  doing,
  // Only a StatefulSet waits for its own broken pods.
  needs: (step, plan) => step !== 'replaceStuckPods' || readPlan(plan).workload.kind === 'statefulset',
  step: (name, look) => Object.entries(textsFor(look).steps).find(([key]) => key === name)?.[1] ?? name,
  progress: progressOf,
  outcome: outcomeWords,
}
