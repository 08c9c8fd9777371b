import { plain } from '../format/mrkdwn-view.ts'
import { linkTo } from '../format/parts.ts'
import { Avatar } from '../lib/avatar.ts'
import { type Drawn, html } from '../lib/html.ts'
import { Icon } from '../lib/icons.ts'
import { Popover } from '../lib/popover.ts'
import { clockTime, dateOfTs, dayName } from '../lib/time.ts'
import { panelOpen, showPanel } from '../panel/state.ts'
import { closeThread } from '../state/go.ts'
import { personById, sidebarOpen, threadTs, words } from '../state/session.ts'
import { messages } from '../state/workspace.ts'
import type { Channel, Message } from '../types.ts'
import { authorOf, titleOf } from './names.ts'
import { scrollToMessage } from './scroll.ts'

/** The panel gives way to a thread where there is no room for both. */
const coveredByThread = () => threadTs.value !== null && !matchMedia('(min-width: 1560px)').matches

function togglePanel(): void {
  const covered = coveredByThread()
  showPanel(covered || !panelOpen.value)
  if (covered) closeThread()
}

/** The bar above the messages, with the buttons that every place has. */
export function Bar({ children, name }: { children: Drawn; name: Drawn }): Drawn {
  const { openSidebar, showPanel: show, hidePanel } = words.value
  const open = panelOpen.value && !coveredByThread()
  const openDrawer = () => {
    sidebarOpen.value = true
  }
  return html`<header class="bar">
    <button type="button" class="icon-button drawer-button" aria-label=${openSidebar} aria-expanded=${sidebarOpen.value} onClick=${openDrawer}><${Icon} name="menu" /></button>
    <h1 class="bar-name">${name}</h1>${children}
    <button type="button" class="icon-button" aria-label=${open ? hidePanel : show} title=${open ? hidePanel : show} aria-pressed=${open} onClick=${togglePanel}><${Icon} name="panel" /></button>
  </header>`
}

/** Name, topic, members and what is pinned; bookmarks in a line of their own. */
export function ChannelHeader({ channel }: { channel: Channel }): Drawn {
  const name = html`${channel.isDirect ? null : html`<${Icon} name=${channel.isPrivate ? 'lock' : 'hash'} />`}<span>${titleOf(channel)}</span>`
  return html`<${Bar} name=${name}>
      <p class="bar-topic" title=${channel.topic}>${plain(channel.topic || channel.purpose)}</p>
      ${!channel.isDirect && html`<${Members} ids=${channel.members} />`}
      <${Pinned} channel=${channel} />
    </${Bar}>
    ${channel.bookmarks.length > 0 && html`<ul class="bookmarks" aria-label=${words.value.bookmarks}>${channel.bookmarks.map((mark) => html`<li key=${mark.id}>${linkTo(mark.link, html`<${Icon} name="link" />${mark.title}`)}</li>`)}</ul>`}`
}

function Members({ ids }: { ids: readonly string[] }): Drawn {
  if (ids.length === 0) return null
  const label = html`<${Icon} name="people" /><span>${ids.length}</span>`
  return html`<${Popover} label=${label} name=${words.value.members(ids.length)} class="bar-button" popup="dialog" side="end">
    ${() =>
      html`<ul class="people-list">${ids.map((id) => {
        const person = personById(id)
        return html`<li><${Avatar} person=${person} bot=${person?.isBot} size="small" /><span>${person?.realName ?? id}</span>${person?.role && html`<span class="person-role">${words.value.roles[person.role]}</span>`}</li>`
      })}</ul>`}
  </${Popover}>`
}

function Pinned({ channel }: { channel: Channel }): Drawn {
  const pinned = (messages.value[channel.id] ?? []).filter((one) => one.pinned)
  if (pinned.length === 0) return null
  const label = html`<${Icon} name="pin" /><span>${pinned.length}</span>`
  return html`<${Popover} label=${label} name=${words.value.pinned(pinned.length)} class="bar-button" popup="dialog" side="end">
    ${(close: () => void) =>
      html`<ul class="pins">${pinned.map(
        (one) => html`<li><button type="button" class="pin" onClick=${() => {
          close()
          scrollToMessage(one.ts)
        }}>
      <span class="pin-head"><strong>${authorOf(one)}</strong> ${dayName(dateOfTs(one.ts))} ${clockTime(dateOfTs(one.ts))}</span><span class="pin-text">${excerpt(one)}</span></button></li>`,
      )}</ul>`}
  </${Popover}>`
}

const excerpt = (message: Message) => plain((message.text ?? '').replaceAll(/[*_~`]|<[^>|]*\|?|>/g, '')).slice(0, 140)
