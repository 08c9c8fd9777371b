import type { TargetedInputEvent, TargetedKeyboardEvent } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { type Drawn, html } from '../lib/html.ts'
import { Icon } from '../lib/icons.ts'
import { post } from '../state/api.ts'
import { draftOf, keepDraft } from '../state/drafts.ts'
import { me, words } from '../state/session.ts'
import type { Channel } from '../types.ts'
import { CommandHints, hintsFor } from './command-hints.ts'
import { titleOf } from './names.ts'
import { send } from './send.ts'

/** Where one writes. Enter sends; with a slash first, the commands are shown while one types. */
export function Composer({ channel, thread = null }: { channel: Channel; thread?: string | null }): Drawn {
  const field = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState(() => draftOf(channel.id, thread))
  const [active, setActive] = useState(0)
  const [hidden, setHidden] = useState(false)
  const [waiting, setWaiting] = useState(false)
  useLayoutEffect(() => grow(field.current), [text])
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) field.current?.focus()
  }, [])
  if (!channel.isMember || channel.isArchived) return html`<${Closed} channel=${channel} />`
  const hints = hidden ? [] : hintsFor(text)
  const choosing = hints.length > 0 && !text.includes(' ')
  const set = (next: string) => {
    setText(next)
    setHidden(false)
    setActive(0)
    keepDraft(channel.id, thread, next)
  }
  const submit = async () => {
    if (text.trim() === '' || waiting) return
    set('')
    setWaiting(text.startsWith('/'))
    const returned = await send(channel, thread, text)
    setWaiting(false)
    if (returned !== undefined && draftOf(channel.id, thread) === '') set(returned)
  }
  const complete = () => {
    const chosen = hints[Math.min(active, hints.length - 1)]
    if (chosen) set(`${chosen.command} `)
  }
  const keys = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    if (event.isComposing) return
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const whole = hints.some((one) => one.command === text)
    if (choosing && step !== 0) setActive((active + step + hints.length) % hints.length)
    else if (choosing && (event.key === 'Tab' || (event.key === 'Enter' && !event.shiftKey && !whole))) complete()
    else if (hints.length > 0 && event.key === 'Escape') setHidden(true)
    else if (event.key === 'Enter' && !event.shiftKey) void submit()
    else return
    event.preventDefault()
  }
  const name = thread
    ? words.value.replyHere
    : words.value.messageTo(channel.isDirect ? titleOf(channel) : `#${channel.name}`)
  const id = `hints-${thread ?? 'channel'}`
  return html`<div class="composer">
    ${
      hints.length > 0 &&
      html`<${CommandHints} id=${id} hints=${hints} active=${active} choosing=${choosing} onChoose=${(
        command: string,
      ) => {
        set(`${command} `)
        field.current?.focus()
      }} />`
    }
    <form class="composer-box" onSubmit=${(event: Event) => {
      event.preventDefault()
      void submit()
    }}>
      <textarea ref=${field} id=${thread ? 'reply-box' : 'message-box'} rows="1" value=${text} placeholder=${name} aria-label=${name} autocomplete="off" spellcheck aria-autocomplete="list" aria-controls=${choosing ? id : undefined} aria-activedescendant=${choosing ? `${id}-${Math.min(active, hints.length - 1)}` : undefined}
        onInput=${(event: TargetedInputEvent<HTMLTextAreaElement>) => set(event.currentTarget.value)} onKeyDown=${keys}></textarea>
      ${waiting && html`<span class="spinner" role="status" aria-label=${words.value.pending}></span>`}
      <button type="submit" class="icon-button send" aria-label=${words.value.send} title=${words.value.sendHint} disabled=${text.trim() === ''}><${Icon} name="send" /></button>
    </form>
  </div>`
}

function Closed({ channel }: { channel: Channel }): Drawn {
  const { isArchived, notMember, join } = words.value
  return html`<div class="composer composer-closed"><p>${channel.isArchived ? isArchived : notMember}</p>
    ${!channel.isArchived && html`<button type="button" class="button button-primary" onClick=${() => post('/person/join', { user: me.value, channel: channel.id })}>${join}</button>`}</div>`
}

/** As high as its text, up to a third of the window. */
function grow(field: HTMLTextAreaElement | null): void {
  if (!field) return
  field.style.height = 'auto'
  field.style.height = `${Math.min(field.scrollHeight, innerHeight / 3)}px`
}
