import type { Asker, Reply, Surface } from '../surface/types.ts'

/** A click on a button, wherever it stood. */
export type Click = {
  readonly surface: Surface
  readonly asker: Asker
  readonly value: string | undefined
  readonly channel: string | undefined
  readonly triggerId: string
  /** Slack's own id of this click: the same for a redelivery. */
  readonly key: string
  readonly reply: Reply
}

export type ButtonHandler = (click: Click) => Promise<void>
