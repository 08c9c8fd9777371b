import type { Person } from '../catalog/people.ts'
import type { Language } from '../catalog/schema.ts'
import type { Desk } from '../operations/desk.ts'
import type { Services } from '../operations/services.ts'
import type { Actor } from '../store/types.ts'
import type { Look } from '../texts/language.ts'
import type { Io } from './screen/io.ts'
import type { CliWords } from './words/words.ts'

export type Session = {
  readonly io: Io
  readonly services: Services
  readonly person: Person
  readonly actor: Actor
  /** What RESCUE_ACTOR or the system calls whoever acts. */
  readonly login: string
  readonly language: Language
  readonly words: CliWords
  look(): Look
  /** Starts the engine, once: from then on this process takes part in runs as a bot does. */
  desk(): Promise<Desk>
  /** Takes on nothing new and lets what it works on end, for so long; the store stays open. */
  rest(drainMs: number): Promise<void>
}
