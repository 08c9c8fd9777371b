import type { KnownBlock } from '@slack/types'

/** What Slack accepts, in characters (UTF-16 units) and counts. Sources: docs.slack.dev/reference/block-kit and measurement. */
export const slackLimits = {
  blocks: 50,
  viewBlocks: 100,
  sectionText: 3000,
  fieldText: 2000,
  fields: 10,
  header: 150,
  contextElements: 10,
  contextText: 2000,
  actionElements: 25,
  buttonText: 75,
  buttonValue: 2000,
  optionText: 75,
  optionDescription: 75,
  optionValue: 150,
  options: 100,
  radioOptions: 10,
  overflowOptions: 5,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  planTitle: 256,
  taskTitle: 256,
  tasks: 50,
  modalTitle: 24,
  modalButton: 24,
  label: 2000,
  placeholder: 150,
  inputValue: 3000,
  privateMetadata: 3000,
  channelName: 80,
  topic: 250,
  purpose: 250,
  bookmarkTitle: 255,
  updateText: 4000,
  alertText: 200,
  /** Slack refuses more than about 13,200 in all blocks of a message; this leaves room for what it adds. */
  messageText: 11_000,
} as const

/** A card's parts: `head` and `tail` always stay (what it is, what to decide), of `body` as much as fits. */
export type Parts = {
  readonly head: readonly KnownBlock[]
  readonly body: readonly KnownBlock[]
  readonly tail: readonly KnownBlock[]
}

export type Fitted = { readonly blocks: KnownBlock[]; readonly left: readonly KnownBlock[] }

/**
 * Keeps a message below Slack's counts. What does not fit is left out from the end of the body and handed back, and
 * `more` says so in its place.
 * @param more the block that tells how many parts are elsewhere
 */
export function fitMessage(parts: Parts, more: (left: number) => KnownBlock): Fitted {
  const whole = [...parts.head, ...parts.body, ...parts.tail]
  if (whole.length <= slackLimits.blocks && textLength(whole) <= slackLimits.messageText)
    return { blocks: whole, left: [] }
  const fixed = [...parts.head, ...parts.tail, more(parts.body.length)]
  let room = slackLimits.messageText - textLength(fixed)
  let count = 0
  for (const block of parts.body) {
    room -= textLength(block)
    if (room < 0 || fixed.length + count + 1 > slackLimits.blocks) break
    count++
  }
  const left = parts.body.slice(count)
  return { blocks: [...parts.head, ...parts.body.slice(0, count), more(left.length), ...parts.tail], left }
}

/** The characters that count against a message: every text and title, however deep. */
export function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one: unknown) => sum + textLength(one), 0)
  if (typeof value !== 'object' || value === null) return 0
  return Object.entries(value).reduce(
    (sum, [name, field]) =>
      sum + (typeof field === 'string' && (name === 'text' || name === 'title') ? field.length : textLength(field)),
    0,
  )
}
