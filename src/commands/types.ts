import type { Asker, Reply, Surface } from '../surface/types.ts'

export type CommandRequest = {
  readonly surface: Surface
  readonly asker: Asker
  readonly text: string
  readonly channel: string
  /** Opens a modal; lives 3 s and works once. */
  readonly triggerId: string
  /** The same for Slack's retry of this command. */
  readonly key: string
  readonly reply: Reply
}

/** A slash command: its handler parses, calls one function and replies; Slack has been answered before. */
export type Command = {
  readonly name: `/${string}`
  handle(request: CommandRequest): Promise<void>
}
