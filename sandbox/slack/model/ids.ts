import { randomBytes } from 'node:crypto'
import type { Clock } from './types.ts'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** Ids as Slack makes them: a kind's letter and ten characters. */
export function newId(letter: string): string {
  return `${letter}0${[...randomBytes(9)].map((byte) => letters[byte % letters.length]).join('')}`
}

/** The short id that Slack gives to a block or element that has none. */
export function shortId(): string {
  return randomBytes(4).toString('base64url').slice(0, 5)
}

export function secret(bytes = 24): string {
  return randomBytes(bytes).toString('hex')
}

/** Message times: seconds and microseconds, each one later than the one before. */
export function createTimestamps(clock: Clock): () => string {
  let last = 0
  return () => {
    last = Math.max(last + 1, Math.floor(clock() * 1000))
    return `${Math.floor(last / 1_000_000)}.${String(last % 1_000_000).padStart(6, '0')}`
  }
}
