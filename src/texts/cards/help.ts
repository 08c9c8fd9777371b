import { type Card, card, context, section } from '../blocks.ts'
import { bold, code, lines, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { type HelpCommand, helpWords } from '../words/help.ts'

/** What a command does, by examples that can be typed as they are. */
export function helpCard(command: HelpCommand, look: Look): Card {
  const help = inLanguage(helpWords, look)[command]
  const head = mrkdwn`${bold(command)} · ${help.about}`
  const forms = lines(help.lines.map(({ form, does }) => mrkdwn`${code(form)} ${does}`))
  return card(head, [section(head), section(forms), context(mrkdwn`${help.more}`)])
}
