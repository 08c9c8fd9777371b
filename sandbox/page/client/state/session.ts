import { computed, signal } from '@preact/signals'
import type { Person } from '../types.ts'
import { en } from '../words/en.ts'
import { es } from '../words/es.ts'

export type Place =
  | { readonly kind: 'channel'; readonly id: string }
  | { readonly kind: 'home' }
  | { readonly kind: 'none' }

export const people = signal<Person[]>([])
export const workspaceName = signal('PortTrack')
/** Who looks at the page: the short name of a person. */
export const me = signal('')
export const place = signal<Place>({ kind: 'none' })
/** The message whose thread is open. */
export const threadTs = signal<string | null>(null)
export const connected = signal(true)
export const sidebarOpen = signal(false)
/** Ticks each half minute, for "3 min ago" and day names. */
export const now = signal(Date.now())

export const person = computed(() => people.value.find((one) => one.name === me.value))
export const words = computed(() => (person.value?.locale.startsWith('es') ? es : en))
export const reader = computed(() => ({
  zone: person.value?.zone ?? 'UTC',
  // The page's "es-LA" is Slack's name for a locale that browsers call es-419.
  locale: (person.value?.locale ?? 'en-GB').replace('es-LA', 'es-419'),
}))
export const channelId = computed(() => (place.value.kind === 'channel' ? place.value.id : undefined))

export const personById = (id: string | undefined): Person | undefined => people.value.find((one) => one.id === id)

/** The address says who looks at what, so that it can be kept and sent: #ana/C0OPS/1700000000.000100 */
export function readAddress(): { who: string; place: Place; thread: string | null } {
  const [who = '', where = '', thread] = decodeURIComponent(location.hash.slice(1)).split('/')
  const at: Place =
    where === '' ? { kind: 'none' } : where === 'home' ? { kind: 'home' } : { kind: 'channel', id: where }
  return { who, place: at, thread: thread || null }
}

export function writeAddress(): void {
  const where = place.value.kind === 'channel' ? place.value.id : place.value.kind === 'home' ? 'home' : ''
  const parts = [me.value, where, threadTs.value].filter(Boolean).join('/')
  if (location.hash === `#${parts}`) return
  // A person without a place is only the moment of changing seats: no step back leads there.
  if (location.hash === `#${me.value}`) history.replaceState(null, '', `#${parts}`)
  else history.pushState(null, '', `#${parts}`)
}

const kept = 'rescue-person'
export const rememberPerson = (name: string) => localStorage.setItem(kept, name)
export const rememberedPerson = () => localStorage.getItem(kept) ?? ''
