import { textIn } from '../../../texts/data.ts'
import { mrkdwn } from '../../../texts/escape.ts'
import type { OperationTexts } from '../../../texts/presentation.ts'
import { outcomeWords } from './outcome-words.ts'
import { textsFor } from './pieces.ts'
import { doing, planWords } from './plan-words.ts'
import { progressOf } from './progress.ts'

/** What the switch of colours tells people, in both languages. */
export const switchColorPresentation: OperationTexts = {
  asked: (params, look) => {
    const to = textIn(params, 'to')
    return textsFor(look).asked(mrkdwn`${textIn(params, 'app')}`, to === '' ? undefined : to)
  },
  plan: planWords,
  doing,
  // The way back is only told when it is taken.
  needs: (step) => step !== 'switchBack' && step !== 'awaitReturn',
  step: (name, look) => Object.entries(textsFor(look).steps).find(([key]) => key === name)?.[1] ?? name,
  progress: progressOf,
  outcome: outcomeWords,
}
