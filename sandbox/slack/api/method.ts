import type { z } from 'zod'
import type { Json } from '../model/types.ts'
import type { World } from '../model/world.ts'
import { type Answer, type Failure, failWith } from './answers.ts'

/** Slack's rate tiers; `post` is chat.postMessage's own, one a second for each channel. */
export type Tier = 1 | 2 | 3 | 4 | 'post' | 'none'

export type Method = {
  readonly token: 'bot' | 'app' | 'none'
  /** Any one of these is enough; empty: none is needed. */
  readonly scopes: readonly string[]
  readonly tier: Tier
  readonly call: (world: World, args: Json) => Answer | Promise<Answer>
}

type Definition<S extends z.ZodType> = {
  readonly token?: Method['token']
  readonly scopes?: readonly string[]
  readonly tier: Tier
  readonly args: S
  readonly run: (world: World, args: z.output<S>) => Answer | Promise<Answer>
}

/** A Web API method: who may call it, how often, with what, and what it does. */
export function method<S extends z.ZodType>({ token = 'bot', scopes = [], tier, args, run }: Definition<S>): Method {
  return {
    token,
    scopes,
    tier,
    call: (world, given) => {
      const parsed = args.safeParse(given)
      return parsed.success ? run(world, parsed.data) : argumentFailure(parsed.error, given)
    },
  }
}

function argumentFailure(error: z.ZodError, given: Json): Failure {
  const problems = error.issues.map((issue) => {
    const name = String(issue.path[0] ?? '')
    return given[name] === undefined ? `missing required field: ${name}` : `invalid value [json-pointer:/${name}]`
  })
  return failWith('invalid_arguments', problems)
}
