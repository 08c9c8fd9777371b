import { decode } from './entities.ts'

/** What stands between < and > in Slack's text. */
export type Entity =
  | { readonly kind: 'link'; readonly url: string; readonly label: string }
  | { readonly kind: 'user' | 'channel' | 'group'; readonly id: string; readonly label: string | undefined }
  | { readonly kind: 'everybody'; readonly range: string }
  | {
      readonly kind: 'date'
      readonly seconds: number
      readonly format: string
      readonly url: string | undefined
      readonly fallback: string
    }

/** Reads the entity that begins at `at`; undefined when it is none, and then the < is a character like any other. */
export function readEntity(line: string, at: number): { piece: Entity; end: number } | undefined {
  const end = line.indexOf('>', at + 1)
  if (end < 0) return undefined
  const inside = line.slice(at + 1, end)
  const bar = inside.indexOf('|')
  const target = bar < 0 ? inside : inside.slice(0, bar)
  const label = bar < 0 ? undefined : decode(inside.slice(bar + 1))
  const piece = entityOf(target, label)
  return piece && { piece, end: end + 1 }
}

function entityOf(target: string, label: string | undefined): Entity | undefined {
  if (/^@[UWB][A-Z0-9]+$/.test(target)) return { kind: 'user', id: target.slice(1), label }
  if (/^#[CG][A-Z0-9]+$/.test(target)) return { kind: 'channel', id: target.slice(1), label }
  if (/^!(here|channel|everyone)$/.test(target)) return { kind: 'everybody', range: target.slice(1) }
  if (target.startsWith('!subteam^')) return { kind: 'group', id: target.slice(9), label }
  if (target.startsWith('!date^')) return dateOf(target, label)
  if (safeUrl(decode(target)))
    return { kind: 'link', url: decode(target), label: label || decode(target).replace(/^mailto:/, '') }
  return undefined
}

function dateOf(target: string, label: string | undefined): Entity | undefined {
  const [, seconds, format, ...url] = target.split('^')
  if (!/^\d{1,12}$/.test(seconds ?? '') || format === undefined) return undefined
  const link = url.join('^')
  return {
    kind: 'date',
    seconds: Number(seconds),
    format: decode(format),
    url: safeUrl(link) ? link : undefined,
    fallback: label ?? '',
  }
}

/** Nothing but these ever becomes a link: a javascript: URL from outside stays text. */
export const safeUrl = (url: string) => /^(https?:\/\/|mailto:|tel:|slack:\/\/)[^\s]+$/i.test(url)
