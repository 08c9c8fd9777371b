import { randomInt } from 'node:crypto'

/** Letters of generated names: no vowels and no look-alikes, as apimachinery's rand. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789'

export function randomSuffix(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
}

/** A text written with those letters, one for each character. */
export function safeEncode(text: string): string {
  return [...text].map((character) => alphabet[character.charCodeAt(0) % alphabet.length]).join('')
}

/** FNV-1a of 32 bits, the hash behind pod-template-hash and the names of ControllerRevisions. */
export function fnv32a(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash
}
