import { focusOnce } from '../controls/button.ts'
import { emojiOf, quickReactions } from '../format/emoji.ts'
import { classes, type Drawn, html } from '../lib/html.ts'
import { Icon } from '../lib/icons.ts'
import { menuKeys, Popover } from '../lib/popover.ts'
import { post } from '../state/api.ts'
import { me, person, personById, words } from '../state/session.ts'
import type { Message } from '../types.ts'

/** Adds one's reaction, or takes it back. */
export const react = (channel: string, ts: string, name: string) =>
  post('/person/reaction', { user: me.value, channel, ts, name })

export const hasReacted = (message: Message, name: string): boolean =>
  message.reactions?.some((one) => one.name === name && one.users.includes(person.value?.id ?? '')) ?? false

export function Reactions({ message, channel }: { message: Message; channel: string }): Drawn {
  return html`<div class="reactions">${(message.reactions ?? []).map((one) => {
    const who = one.users.map((id) => personById(id)?.realName ?? id).join(', ')
    const mine = one.users.includes(person.value?.id ?? '')
    return html`<button type="button" key=${one.name} class=${classes('reaction', mine && 'reaction-mine')} aria-pressed=${mine}
      aria-label=${words.value.reactedBy(one.users.length, one.name.replaceAll('_', ' '), who)} title=${who} onClick=${() => react(channel, message.ts, one.name)}>
      <span aria-hidden="true">${emojiOf(one.name) ?? `:${one.name}:`}</span><span>${one.users.length}</span></button>`
  })}</div>`
}

/** The small choice of reactions. */
export function ReactionMenu({ message, channel }: { message: Message; channel: string }): Drawn {
  const choose = (name: string, close: () => void) => {
    close()
    void react(channel, message.ts, name)
  }
  return html`<${Popover} label=${html`<${Icon} name="smile" />`} name=${words.value.react} class="icon-button" popup="menu" side="end">
    ${(
      close: () => void,
    ) => html`<div role="menu" class="reaction-menu" aria-label=${words.value.react} onKeyDown=${sideways}>
      ${quickReactions.map(
        (
          name,
          index,
        ) => html`<button type="button" role="menuitem" class="reaction-choice" ref=${index === 0 ? focusOnce : undefined}
        aria-label=${words.value.reactWith(name.replaceAll('_', ' '))} title=${`:${name}:`} onClick=${() => choose(name, close)}>${emojiOf(name)}</button>`,
      )}
    </div>`}
  </${Popover}>`
}

/** The choices stand in a row: left and right move as well. */
function sideways(event: Parameters<typeof menuKeys>[0]): void {
  menuKeys(event)
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]')]
  const at = items.indexOf(document.activeElement as HTMLElement)
  if (event.key === 'ArrowRight') items[(at + 1) % items.length]?.focus()
  if (event.key === 'ArrowLeft') items[(at - 1 + items.length) % items.length]?.focus()
}
