import { useEffect } from 'preact/hooks'
import { Composer } from './chat/composer.ts'
import { ChannelHeader } from './chat/header.ts'
import { Home } from './chat/home.ts'
import { MessageList } from './chat/message-list.ts'
import { titleOf } from './chat/names.ts'
import { Sidebar } from './chat/sidebar.ts'
import { Thread } from './chat/thread.ts'
import { ConfirmDialog } from './dialogs/confirm.ts'
import { ModalHost } from './dialogs/modal.ts'
import { Toasts } from './dialogs/toasts.ts'
import { classes, type Drawn, html } from './lib/html.ts'
import { Panel } from './panel/panel.ts'
import { panelOpen } from './panel/state.ts'
import { connected, me, place, reader, threadTs, words, workspaceName } from './state/session.ts'
import { channel, channels } from './state/workspace.ts'

/** The whole page. */
export function App(): Drawn {
  const current = channel.value
  const thread = threadTs.value
  const unread = channels.value.reduce((sum, one) => sum + one.mentions, 0)
  useEffect(() => {
    document.documentElement.lang = reader.value.locale
    const where = current ? titleOf(current) : words.value.home
    document.title = `${unread > 0 ? `(${unread}) ` : ''}${where} · ${workspaceName.value}`
  }, [current, unread, reader.value.locale])
  if (me.value === '')
    return html`<p class="loading loading-page" role="status">${connected.value ? words.value.loading : words.value.offline}</p>`
  return html`${current && html`<a class="skip" href="#message-box" onClick=${skip}>${words.value.skipToComposer}</a>`}
    <div class=${classes('page', panelOpen.value && 'with-panel', thread && current && 'with-thread')}>
      <${Sidebar} />
      ${
        place.value.kind === 'home'
          ? html`<${Home} />`
          : current
            ? html`<main class="place" id="place">
        <${ChannelHeader} channel=${current} />
        <${MessageList} key=${`list-${me.value}-${current.id}`} channel=${current} />
        <${Composer} key=${`composer-${me.value}-${current.id}`} channel=${current} />
      </main>`
            : html`<main class="place"><p class="loading" role="status">${words.value.loading}</p></main>`
      }
      ${thread && current ? html`<${Thread} key=${thread} channel=${current} ts=${thread} />` : null}
      ${panelOpen.value && html`<${Panel} />`}
    </div>
    ${!connected.value && html`<p class="offline" role="status">${words.value.offline}</p>`}
    <${ModalHost} /><${ConfirmDialog} /><${Toasts} />`
}

/** The address keeps the place, so the skip link moves the focus itself. */
function skip(event: Event): void {
  event.preventDefault()
  document.getElementById('message-box')?.focus()
}
