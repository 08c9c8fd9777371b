import type { Json } from '../model/types.ts'
import { type Failure, fail } from './answers.ts'

export type Page<T> = { readonly items: readonly T[]; readonly metadata: Json; readonly hasMore: boolean }

type Wanted = { readonly cursor?: string | undefined; readonly limit?: number | undefined }

/** Cuts one page out of a list; the cursor is opaque to callers, as Slack's is. */
export function page<T>(all: readonly T[], { cursor, limit }: Wanted, usual: number, most: number): Page<T> | Failure {
  const start = cursor === undefined || cursor === '' ? 0 : offsetOf(cursor)
  if (start === undefined) return fail('invalid_cursor')
  if (limit !== undefined && (limit < 1 || limit > most)) return fail('invalid_limit')
  const end = start + (limit ?? usual)
  const hasMore = end < all.length
  return {
    items: all.slice(start, end),
    hasMore,
    metadata: { next_cursor: hasMore ? Buffer.from(`next:${end}`).toString('base64') : '' },
  }
}

function offsetOf(cursor: string): number | undefined {
  const match = /^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString('utf8'))
  return match === null ? undefined : Number(match[1])
}
