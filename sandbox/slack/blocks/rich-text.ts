import { anything, boolean, byType, integer, list, object, type Rule, required, string, word } from './rules.ts'

const style = object({
  bold: boolean,
  italic: boolean,
  strike: boolean,
  code: boolean,
  underline: boolean,
  highlight: boolean,
  client_highlight: boolean,
  unlink: boolean,
})
const part = (fields: Record<string, Rule | { readonly required: Rule }>) =>
  object({ type: required(anything), style, ...fields })

const parts: Readonly<Record<string, Rule>> = {
  text: part({ text: required(string({ min: 1 })) }),
  link: part({ url: required(string({ min: 1 })), text: string(), unsafe: boolean }),
  emoji: part({ name: required(string({ min: 1 })), unicode: string(), url: string() }),
  user: part({ user_id: required(string({ min: 1 })) }),
  usergroup: part({ usergroup_id: required(string({ min: 1 })) }),
  channel: part({ channel_id: required(string({ min: 1 })) }),
  team: part({ team_id: required(string({ min: 1 })) }),
  broadcast: part({ range: required(word('here', 'channel', 'everyone')) }),
  color: part({ value: required(string({ min: 1 })) }),
  date: part({
    timestamp: required(integer()),
    format: required(string({ min: 1 })),
    url: string(),
    fallback: string(),
  }),
}

const flow = list(byType(parts))
const border = integer({ min: 0, max: 1 })

const section = object({ type: required(anything), elements: required(flow) })

const groups: Readonly<Record<string, Rule>> = {
  rich_text_section: section,
  rich_text_quote: object({ type: required(anything), elements: required(flow), border }),
  rich_text_preformatted: object({
    type: required(anything),
    elements: required(list(byType({ text: parts['text'] ?? anything, link: parts['link'] ?? anything }))),
    border,
    language: string(),
  }),
  rich_text_list: object({
    type: required(anything),
    style: required(word('bullet', 'ordered')),
    elements: required(list(byType({ rich_text_section: section }))),
    indent: integer({ min: 0, max: 8 }),
    offset: integer({ min: 0 }),
    border,
  }),
}

/** A rich_text block; also the content of task cards and table cells. */
export const richText = object({
  type: required(word('rich_text')),
  block_id: string({ max: 255 }),
  elements: required(list(byType(groups), { min: 1 })),
})
