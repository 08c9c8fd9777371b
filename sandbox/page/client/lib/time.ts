import { isoDay } from '../format/slack-date.ts'
import { now, reader, words } from '../state/session.ts'

export const dateOfTs = (ts: string) => new Date(Number(ts) * 1000)

const show = (at: Date, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(reader.value.locale, { timeZone: reader.value.zone, ...options }).format(at)

/** 14:05, in the reader's zone. */
export const clockTime = (at: Date) => show(at, { hour: 'numeric', minute: '2-digit' })

export const fullTime = (at: Date) => show(at, { dateStyle: 'full', timeStyle: 'medium' })

export const dayKey = (at: Date) => isoDay(at, reader.value.zone)

/** Today, Yesterday, or "Saturday 7 March"; with the year when it is another one. */
export function dayName(at: Date): string {
  const key = dayKey(at)
  const today = new Date(now.value)
  if (key === dayKey(today)) return words.value.today
  if (key === dayKey(new Date(now.value - 86_400_000))) return words.value.yesterday
  const year = key.slice(0, 4) === dayKey(today).slice(0, 4) ? {} : ({ year: 'numeric' } as const)
  const name = show(at, { weekday: 'long', day: 'numeric', month: 'long', ...year })
  return name.charAt(0).toLocaleUpperCase(reader.value.locale) + name.slice(1)
}

/** "3 min ago" for the last day, then a date. */
export function ago(at: Date): string {
  const seconds = Math.max(0, Math.round((now.value - at.getTime()) / 1000))
  const format = new Intl.RelativeTimeFormat(reader.value.locale, { style: 'short', numeric: 'auto' })
  if (seconds < 60) return words.value.justNow
  if (seconds < 3600) return format.format(-Math.floor(seconds / 60), 'minute')
  if (seconds < 86_400) return format.format(-Math.floor(seconds / 3600), 'hour')
  return show(at, { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' })
}
