import { type Logger, LogLevel, WebClient } from '@slack/web-api'
import type { Logger as Pino } from 'pino'

/**
 * One client for each lane, because a 429 pauses the whole queue of a WebClient: a late edit of progress must never make a
 * modal miss its trigger. All lanes hand a 429 back at once; the outbox waits, durably and for that message alone.
 */
export type SlackLanes = {
  /** Modals, answers to a click: a person waits. */
  readonly interactive: WebClient
  /** Posts and changes of state. */
  readonly state: WebClient
  /** Edits that only move a number; the next one makes up for a lost one. */
  readonly progress: WebClient
}

export type SlackOptions = {
  readonly token: string
  /** Base of the Web API, with or without a trailing slash. */
  readonly apiUrl: string
  readonly log: Pino
}

/** `retryPolicies` of the library throws under ESM, and its default repeats for half an hour without a time limit. */
const once = { retries: 0 } as const
const shortly = { retries: 1, minTimeout: 100, maxTimeout: 300 } as const

export function openLanes(options: SlackOptions): SlackLanes {
  const lane = (timeout: number, retryConfig: { readonly retries: number }): WebClient =>
    new WebClient(options.token, {
      slackApiUrl: options.apiUrl,
      logger: libraryLog(options.log),
      timeout,
      retryConfig,
      rejectRateLimitedCalls: true,
      maxRequestConcurrency: 20,
      allowAbsoluteUrls: false,
    })
  return {
    // A trigger lives 3 s: a second try of `views.open` after a broken connection is worth it, a third is not.
    interactive: lane(2_500, shortly),
    // A post whose outcome is not known is looked for, not repeated: see post.ts.
    state: lane(8_000, once),
    progress: lane(5_000, once),
  }
}

/** The library's own messages hold request bodies at debug level and are noise at info: only its warnings are kept. */
export function libraryLog(log: Pino): Logger {
  const told = (parts: readonly unknown[]): string =>
    parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' ')
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...parts) => log.debug({ slack: told(parts).slice(0, 500) }, "Slack's client warns"),
    error: (...parts) => log.warn({ slack: told(parts).slice(0, 500) }, "Slack's client reports an error"),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  }
}
