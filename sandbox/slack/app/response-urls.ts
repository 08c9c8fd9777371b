import { sendJson, sendText } from '../../http/answers.ts'
import { readBody } from '../../http/bodies.ts'
import type { Exchange } from '../../http/exchange.ts'
import { isFailure } from '../api/answers.ts'
import { isEmpty, readContent } from '../api/content.ts'
import { secret } from '../model/ids.ts'
import { isObject, stringOf } from '../model/json.ts'
import { addMessage, removeMessage, tellMessage } from '../model/messages.ts'
import type { Channel, Json, Message } from '../model/types.ts'
import { botUserId, type World } from '../model/world.ts'

const usesLimit = 5
const livesMs = 30 * 60_000

/** Where an interaction came from, which is where its answers go. */
export type Origin = { readonly channel: Channel; readonly userId: string; readonly message: Message | undefined }

type ResponseUrl = Origin & { readonly at: number; uses: number }

export type ResponseUrls = {
  issue(origin: Origin): string
  serve(exchange: Exchange): Promise<void>
}

/** response_url: five uses in 30 minutes, no token needed. */
export function createResponseUrls(world: World, prefix: string): ResponseUrls {
  const issued = new Map<string, ResponseUrl>()
  return {
    issue: (origin) => {
      for (const [old, { at }] of issued) if (world.clock() - at > 2 * livesMs) issued.delete(old)
      const id = secret(16)
      issued.set(id, { ...origin, at: world.clock(), uses: 0 })
      return `${world.url}${prefix}/${world.team.id}/${id}`
    },
    serve: async ({ rest, request, response }) => {
      const url = issued.get(rest.split('/').at(-1) ?? '')
      if (url === undefined) return sendText(response, 'no_service', 'text/html; charset=utf-8', 404)
      if (world.clock() - url.at > livesMs) return sendJson(response, { ok: false, error: 'expired_url' }, 404)
      if (url.uses >= usesLimit) return sendJson(response, { ok: false, error: 'used_url' }, 404)
      url.uses += 1
      const given = bodyOf(request.headers['content-type'] ?? '', (await readBody(request)).toString('utf8'))
      if (given === undefined) return sendJson(response, { ok: false, error: 'invalid_payload' }, 400)
      const problem = respond(world, url, given)
      if (problem === undefined) return sendText(response, 'ok', 'text/html; charset=utf-8')
      sendJson(response, problem, 400)
    },
  }
}

function bodyOf(contentType: string, text: string): Json | undefined {
  const json = contentType.startsWith('application/x-www-form-urlencoded')
    ? (new URLSearchParams(text).get('payload') ?? '')
    : text
  try {
    const value: unknown = JSON.parse(json)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * Shows an answer of the app where the interaction came from.
 * @returns Slack's refusal, or undefined
 */
export function respond(world: World, origin: Origin, given: Json): Json | undefined {
  if (given['delete_original'] === true && origin.message !== undefined) {
    removeMessage(world, origin.channel, origin.message)
    return undefined
  }
  const content = readContent({
    text: stringOf(given['text']),
    blocks: given['blocks'],
    attachments: given['attachments'],
    metadata: given['metadata'],
  })
  if (isFailure(content)) return content
  if (isEmpty(content)) return { ok: false, error: 'no_text' }
  if (given['replace_original'] === true && origin.message !== undefined) {
    replace(world, origin.channel, origin.message, content)
    return undefined
  }
  const inChannel = given['response_type'] === 'in_channel'
  if (inChannel && origin.channel.archived) return { ok: false, error: 'is_archived' }
  addMessage(world, origin.channel, {
    user: botUserId,
    text: content.text ?? '',
    blocks: content.blocks,
    attachments: content.attachments,
    metadata: content.metadata ?? undefined,
    threadTs: stringOf(given['thread_ts']),
    ephemeralTo: inChannel ? undefined : origin.userId,
  })
  return undefined
}

type Shown = Pick<Message, 'blocks' | 'attachments'> & { readonly text: string | undefined }

function replace(world: World, channel: Channel, message: Message, content: Shown): void {
  message.text = content.text ?? ''
  message.blocks = content.blocks
  message.attachments = content.attachments
  channel.messages.set(message.ts, message)
  tellMessage(world, channel, message)
}
