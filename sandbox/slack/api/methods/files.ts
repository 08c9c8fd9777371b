import { z } from 'zod'
import { fileJson } from '../../model/file-shape.ts'
import { newId } from '../../model/ids.ts'
import { addMessage } from '../../model/messages.ts'
import type { StoredFile } from '../../model/types.ts'
import { botUserId, seconds, type World } from '../../model/world.ts'
import { openChannel } from '../access.ts'
import { type Answer, type Failure, fail, failWith, isFailure, ok } from '../answers.ts'
import { readContent } from '../content.ts'
import { freeText, nested, text, whole } from '../fields.ts'
import { type Method, method } from '../method.ts'

const sizeLimit = 8 * 1024 * 1024

const urlArgs = z.object({
  filename: text,
  length: whole,
  alt_text: freeText.optional(),
  snippet_type: freeText.optional(),
})
const completeArgs = z.object({
  files: nested,
  channel_id: text.optional(),
  thread_ts: text.optional(),
  initial_comment: freeText.optional(),
  blocks: nested.optional(),
})

export const fileMethods: Readonly<Record<string, Method>> = {
  'files.getUploadURLExternal': method({ scopes: ['files:write'], tier: 4, args: urlArgs, run: getUrl }),
  'files.completeUploadExternal': method({ scopes: ['files:write'], tier: 4, args: completeArgs, run: complete }),
  'files.info': method({
    scopes: ['files:read'],
    tier: 4,
    args: z.object({ file: text }),
    run: (world, args) => {
      const file = world.files.get(args.file)
      return file?.complete === true ? ok({ file: fileJson(world, file), comments: [] }) : fail('file_not_found')
    },
  }),
}

function getUrl(world: World, args: z.output<typeof urlArgs>): Answer {
  if (args.length < 1) return failWith('invalid_arguments', ['must be at least 1 [json-pointer:/length]'])
  if (args.length > sizeLimit) return fail('file_upload_size_restricted')
  const id = newId('F')
  world.files.set(id, {
    id,
    name: args.filename,
    length: args.length,
    created: seconds(world),
    user: botUserId,
    altText: args.alt_text,
    title: args.filename,
    content: undefined,
    complete: false,
    channels: [],
  })
  return ok({ upload_url: `${world.url}/upload/${id}`, file_id: id })
}

const wanted = z.array(z.looseObject({ id: z.string(), title: z.string().optional() })).min(1)

function complete(world: World, args: z.output<typeof completeArgs>): Answer {
  const list = wanted.safeParse(args.files)
  if (!list.success)
    return failWith('invalid_arguments', ['must provide an array of files with ids [json-pointer:/files]'])
  const files = uploaded(world, list.data)
  if (isFailure(files)) return files
  const content = readContent({ text: args.initial_comment, blocks: args.blocks })
  if (isFailure(content)) return content
  const channel = args.channel_id === undefined ? undefined : openChannel(world, args.channel_id)
  if (isFailure(channel)) return channel
  if (channel !== undefined && args.thread_ts !== undefined && !channel.messages.has(args.thread_ts))
    return fail('thread_not_found')
  for (const { file, title } of files) {
    file.complete = true
    file.title = title ?? file.name
    if (channel !== undefined) file.channels = [...file.channels, channel.id]
  }
  if (channel !== undefined) {
    addMessage(world, channel, {
      user: botUserId,
      text: content.text ?? '',
      blocks: content.blocks,
      threadTs: args.thread_ts,
      files: files.map(({ file }) => file.id),
    })
  }
  return ok({ files: files.map(({ file }) => fileJson(world, file)) })
}

type Uploaded = { readonly file: StoredFile; readonly title: string | undefined }

function uploaded(world: World, list: z.output<typeof wanted>): Uploaded[] | Failure {
  const found: Uploaded[] = []
  for (const { id, title } of list) {
    const file = world.files.get(id)
    if (file === undefined || file.content === undefined) return fail('file_not_found')
    if (file.complete) return fail('file_already_completed')
    found.push({ file, title })
  }
  return found
}
