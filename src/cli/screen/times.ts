import { ageOf } from '../../texts/amounts.ts'
import type { Session } from '../types.ts'

const two = (value: number): string => String(value).padStart(2, '0')

/** `03:26`, by the clock of this machine. */
export const clockOf = (at: Date): string => `${two(at.getHours())}:${two(at.getMinutes())}`

/** `2026-11-24 03:26:07`, by the clock of this machine. */
export const momentOf = (at: Date): string =>
  `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clockOf(at)}:${two(at.getSeconds())}`

/** `3 min ago`. */
export const agoOf = (session: Session, at: Date): string =>
  session.words.ago(ageOf(at.toISOString(), session.look()) ?? '')

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000 }
const longestMs = 24 * 3_600_000

/** `90s`, `5m`, `1h`, or seconds alone, in milliseconds; undefined for anything else, nothing, and more than a day. */
export function readTime(word: string): number | undefined {
  const match = /^(\d{1,6})(s|m|min|h)?$/.exec(word)
  const ms = Number(match?.[1] ?? 0) * (unitMs[match?.[2] ?? 's'] ?? 0)
  return match === null || ms > longestMs ? undefined : ms
}
