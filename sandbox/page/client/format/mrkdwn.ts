import { emojiOf } from './emoji.ts'
import { decode } from './entities.ts'
import { type Entity, readEntity } from './entity.ts'

/** A piece of formatted text. `text` is final: entities are decoded and nothing in it means anything any more. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'strike'; readonly inner: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'emoji'; readonly name: string; readonly text: string }
  | { readonly kind: 'break' }
  | Entity

export type Piece =
  | { readonly kind: 'line'; readonly inner: readonly Inline[] }
  | { readonly kind: 'quote'; readonly inner: readonly Inline[] }
  | { readonly kind: 'fence'; readonly text: string }

const fence = /```\n?([\s\S]+?)```/g

/** Slack's mrkdwn: fences first, then quotes line by line, then what stands within a line. */
export function parseMrkdwn(source: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  for (const found of source.matchAll(fence)) {
    pieces.push(...linesOf(source.slice(at, found.index).replace(/\n$/, '')))
    pieces.push({ kind: 'fence', text: plainOf(found[1] ?? '').replace(/\n$/, '') })
    at = found.index + found[0].length
    if (source[at] === '\n') at += 1
  }
  pieces.push(...linesOf(source.slice(at)))
  return pieces
}

/** Neighbouring quoted lines are one quote, neighbouring plain lines one paragraph with breaks. */
function linesOf(source: string): Piece[] {
  if (source === '') return []
  const pieces: { kind: 'line' | 'quote'; inner: Inline[] }[] = []
  for (const line of source.split('\n')) {
    const quoted = /^(?:&gt;|>) ?/.exec(line)
    const kind = quoted ? 'quote' : 'line'
    const inner = parseInline(line.slice(quoted?.[0].length ?? 0))
    const last = pieces.at(-1)
    if (last?.kind === kind) last.inner.push({ kind: 'break' }, ...inner)
    else pieces.push({ kind, inner })
  }
  return pieces
}

const marks = { '*': 'bold', _: 'italic', '~': 'strike' } as const
const wordly = /[\p{L}\p{N}]/u

/** One line. A mark opens after something that is no letter and closes before something that is none. */
export function parseInline(line: string): Inline[] {
  const out: Inline[] = []
  let text = ''
  const flush = () => {
    if (text !== '') out.push(...textWithLinks(text))
    text = ''
  }
  for (let at = 0; at < line.length; ) {
    const found = special(line, at)
    if (found) {
      flush()
      out.push(found.piece)
      at = found.end
    } else {
      text += line[at]
      at += 1
    }
  }
  flush()
  return out
}

function special(line: string, at: number): { piece: Inline; end: number } | undefined {
  const character = line[at] ?? ''
  if (character === '`') return code(line, at)
  if (character === '<') return readEntity(line, at)
  if (character === ':') return emoji(line, at)
  if (character === '*' || character === '_' || character === '~') return styled(line, at, character)
  return undefined
}

function code(line: string, at: number) {
  const end = line.indexOf('`', at + 1)
  if (end <= at + 1) return undefined
  return { piece: { kind: 'code', text: plainOf(line.slice(at + 1, end)) } as const, end: end + 1 }
}

function emoji(line: string, at: number) {
  const name = /^:([a-z0-9_+'-]+(?:::[a-z0-9-]+)?):/.exec(line.slice(at))
  const text = name?.[1] === undefined ? undefined : emojiOf(name[1])
  if (!name?.[1] || !text) return undefined
  return { piece: { kind: 'emoji', name: name[1], text } as const, end: at + name[0].length }
}

function styled(line: string, at: number, mark: keyof typeof marks) {
  const before = line[at - 1] ?? ' '
  const next = line[at + 1] ?? ' '
  if (wordly.test(before) || before === mark || /\s/.test(next) || next === mark) return undefined
  for (let end = at + 2; end < line.length; end += 1) {
    end = skipOpaque(line, end)
    if (line[end] !== mark || /\s/.test(line[end - 1] ?? ' ') || wordly.test(line[end + 1] ?? ' ')) continue
    return { piece: { kind: marks[mark], inner: parseInline(line.slice(at + 1, end)) } as const, end: end + 1 }
  }
  return undefined
}

/** Marks inside code and links close nothing. */
function skipOpaque(line: string, at: number): number {
  const closer = line[at] === '`' ? '`' : line[at] === '<' ? '>' : undefined
  const end = closer ? line.indexOf(closer, at + 1) : -1
  return end < 0 ? at : end + 1
}

/** Code shows links as their text. */
const plainOf = (source: string) =>
  decode(
    source.replaceAll(
      /<(https?:[^|>]+|mailto:[^|>]+)(?:\|([^>]*))?>/g,
      (_all, url: string, label?: string) => label ?? url,
    ),
  )

function textWithLinks(source: string): Inline[] {
  const out: Inline[] = []
  let at = 0
  for (const found of source.matchAll(/https?:\/\/[^\s<>]+[^\s<>.,;:!?)\]}'"]/g)) {
    if (found.index > at) out.push({ kind: 'text', text: decode(source.slice(at, found.index)) })
    out.push({ kind: 'link', url: decode(found[0]), label: decode(found[0]) })
    at = found.index + found[0].length
  }
  if (at < source.length) out.push({ kind: 'text', text: decode(source.slice(at)) })
  return out
}
