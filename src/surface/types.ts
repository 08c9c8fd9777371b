import type { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import type { Person } from '../catalog/people.ts'
import type { Desk } from '../operations/desk.ts'
import type { Actor } from '../store/types.ts'
import type { Card } from '../texts/blocks.ts'
import type { Look } from '../texts/language.ts'

/** What every handler of a Slack request is given. */
export type Surface = {
  readonly desk: Desk
  readonly askers: Askers
  /** The lane of Web API calls that somebody waits for. */
  readonly web: WebClient
  readonly log: Logger
}

export type Asker = {
  readonly userId: string
  readonly person: Person
  readonly actor: Actor
  readonly look: Look
}

export type Askers = {
  /** Rights from the catalog and its groups, language as far as it is known; never waits long for Slack. */
  find(userId: string): Promise<Asker>
}

/** An answer that only the person sees. `replace`: it takes the place of the private message that was clicked. */
export type Reply = (card: Card, how?: { readonly replace: boolean }) => Promise<void>
