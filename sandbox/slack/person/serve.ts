import { z } from 'zod'
import { sendJson } from '../../http/answers.ts'
import { readJson } from '../../http/bodies.ts'
import type { Exchange } from '../../http/exchange.ts'
import type { Streams } from '../streams.ts'
import { type BadField, bad, isBad, type PersonContext, personOf } from './context.ts'
import { routes } from './routes.ts'

/** Answers `/person/...`. A wrong body is HTTP 400; what Slack would refuse is `ok: false` with its word. */
export async function servePerson(context: PersonContext, streams: Streams, exchange: Exchange): Promise<void> {
  const { method, rest, request, response, query } = exchange
  if (method === 'GET' && rest === 'events') return follow(context, streams, exchange)
  const route = Object.hasOwn(routes, `${method} ${rest}`) ? routes[`${method} ${rest}`] : undefined
  if (route === undefined) return sendJson(response, bad('path', Object.keys(routes), 'not_found'), 404)
  const body = method === 'GET' ? { ok: true, value: Object.fromEntries(query) } : await readJson(request)
  if (!('value' in body)) return sendJson(response, bad('body', 'JSON', 'invalid_json'), 400)
  const answer = await route.run(context, body.value)
  if (answer instanceof z.ZodError) return sendJson(response, wrongField(answer, route.schema), 400)
  const nothing = rest === 'view' && answer['view'] === null
  sendJson(response, nothing ? null : answer, isBad(answer) ? 400 : 200)
}

function follow({ world }: PersonContext, streams: Streams, { query, response }: Exchange): void {
  const user = personOf(world, query.get('user') ?? '')
  if (isBad(user)) sendJson(response, user, 400)
  else streams.open(user.id, response)
}

function wrongField(error: z.ZodError, schema: z.ZodType): BadField {
  const [issue] = error.issues
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : undefined
  if (issue?.code === 'unrecognized_keys') return bad(issue.keys.join(', '), known, 'unknown_field')
  const field = issue?.path.join('.') ?? ''
  return bad(field === '' ? 'body' : field, field === '' ? known : issue?.message, 'invalid_field')
}
