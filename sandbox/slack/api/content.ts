import { blockProblems, tooLongTogether, withIds } from '../blocks/validate.ts'
import { isObject, objects } from '../model/json.ts'
import type { Json } from '../model/types.ts'
import { type Failure, fail, failWith } from './answers.ts'

type Given = {
  readonly text?: string | undefined
  readonly markdown_text?: string | undefined
  readonly blocks?: unknown
  readonly attachments?: unknown
  readonly metadata?: unknown
}

export type Content = {
  readonly text: string | undefined
  readonly blocks: readonly Json[] | undefined
  readonly attachments: readonly Json[] | undefined
  /** `null`: take it away. */
  readonly metadata: Json | null | undefined
}

/** Checks what a message would say, as Slack does before it looks at the channel. */
export function readContent(given: Given): Content | Failure {
  const blocks = readBlocks(given.blocks)
  if (isRefused(blocks)) return blocks
  const attachments = readAttachments(given.attachments)
  if (isRefused(attachments)) return attachments
  const metadata = readMetadata(given.metadata)
  if (isRefused(metadata)) return metadata
  if (given.markdown_text !== undefined && (given.text !== undefined || blocks !== undefined))
    return fail('markdown_text_conflict')
  if ((given.markdown_text?.length ?? 0) > 12_000) return fail('msg_too_long')
  return { text: given.text ?? given.markdown_text, blocks, attachments, metadata }
}

const isRefused = (value: unknown): value is Failure => isObject(value) && value['ok'] === false && 'error' in value

function readBlocks(given: unknown): readonly Json[] | undefined | Failure {
  if (given === undefined || given === '') return undefined
  if (!Array.isArray(given)) return fail('invalid_blocks_format')
  if (tooLongTogether(given)) return fail('msg_blocks_too_long')
  const problems = blockProblems(given, 'message')
  return problems.length === 0 ? withIds(given) : failWith('invalid_blocks', problems, { errors: problems })
}

function readAttachments(given: unknown): readonly Json[] | undefined | Failure {
  if (given === undefined || given === '') return undefined
  if (!Array.isArray(given)) return fail('invalid_attachments')
  if (given.length > 100) return fail('too_many_attachments')
  const attachments: Json[] = []
  for (const [index, attachment] of objects(given).entries()) {
    const blocks = attachment['blocks']
    const problems = Array.isArray(blocks) ? blockProblems(blocks, 'message', `/attachments/${index}/blocks`) : []
    if (problems.length > 0) return failWith('invalid_blocks', problems, { errors: problems })
    attachments.push({ ...attachment, id: index + 1, ...(Array.isArray(blocks) ? { blocks: withIds(blocks) } : {}) })
  }
  return attachments
}

function readMetadata(given: unknown): Json | null | undefined | Failure {
  if (given === undefined) return undefined
  if (!isObject(given)) return fail('invalid_metadata_format')
  if (Object.keys(given).length === 0) return null
  const known = typeof given['event_type'] === 'string' && isObject(given['event_payload'])
  return known ? given : fail('invalid_metadata_schema')
}

export function isEmpty({ text, blocks, attachments }: Content): boolean {
  return (text ?? '') === '' && (blocks?.length ?? 0) === 0 && (attachments?.length ?? 0) === 0
}
