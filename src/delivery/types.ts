import type { Logger } from 'pino'
import type { Catalog, Role } from '../catalog/schema.ts'
import type { EventsTarget } from '../services/pagerduty/events.ts'
import type { OnCallCache, RestTarget } from '../services/pagerduty/rest.ts'
import type { SlackLanes } from '../services/slack/lanes.ts'
import type { Db } from '../store/db.ts'
import type { Claimed } from '../store/outbox.ts'
import type { RunRow } from '../store/types.ts'
import type { Memory } from './memory.ts'

/** What became of an entry of the outbox. */
export type Delivered =
  | { readonly kind: 'done' }
  /** Not now; its lane waits with it. `away`: the whole service does not answer, so the others wait too. */
  | { readonly kind: 'later'; readonly seconds: number; readonly error: string; readonly away: boolean }

export const done: Delivered = { kind: 'done' }

export type Handler = (entry: Claimed) => Promise<Delivered>

export type PagerDutyLink = {
  /** Absent: nobody can be paged, and the bot says so. */
  readonly events: EventsTarget | undefined
  /** Absent: whether a page arrived cannot be checked. */
  readonly rest: RestTarget | undefined
}

export type Context = {
  readonly db: Db
  readonly catalog: Catalog
  readonly log: Logger
  /** How many people with which role a run's decision needs. */
  readonly ruleOf?: ((run: RunRow) => { readonly approvals: number; readonly by: Role }) | undefined
}

export type SlackContext = Context & {
  readonly lanes: SlackLanes
  readonly memory: Memory
  /** Edits of mere progress are at least this far apart, for each message. */
  readonly progressMs: number
  /** Has the run shown again a little later; lost with the process, because the next change of state shows it anyway. */
  showLater(run: RunRow['id'], ms: number): void
}

export type PagerDutyContext = Context &
  PagerDutyLink & { readonly onCalls: OnCallCache | undefined; readonly pace: PagingPace }

export type PagingPace = {
  /** How often a page is looked for after it was accepted. */
  readonly checkSeconds: number
  /** A page that is no incident after this long is told. */
  readonly unconfirmedMs: number
  /** PagerDuty is away for this long: people are told whom to call. */
  readonly tellAwayMs: number
  /** A page that is no incident after this long is no longer looked for. */
  readonly giveUpMs: number
}

export const standardPace: PagingPace = {
  checkSeconds: 3,
  unconfirmedMs: 60_000,
  tellAwayMs: 15_000,
  giveUpMs: 900_000,
}
