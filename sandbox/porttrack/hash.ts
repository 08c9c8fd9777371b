import { sorted } from './manifests.ts'

/** Letters and digits of Kubernetes' own hashes: no vowels, so that no word appears (apimachinery/pkg/util/rand). */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789'

/** FNV-1 with 32 bits. */
function fnv(bytes: Iterable<number>): number {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = (Math.imul(hash, 0x01000193) ^ byte) >>> 0
  return hash
}

function safeEncode(text: string): string {
  return [...text].map((letter) => alphabet[letter.charCodeAt(0) % alphabet.length]).join('')
}

/** A hash for names that is the same at every seeding; not the controller's own, which hashes Go's memory layout. */
export function templateHash(template: unknown): string {
  return safeEncode(String(fnv(Buffer.from(JSON.stringify(sorted(template))))))
}
