/**
 * What this process remembers of messages, to spare calls that would change nothing. Nothing depends on it: another
 * process, or this one after a restart, edits once more than needed.
 */
export type Memory = {
  /** What the message showed last, and when it was edited. */
  shown(key: string): Shown | undefined
  show(key: string, shown: Shown): void
  /** Mere progress is not edited before this moment: Slack asked for a pause. */
  progressPausedUntil: number
  /** Channels as they were a moment ago. */
  readonly channels: Map<string, { readonly at: number; readonly usable: boolean }>
}

export type Shown = { readonly content: string; readonly state: string; readonly at: number }

const most = 2_000

export function createMemory(): Memory {
  const messages = new Map<string, Shown>()
  return {
    shown: (key) => messages.get(key),
    show: (key, shown) => {
      messages.delete(key)
      messages.set(key, shown)
      const oldest = messages.keys().next().value
      if (messages.size > most && oldest !== undefined) messages.delete(oldest)
    },
    progressPausedUntil: 0,
    channels: new Map(),
  }
}
