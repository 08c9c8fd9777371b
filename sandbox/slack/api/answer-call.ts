import { isObject, stringOf } from '../model/json.ts'
import type { World } from '../model/world.ts'
import { type Answer, type Failure, fail, isFailure } from './answers.ts'
import type { Method } from './method.ts'
import { methods } from './methods.ts'
import type { ParsedCall } from './parse.ts'
import type { Rates } from './rates.ts'
import { missingScope } from './scopes.ts'

export type CallContext = {
  readonly world: World
  readonly tokens: { readonly bot: string; readonly app: string }
  readonly rates: Rates
}

/** An answer with its HTTP status and headers. */
export type Reply = { readonly answer: Answer; readonly status: number; readonly headers: Record<string, string> }

/** @param wait whole seconds */
export const limited = (wait: number): Reply => ({
  answer: fail('ratelimited'),
  status: 429,
  headers: { 'retry-after': String(wait) },
})

/** Answers one call: who may, how often, and then what the method does. */
export async function answerCall(context: CallContext, name: string, call: ParsedCall | Failure): Promise<Reply> {
  const plain = (answer: Answer): Reply => ({ answer, status: 200, headers: {} })
  if (isFailure(call)) return plain(call)
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined
  if (method === undefined) return plain(fail('unknown_method', { req_method: name }))
  const refusal = refusalOf(context, name, method, call)
  if (refusal !== undefined) return plain(refusal)
  const wait = context.rates.take(name, method.tier, stringOf(call.args['channel']) ?? '')
  if (wait !== undefined) return limited(wait)
  const answer = await method.call(context.world, call.args)
  const warned = call.warning === undefined || isFailure(answer) ? answer : withWarning(answer, call.warning)
  const provided = method.token === 'app' ? 'connections:write' : context.world.manifest.scopes.join(',')
  return {
    answer: warned,
    status: 200,
    headers: { 'x-oauth-scopes': provided, 'x-accepted-oauth-scopes': method.scopes.join(',') },
  }
}

function withWarning(answer: Answer, warning: string): Answer {
  const metadata = answer['response_metadata']
  return {
    ...answer,
    warning: answer['warning'] ?? warning,
    response_metadata: { ...(isObject(metadata) ? metadata : {}), warnings: [warning] },
  }
}

/** Why the caller may not call this method, or undefined. */
function refusalOf(context: CallContext, name: string, method: Method, call: ParsedCall): Answer | undefined {
  if (method.token === 'none') return undefined
  const { token } = call
  if (token === undefined || (name === 'apps.connections.open' && token.from === 'argument')) return fail('not_authed')
  const kind = token.value === context.tokens.bot ? 'bot' : token.value === context.tokens.app ? 'app' : undefined
  if (kind === undefined) return fail('invalid_auth')
  if (kind !== method.token) return fail('not_allowed_token_type')
  const provided = kind === 'app' ? ['connections:write'] : context.world.manifest.scopes
  if (method.scopes.length > 0 && !method.scopes.some((scope) => provided.includes(scope))) {
    return missingScope(method.scopes, provided)
  }
  return undefined
}
