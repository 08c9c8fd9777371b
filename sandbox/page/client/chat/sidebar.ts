import { useEffect, useRef } from 'preact/hooks'
import { Avatar } from '../lib/avatar.ts'
import { classes, type Drawn, html } from '../lib/html.ts'
import { Icon } from '../lib/icons.ts'
import { goTo } from '../state/go.ts'
import { channelId, place, sidebarOpen, words, workspaceName } from '../state/session.ts'
import { channels } from '../state/workspace.ts'
import type { Channel } from '../types.ts'
import { titleOf } from './names.ts'
import { PersonMenu } from './person-menu.ts'

/** The workspace: who one is, and where one can go. A drawer on narrow screens. */
export function Sidebar(): Drawn {
  const own = useRef<HTMLElement>(null)
  const open = sidebarOpen.value
  useEffect(() => {
    if (open) own.current?.querySelector<HTMLElement>('button')?.focus()
  }, [open])
  const rooms = channels.value
    .filter((one) => !one.isDirect)
    .sort((a, b) => Number(a.isArchived) - Number(b.isArchived))
  const directs = channels.value.filter((one) => one.isDirect)
  const onEscape = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && sidebarOpen.value) sidebarOpen.value = false
  }
  return html`
    ${
      open &&
      html`<div class="drawer-shade" onClick=${() => {
        sidebarOpen.value = false
      }}></div>`
    }
    <nav ref=${own} class=${classes('sidebar', open && 'sidebar-open')} aria-label=${workspaceName.value} onKeyDown=${onEscape}>
      <div class="sidebar-head"><p class="workspace">${workspaceName.value}</p>
        <button type="button" class="icon-button drawer-close" aria-label=${words.value.closeSidebar} onClick=${() => {
          sidebarOpen.value = false
        }}><${Icon} name="close" /></button>
      </div>
      <${PersonMenu} />
      <div class="sidebar-scroll">
        <${Group} title=${words.value.channels}>${rooms.map((one) => html`<${Room} key=${one.id} channel=${one} />`)}</${Group}>
        <${Group} title=${words.value.directMessages}>${directs.map((one) => html`<${Room} key=${one.id} channel=${one} />`)}</${Group}>
        <${Group} title=${words.value.apps}>
          <li><button type="button" class=${classes('room', place.value.kind === 'home' && 'room-on')} aria-current=${place.value.kind === 'home' ? 'page' : undefined} onClick=${() => goTo({ kind: 'home' })}>
            <span class="room-mark"><${Icon} name="home" /></span><span class="room-name">${words.value.home}</span></button></li>
        </${Group}>
      </div>
    </nav>`
}

const Group = ({ title, children }: { title: string; children: Drawn }): Drawn =>
  html`<section class="sidebar-group"><h2>${title}</h2><ul>${children}</ul></section>`

function Room({ channel }: { channel: Channel }): Drawn {
  const on = channelId.value === channel.id
  const { unread, mentions, archived } = words.value
  const marks = [
    channel.isArchived && archived,
    channel.unread > 0 && unread(channel.unread),
    channel.mentions > 0 && mentions(channel.mentions),
  ]
  const mark = channel.isDirect
    ? html`<${Avatar} bot size="small" />`
    : html`<span class="room-mark"><${Icon} name=${channel.isPrivate ? 'lock' : 'hash'} /></span>`
  return html`<li><button type="button" class=${classes('room', on && 'room-on', channel.unread > 0 && !on && 'room-unread', channel.isArchived && 'room-archived')}
      aria-current=${on ? 'page' : undefined} onClick=${() => goTo({ kind: 'channel', id: channel.id })}>
    ${mark}<span class="room-name">${titleOf(channel)}</span>
    ${marks.some(Boolean) && html`<span class="hidden">, ${marks.filter(Boolean).join(', ')}</span>`}
    ${channel.mentions > 0 ? html`<span class="badge" aria-hidden="true">${channel.mentions}</span>` : channel.unread > 0 && !on ? html`<span class="dot" aria-hidden="true"></span>` : null}
  </button></li>`
}
