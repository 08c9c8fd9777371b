import { type Answer, ok, restErrors } from './answers.ts'

/**
 * Classic paging of REST v2: 25 a page, at most 100; `total` is null unless asked for; offset + limit <= 10,000.
 * @param name the key of the list in the answer.
 */
export function listAnswer(name: string, items: readonly unknown[], query: URLSearchParams): Answer {
  const limit = Math.min(numberOf(query.get('limit'), 25), 100)
  const offset = numberOf(query.get('offset'), 0)
  if (Number.isNaN(limit) || Number.isNaN(offset)) return restErrors.invalid('Limit and offset must be whole numbers.')
  if (offset + limit > 10_000)
    return restErrors.invalid('Offset plus limit must not exceed 10,000; narrow the request with since and until.')
  return ok({
    [name]: items.slice(offset, offset + limit),
    limit,
    offset,
    total: query.get('total') === 'true' ? items.length : null,
    more: offset + limit < items.length,
  })
}

function numberOf(text: string | null, otherwise: number): number {
  if (text === null) return otherwise
  return /^\d+$/.test(text) ? Number(text) : Number.NaN
}
