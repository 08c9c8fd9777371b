type Bucket = { tokens: number; at: number }
type Similar = { messages: Set<string>; at: number }

/** The limits of client-go's recorder (tools/record/events_cache.go). */
const burst = 25
const refillMs = 300_000
const similarMost = 10
const similarMs = 600_000
const knownMost = 4096

export type EventLimits = {
  /** Whether so many events of this family differ by their message alone that this one is merged into one for all. */
  combines(family: string, message: string): boolean
  /** Whether this source may send one more. */
  allows(source: string): boolean
}

export function createEventLimits(): EventLimits {
  const buckets = new Map<string, Bucket>()
  const similar = new Map<string, Similar>()
  return {
    combines: (family, message) => combines(similar, family, message),
    allows: (source) => allows(buckets, source),
  }
}

function combines(similar: Map<string, Similar>, family: string, message: string): boolean {
  const now = Date.now()
  const before = similar.get(family)
  const recent = before !== undefined && now - before.at <= similarMs
  const entry = recent ? before : { messages: new Set<string>(), at: now }
  entry.at = now
  entry.messages.add(message)
  remember(similar, family, entry)
  if (entry.messages.size < similarMost) return false
  entry.messages.delete(message)
  return true
}

function allows(buckets: Map<string, Bucket>, source: string): boolean {
  const now = Date.now()
  const bucket = buckets.get(source) ?? { tokens: burst, at: now }
  bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / refillMs)
  bucket.at = now
  remember(buckets, source, bucket)
  if (bucket.tokens < 1) return false
  bucket.tokens -= 1
  return true
}

/** The least recently used goes when there are too many. */
export function remember<T>(entries: Map<string, T>, key: string, value: T): void {
  entries.delete(key)
  entries.set(key, value)
  const oldest = entries.keys().next().value
  if (entries.size > knownMost && oldest !== undefined) entries.delete(oldest)
}
