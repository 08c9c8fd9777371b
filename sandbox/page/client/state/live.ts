import { connected, me, place, threadTs } from './session.ts'
import { showToast } from './toasts.ts'
import { loadAll, loadChannels, loadHome, loadMessages, loadThread, loadView } from './workspace.ts'

let source: EventSource | undefined
let retry: ReturnType<typeof setTimeout> | undefined

/** Follows what happens for one person; whatever was missed while the connection was gone is read again. */
export function listen(user: string): void {
  clearTimeout(retry)
  source?.close()
  const own = new EventSource(`/person/events?user=${encodeURIComponent(user)}`)
  source = own
  own.onopen = () => {
    connected.value = true
    void loadAll()
  }
  own.onerror = () => {
    if (source !== own) return
    connected.value = false
    // The browser tries again by itself only while the stream was not refused.
    if (own.readyState === EventSource.CLOSED) retry = setTimeout(() => listen(me.value), 1500)
  }
  own.onmessage = (event: MessageEvent<string>) => {
    if (source === own) heard(event.data)
  }
}

function heard(data: string): void {
  const { type, channel, text } = JSON.parse(data) as { type: string; channel?: string; text?: string }
  if (type === 'view') void loadView()
  else if (type === 'home') void loadHome()
  else if (type === 'toast' && text) showToast(text)
  else {
    void loadChannels()
    if (place.value.kind !== 'channel' || (channel !== undefined && channel !== place.value.id)) return
    void loadMessages()
    if (threadTs.value) void loadThread()
  }
}
