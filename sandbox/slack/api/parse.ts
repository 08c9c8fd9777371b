import { parse as parseForm } from 'node:querystring'
import { isObject } from '../model/json.ts'
import type { Json } from '../model/types.ts'
import { type Failure, fail } from './answers.ts'

export type ParsedCall = {
  readonly args: Json
  /** The token and where it stood: `apps.connections.open` takes it in the header only. */
  readonly token: { readonly value: string; readonly from: 'header' | 'argument' } | undefined
  readonly warning: string | undefined
}

type Raw = {
  readonly query: URLSearchParams
  readonly contentType: string
  readonly authorization: string | undefined
  readonly body: Buffer
}

/** Reads the arguments of a call: query, form, multipart form or JSON, whatever Slack's own clients send. */
export async function parseCall(raw: Raw): Promise<ParsedCall | Failure> {
  const fromBody = await bodyArguments(raw)
  if ('error' in fromBody) return fail(String(fromBody.error))
  const { token: inArgument, ...args } = { ...Object.fromEntries(raw.query), ...fromBody.args }
  const bearer = /^Bearer\s+(.+)$/i.exec(raw.authorization ?? '')?.[1]
  return {
    args,
    token:
      bearer !== undefined
        ? { value: bearer, from: 'header' }
        : typeof inArgument === 'string' && inArgument !== ''
          ? { value: inArgument, from: 'argument' }
          : undefined,
    warning: fromBody.warning,
  }
}

type BodyArguments = { readonly args: Json; readonly warning?: string } | { readonly error: string }

async function bodyArguments({ contentType, body }: Raw): Promise<BodyArguments> {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? ''
  if (body.length === 0) return { args: {} }
  if (type === '' || type === 'application/x-www-form-urlencoded')
    return { args: { ...parseForm(body.toString('utf8')) } }
  if (type === 'multipart/form-data') return multipart(contentType, body)
  if (type !== 'application/json') return { error: 'invalid_post_type' }
  const warned = /charset/i.test(contentType) ? {} : { warning: 'missing_charset' }
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return isObject(value) ? { args: value, ...warned } : { error: 'json_not_object' }
  } catch {
    return { error: 'invalid_json' }
  }
}

async function multipart(contentType: string, body: Buffer): Promise<BodyArguments> {
  try {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData()
    const fields = [...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    return { args: Object.fromEntries(fields) }
  } catch {
    return { error: 'invalid_form_data' }
  }
}
