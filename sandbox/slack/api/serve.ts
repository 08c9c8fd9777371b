import { sendJson } from '../../http/answers.ts'
import { readBody } from '../../http/bodies.ts'
import type { Exchange } from '../../http/exchange.ts'
import type { FaultAnswer, Faults } from '../faults.ts'
import { stringOf } from '../model/json.ts'
import type { Json } from '../model/types.ts'
import type { World } from '../model/world.ts'
import { type Answer, fail, isFailure } from './answers.ts'
import type { Method } from './method.ts'
import { methods } from './methods.ts'
import { type ParsedCall, parseCall } from './parse.ts'
import type { Rates } from './rates.ts'
import { missingScope } from './scopes.ts'

/** One call of the Web API as it came and what it got; tokens are never kept. */
export type LoggedCall = {
  readonly method: string
  readonly args: Json
  readonly answer: Json | 'reset' | 'hang'
  readonly status: number
  /** Milliseconds since 1970, when it came. */
  readonly at: number
}

export type ApiContext = {
  readonly world: World
  readonly tokens: { readonly bot: string; readonly app: string }
  readonly faults: Faults
  readonly rates: Rates
  readonly log: LoggedCall[]
  /** While true every connection breaks, as when Slack cannot be reached. */
  readonly away: () => boolean
}

/** Enough for a long scenario; older calls go. */
const logLimit = 5000

/** Answers `/api/<method>`. */
export async function serveApi(context: ApiContext, exchange: Exchange): Promise<void> {
  const { request, response } = exchange
  if (context.away()) return void request.socket.resetAndDestroy()
  const at = context.world.clock()
  const parsed = await parseCall({
    query: exchange.query,
    contentType: request.headers['content-type'] ?? '',
    authorization: request.headers.authorization,
    body: await readBody(request),
  })
  const name = exchange.rest
  const args = isFailure(parsed) ? {} : (parsed.args as Json)
  const record = (answer: LoggedCall['answer'], status: number) => {
    context.log.push({ method: name, args, answer, status, at })
    if (context.log.length > logLimit) context.log.shift()
  }
  const fault = context.faults.take(name, stringOf(args['channel']) ?? '')
  if (fault === 'hang') return record('hang', 0)
  if (fault === 'reset') {
    record('reset', 0)
    return void request.socket.resetAndDestroy()
  }
  const { answer, status, headers } =
    typeof fault === 'object' ? broken(fault) : await answerCall(context, name, parsed)
  record(answer, status)
  if (fault === 'accepted-then-reset') return void request.socket.resetAndDestroy()
  sendJson(response, answer, status, headers)
}

type Reply = { readonly answer: Answer; readonly status: number; readonly headers: Record<string, string> }

function broken(fault: Exclude<FaultAnswer, string>): Reply {
  if ('error' in fault) return { answer: fail(fault.error), status: 200, headers: {} }
  if (fault.status !== 429) return { answer: fail('internal_error'), status: fault.status, headers: {} }
  return limited(fault.retryAfter ?? 1)
}

const limited = (wait: number): Reply => ({
  answer: fail('ratelimited'),
  status: 429,
  headers: { 'retry-after': String(wait) },
})

async function answerCall(context: ApiContext, name: string, parsed: ParsedCall | Answer): Promise<Reply> {
  const plain = (answer: Answer): Reply => ({ answer, status: 200, headers: {} })
  if (!('args' in parsed) || 'ok' in parsed) return plain(parsed as Answer)
  const call = parsed as ParsedCall
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
  const metadata = answer['response_metadata'] as Json | undefined
  return { ...answer, warning: answer['warning'] ?? warning, response_metadata: { ...metadata, warnings: [warning] } }
}

/** Why the caller may not call this method, or undefined. */
function refusalOf(context: ApiContext, name: string, method: Method, call: ParsedCall): Answer | undefined {
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
