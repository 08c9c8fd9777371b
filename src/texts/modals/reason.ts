import type { InputBlock } from '@slack/types'
import { rollbackInputs } from '../actions.ts'
import { plain } from '../blocks.ts'
import { inLanguage, type Look } from '../language.ts'
import { slackLimits } from '../limits.ts'
import { modalWords } from '../words/modal.ts'

/** The longest reason, in characters. */
const longest = 1000

/** Why somebody asks for it, in their own words. */
export function reasonInput(
  given: { readonly label: string; readonly placeholder: string; readonly needed: boolean; readonly written?: string },
  look: Look,
): InputBlock {
  const { written } = given
  return {
    type: 'input',
    block_id: rollbackInputs.reason.block,
    optional: !given.needed,
    label: plain(given.label, slackLimits.label),
    hint: plain(inLanguage(modalWords, look).reasonHint, slackLimits.label),
    element: {
      type: 'plain_text_input',
      action_id: rollbackInputs.reason.action,
      multiline: true,
      max_length: longest,
      placeholder: plain(given.placeholder, slackLimits.placeholder),
      ...(written === undefined || written === '' ? {} : { initial_value: written.slice(0, longest) }),
    },
  }
}
