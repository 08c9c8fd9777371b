import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** One request on its way to its answer. */
export type Exchange = {
  readonly method: string
  /** The whole path, such as `/person/channels`. */
  readonly path: string
  /** The path below the mount's prefix, without a leading slash, such as `channels`. */
  readonly rest: string
  readonly query: URLSearchParams
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

export type Handler = (exchange: Exchange) => void | Promise<void>

/** Takes over a connection that asked to become a WebSocket; `head` is what was read too far. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer, query: URLSearchParams) => void

export type Server = {
  /** Without a trailing slash: `http://127.0.0.1:4100`. */
  readonly url: string
  readonly port: number
  /**
   * Gives every path that is `prefix` or below it to the handler; the longest prefix wins.
   * @returns takes the handler off again
   */
  mount(prefix: string, handler: Handler): () => void
  mountUpgrade(prefix: string, handler: UpgradeHandler): () => void
  /** Ends open connections too, event streams among them. */
  close(): Promise<void>
}
