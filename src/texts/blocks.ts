import type {
  ActionsBlock,
  Button,
  ConfirmationDialog,
  ContextBlock,
  DividerBlock,
  HeaderBlock,
  KnownBlock,
  MrkdwnElement,
  PlainTextElement,
  PlainTextOption,
  RichTextBlock,
  SectionBlock,
} from '@slack/types'
import { cleanBlock, cutPlain, plainLine } from './clean.ts'
import { cut, cutText, isEmpty, join, type Mrkdwn, textOf } from './escape.ts'
import { slackLimits, textLength } from './limits.ts'

/** The only place that builds Slack's text objects: mrkdwn from `Mrkdwn` alone, plain text from cleaned lines. */

/** A message: what is seen, what a notification says, and what did not fit and belongs into the thread. */
export type Card = { readonly blocks: KnownBlock[]; readonly text: string; readonly overflow?: string }

export function card(summary: Mrkdwn, blocks: readonly KnownBlock[], overflow?: string): Card {
  const text = textOf(cut(summary, slackLimits.updateText))
  return { blocks: [...shrunk(blocks)], text, ...(overflow === undefined || overflow === '' ? {} : { overflow }) }
}

/** Names of any length stand in many places of a card; together they must not make it one that Slack refuses. */
function shrunk(blocks: readonly KnownBlock[]): readonly KnownBlock[] {
  return [1500, 800, 400, 200, 100].reduce<readonly KnownBlock[]>(
    (now, cap) => (textLength(now) <= slackLimits.messageText ? now : capped(now, cap)),
    blocks,
  )
}

function capped(blocks: readonly KnownBlock[], cap: number): readonly KnownBlock[] {
  return blocks.map((block) => {
    if (block.type === 'section' && block.text?.type === 'mrkdwn')
      return { ...block, text: { ...block.text, text: cutText(block.text.text, cap) } }
    if (block.type !== 'context') return block
    return {
      ...block,
      elements: block.elements.map((element) =>
        element.type === 'mrkdwn' ? { ...element, text: cutText(element.text, cap) } : element,
      ),
    }
  })
}

/** `verbatim`: Slack must not look for links and names in plain words. */
function mrkdwnElement(text: Mrkdwn, max: number): MrkdwnElement {
  return { type: 'mrkdwn', text: isEmpty(text) ? '—' : textOf(cut(text, max)), verbatim: true }
}

export function plain(text: string, max: number): PlainTextElement {
  return { type: 'plain_text', text: plainLine(text, max), emoji: false }
}

export function section(text: Mrkdwn, accessory?: Button): SectionBlock {
  const element = mrkdwnElement(text, slackLimits.sectionText)
  return { type: 'section', text: element, ...(accessory === undefined ? {} : { accessory }) }
}

export function context(...texts: readonly Mrkdwn[]): ContextBlock {
  const shown = texts.filter((text) => !isEmpty(text))
  const elements =
    shown.length <= slackLimits.contextElements
      ? shown
      : [...shown.slice(0, slackLimits.contextElements - 1), join(shown.slice(slackLimits.contextElements - 1), ' · ')]
  return { type: 'context', elements: elements.map((text) => mrkdwnElement(text, slackLimits.contextText)) }
}

export const header = (text: string): HeaderBlock => ({ type: 'header', text: plain(text, slackLimits.header) })

export const divider: DividerBlock = { type: 'divider' }

/** @param id changes when the buttons mean something else, so that a client forgets what it remembered of them */
export function actions(id: string, buttons: readonly Button[]): ActionsBlock {
  return { type: 'actions', block_id: id.slice(0, 255), elements: buttons.slice(0, slackLimits.actionElements) }
}

export type ButtonLook = {
  readonly action: string
  readonly label: string
  readonly value?: string
  readonly url?: string
  readonly style?: 'primary' | 'danger'
  readonly confirm?: ConfirmationDialog
}

export function button(look: ButtonLook): Button {
  return {
    type: 'button',
    action_id: look.action,
    text: plain(look.label, slackLimits.buttonText),
    ...(look.value === undefined ? {} : { value: look.value.slice(0, slackLimits.buttonValue) }),
    ...(look.url === undefined ? {} : { url: look.url }),
    ...(look.style === undefined ? {} : { style: look.style }),
    ...(look.confirm === undefined ? {} : { confirm: look.confirm }),
  }
}

export type ConfirmWords = {
  readonly title: string
  /** The consequence. */
  readonly text: string
  readonly confirm: string
  readonly deny: string
}

export function confirmDialog(words: ConfirmWords, style?: 'danger'): ConfirmationDialog {
  return {
    title: plain(words.title, slackLimits.confirmTitle),
    text: plain(words.text, slackLimits.confirmText),
    confirm: plain(words.confirm, slackLimits.confirmButton),
    deny: plain(words.deny, slackLimits.confirmButton),
    ...(style === undefined ? {} : { style }),
  }
}

export function option(value: string, text: string, description?: string): PlainTextOption {
  return {
    value: value === '' ? '—' : value.slice(0, slackLimits.optionValue),
    text: plain(text, slackLimits.optionText),
    ...(description === undefined || description === ''
      ? {}
      : { description: plain(description, slackLimits.optionDescription) }),
  }
}

/** A paragraph of literal text: nothing in it means anything to Slack. */
export function richLine(text: string, max = 600): RichTextBlock {
  const shown = plainLine(text, max)
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: shown }] }] }
}

/** Output of somebody else, line by line, in a box. */
export function richOutput(text: string, max = 2500): RichTextBlock {
  const shown = cutPlain(cleanBlock(text), max)
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: shown === '' ? '—' : shown }] }],
  }
}
