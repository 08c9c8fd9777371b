import { sendJson } from '../../http/answers.ts'
import { readBody } from '../../http/bodies.ts'
import type { Exchange } from '../../http/exchange.ts'
import type { FaultAnswer, Faults } from '../faults.ts'
import { stringOf } from '../model/json.ts'
import type { Json } from '../model/types.ts'
import { answerCall, type CallContext, limited, type Reply } from './answer-call.ts'
import { fail, isFailure } from './answers.ts'
import { parseCall } from './parse.ts'

/** One call of the Web API as it came and what it got; tokens are never kept. */
export type LoggedCall = {
  readonly method: string
  readonly args: Json
  readonly answer: Json | 'reset' | 'hang'
  readonly status: number
  /** Milliseconds since 1970, when it came. */
  readonly at: number
}

export type ApiContext = CallContext & {
  readonly faults: Faults
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
  const args = isFailure(parsed) ? {} : parsed.args
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

function broken(fault: Exclude<FaultAnswer, string>): Reply {
  if ('error' in fault) return { answer: fail(fault.error), status: 200, headers: {} }
  if (fault.status !== 429) return { answer: fail('internal_error'), status: fault.status, headers: {} }
  return limited(fault.retryAfter ?? 1)
}
