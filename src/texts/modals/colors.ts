import type { InputBlock, KnownBlock } from '@slack/types'
import type { ColorChoices } from '../../operations/switch-color/choices.ts'
import { outcomeWords } from '../../operations/switch-color/texts/outcome-words.ts'
import { idleLine, liveLine, textsFor } from '../../operations/switch-color/texts/pieces.ts'
import { checksIn, sideIn } from '../../operations/switch-color/texts/read.ts'
import { refusedLines } from '../../operations/switch-color/texts/refused-words.ts'
import { colorBlock, rollbackInputs } from '../actions.ts'
import { option, plain, section } from '../blocks.ts'
import { bold, lines, mrkdwn } from '../escape.ts'
import { shortImage } from '../image.ts'
import { inLanguage, type Look } from '../language.ts'
import { slackLimits } from '../limits.ts'
import { modalWords } from '../words/modal.ts'

/** Both colours, the one that serves first; what can be chosen, or why it cannot. */
export function colorBlocks(app: string, choices: ColorChoices, look: Look): readonly KnownBlock[] {
  const { sides, live, since, idleSince } = choices
  const checks = checksIn(choices.health)
  const told = sides
    .toSorted((a, b) => Number(b.color === live) - Number(a.color === live))
    .flatMap((side) => {
      const shown = sideIn(side)
      if (shown === undefined) return []
      return [
        section(side.color === live ? liveLine(shown, { since, checks }, look) : idleLine(shown, idleSince, look)),
      ]
    })
  return [...told, ...decisionBlocks(app, choices, look)]
}

/** Never offers what would be refused: it says why instead. */
function decisionBlocks(app: string, { sides, other, decision }: ColorChoices, look: Look): readonly KnownBlock[] {
  if (decision.kind !== 'proceed') {
    const kind = decision.kind === 'refuse' ? 'refused' : 'nothing_to_do'
    const { reason, detail } = decision
    const outcome = { kind, reason, detail } as const
    const words = outcomeWords({ outcome, params: { app }, plan: undefined }, look)
    return [section(lines([bold(mrkdwn`${words.headline}.`), ...refusedLines(outcome, look, true)]))]
  }
  const target = sides.find(({ color }) => color === other)
  return target === undefined ? [] : [colorInput(app, target, look)]
}

function colorInput(app: string, side: ColorChoices['sides'][number], look: Look): InputBlock {
  const words = textsFor(look)
  const about = [side.color, ...side.images.map(shortImage)].join(' · ')
  const choice = option(side.color, about, words.ready(side.ready, side.desired))
  return {
    type: 'input',
    block_id: colorBlock(app),
    label: plain(words.form.pick, slackLimits.label),
    hint: plain(inLanguage(modalWords, look).revisionHint, slackLimits.label),
    element: {
      type: 'radio_buttons',
      action_id: rollbackInputs.color.action,
      options: [choice],
      initial_option: choice,
    },
  }
}
