import { join, type Mrkdwn, mrkdwn, time } from './escape.ts'
import { inLanguage, type Look } from './language.ts'
import { commonWords } from './words/common.ts'

/** How long, as people say it: "40 s", "6 min", "2 h 5 min", "9 days". Never more than two units. */
export function duration(seconds: number, look: Pick<Look, 'language'>): string {
  if (seconds < 1) return '<1 s'
  // Rounded first: 59.7 s is a minute, not 60 s.
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 10) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`
  if (minutes < 120) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return inLanguage(commonWords, look).days(Math.floor(hours / 24))
}

/** A rougher one for ages and estimates: one unit. */
export function roughly(seconds: number, look: Pick<Look, 'language'>): string {
  if (seconds < 59.5) return `${Math.max(1, Math.round(seconds))} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`
  return inLanguage(commonWords, look).days(Math.round(seconds / 86_400))
}

export const secondsBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000

/** How old something is at the moment of writing. Undefined for a text that is no time. */
export function ageOf(iso: string, look: Look): string | undefined {
  const at = Date.parse(iso)
  return Number.isNaN(at) ? undefined : roughly((look.now.getTime() - at) / 1000, look)
}

/** A moment: today by the clock, else with its date; always in the reader's own zone. */
export function moment(at: Date, look: Look): Mrkdwn {
  return time(at, Math.abs(secondsBetween(at, look.now)) < 12 * 3600 ? 'time' : 'date')
}

/** "a, b and c", with a ceiling. */
export function listed(pieces: readonly Mrkdwn[], look: Pick<Look, 'language'>, max = 5): Mrkdwn {
  const words = inLanguage(commonWords, look)
  if (pieces.length > max) return mrkdwn`${join(pieces.slice(0, max), ', ')} ${words.more(pieces.length - max)}`
  const last = pieces.at(-1)
  if (last === undefined || pieces.length === 1) return last ?? mrkdwn``
  return mrkdwn`${join(pieces.slice(0, -1), ', ')} ${words.and} ${last}`
}
