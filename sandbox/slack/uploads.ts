import { sendText } from '../http/answers.ts'
import { readBody } from '../http/bodies.ts'
import type { Exchange } from '../http/exchange.ts'
import type { World } from './model/world.ts'

/** Takes the bytes of a file at the URL that files.getUploadURLExternal gave: raw or as a form. */
export async function takeUpload(world: World, { method, rest, request, response }: Exchange): Promise<void> {
  const file = world.files.get(rest)
  if (method !== 'POST' || file === undefined || file.content !== undefined)
    return sendText(response, 'not found', 'text/plain', 404)
  const body = await readBody(request)
  const type = request.headers['content-type'] ?? ''
  const content = type.startsWith('multipart/form-data') ? await firstFile(type, body) : body
  if (content === undefined || content.length !== file.length)
    return sendText(response, 'wrong length', 'text/plain', 400)
  file.content = content
  sendText(response, `OK - ${content.length}`, 'text/plain')
}

async function firstFile(type: string, body: Buffer): Promise<Buffer | undefined> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  for (const [, value] of form) if (typeof value !== 'string') return Buffer.from(await value.arrayBuffer())
  return undefined
}

/** Shows a file as plain text or offers it for download; never as a page. */
export function showFile(world: World, { rest, query, response }: Exchange): void {
  const file = world.files.get(rest.split('/')[0] ?? '')
  if (file?.complete !== true || file.content === undefined) {
    sendText(response, 'not found', 'text/plain', 404)
    return
  }
  const binary = file.content.includes(0)
  const name = encodeURIComponent(file.name)
  const download = binary || query.has('download')
  sendText(response, file.content, binary ? 'application/octet-stream' : 'text/plain; charset=utf-8', 200, {
    'content-security-policy': "default-src 'none'; sandbox",
    'content-disposition': `${download ? 'attachment' : 'inline'}; filename*=UTF-8''${name}`,
  })
}
