import type { UpgradeHandler } from '../../http/exchange.ts'
import type { Link } from './delivery.ts'

/** What can go wrong between Slack and the app's sockets, and how many there are. */
export type SocketControls = {
  count(): number
  /** Breaks every connection without a close frame. */
  dropAll(): void
  /** The next envelope comes twice, with one id. */
  duplicateNext(): void
  /** Connections look open to Slack but nothing passes any more: what is sent to them is lost. */
  halfOpenAll(): void
  /** Asks the app to connect again, as Slack does when it moves a connection. */
  refreshAll(): void
}

export type Sockets = Link &
  SocketControls & {
    /** @returns the URL of one connection; it works once */
    open(base: string, appId: string): string
    readonly upgrade: UpgradeHandler
    setAway(away: boolean): void
  }
