import { cleanBlock, cleanLine } from './clean.ts'

/**
 * Text for Slack in which everything from outside is harmless. It can only be made here: a card that takes `Mrkdwn`
 * cannot be given an unescaped string, so no name, error or reason can ping a channel, forge a link or leave its line.
 */
export type Mrkdwn = { readonly [brand]: string }

const brand: unique symbol = Symbol('mrkdwn')

const made = (text: string): Mrkdwn => Object.freeze({ [brand]: text })

/** What may be put into a template; strings and numbers are escaped, nothing else is accepted. */
export type Inside = Mrkdwn | string | number

/** The tag for every sentence: literal parts are ours, interpolated ones are escaped unless they are Mrkdwn already. */
export function mrkdwn(parts: TemplateStringsArray, ...values: readonly Inside[]): Mrkdwn {
  return made(parts.map((part, index) => part + (index < values.length ? shown(values[index] ?? '') : '')).join(''))
}

function shown(value: Inside): string {
  if (typeof value === 'object') return value[brand]
  return typeof value === 'number' ? String(value) : quiet(value)
}

/** The text as Slack wants it. */
export const textOf = (text: Mrkdwn): string => text[brand]

export const nothing: Mrkdwn = made('')

export const isEmpty = (text: Mrkdwn): boolean => text[brand].trim() === ''

/** As the beginning of a sentence: its first letter is a capital, unless it is a name in a box or a mention. */
export const capital = (text: Mrkdwn): Mrkdwn => made(text[brand].replace(/^\p{Ll}/u, (letter) => letter.toUpperCase()))

/** Several pieces with something of ours between them; empty ones are left out. */
export function join(pieces: readonly (Mrkdwn | undefined)[], between: string): Mrkdwn {
  return made(
    pieces
      .filter((piece) => piece !== undefined)
      .filter((piece) => !isEmpty(piece))
      .map(textOf)
      .join(between),
  )
}

export const lines = (pieces: readonly (Mrkdwn | undefined)[]): Mrkdwn => join(pieces, '\n')

/** A name, an image, an error word: shown as it is, in a box. */
export function code(text: string): Mrkdwn {
  const clean = entities(cleanLine(text)).replaceAll('`', 'ˋ').trim()
  return made(clean === '' ? '—' : `\`${clean}\``)
}

/** Several lines of somebody else's output. */
export function preformatted(text: string): Mrkdwn {
  return made(`\`\`\`\n${entities(cleanBlock(text)).replaceAll('`', 'ˋ')}\n\`\`\``)
}

export function bold(text: Inside): Mrkdwn {
  const inner = shown(text).trim()
  return made(inner === '' ? '' : `*${inner}*`)
}

export function italic(text: Inside): Mrkdwn {
  const inner = shown(text).trim()
  return made(inner === '' ? '' : `_${inner}_`)
}

/** A link; an address that is not http(s) is shown as text instead. */
export function link(url: string, label: string): Mrkdwn {
  const address = URL.parse(url)
  if (address === null || !/^https?:$/.test(address.protocol)) return made(quiet(label))
  // `|` and `>` end an address in Slack's syntax.
  const safe = address.href
    .replaceAll('|', '%7C')
    .replaceAll('>', '%3E')
    .replaceAll('<', '%3C')
    .replaceAll('&', '&amp;')
  return made(`<${safe}|${quiet(label).replaceAll('|', '¦')}>`)
}

/** A person, shown and notified by name; something that is no Slack id is shown as a name. */
export function mention(user: string): Mrkdwn {
  return made(/^[UW][A-Z0-9]{2,}$/.test(user) ? `<@${user}>` : quiet(user))
}

export function channelLink(id: string, name?: string): Mrkdwn {
  if (/^[CG][A-Z0-9]{2,}$/.test(id)) return made(`<#${id}>`)
  return made(name === undefined ? quiet(id) : `#${quiet(name)}`)
}

export type TimeStyle = 'time' | 'date' | 'ago' | 'short'
const styles: Record<TimeStyle, string> = {
  time: '{time}',
  date: '{date_short_pretty} {time}',
  short: '{date_short}',
  ago: '{ago}',
}

/** A moment in the zone of whoever reads it; the fallback, for clients that cannot, is UTC and says so. */
export function time(at: Date, style: TimeStyle = 'time'): Mrkdwn {
  const iso = at.toISOString()
  const fallback = style === 'time' ? `${iso.slice(11, 16)} UTC` : `${iso.slice(0, 16).replace('T', ' ')} UTC`
  return made(`<!date^${Math.floor(at.getTime() / 1000)}^${styles[style]}|${fallback}>`)
}

/** At most `max` characters as Slack counts them (UTF-16 units), ended by an ellipsis. */
export function cut(text: Mrkdwn, max: number): Mrkdwn {
  const whole = textOf(text)
  return whole.length <= max ? text : made(cutText(whole, max))
}

/**
 * The same for text that was Mrkdwn when it was put into a block. Never cuts an entity, a mention, a link or a surrogate
 * pair, and closes an open code box.
 */
export function cutText(whole: string, max: number): string {
  if (whole.length <= max) return whole
  const room = Math.max(0, max - closers.length)
  let kept = ''
  for (const piece of whole.match(pieceOf) ?? []) {
    if (kept.length + piece.length > room) break
    kept += piece
  }
  return `${kept}…${closing(kept)}`.slice(0, max)
}

/** Things that are cut as a whole or not at all. */
const pieceOf = /<[^<>]*>|&(?:amp|lt|gt);|```|[\uD800-\uDBFF][\uDC00-\uDFFF]|[\s\S]/g
const closers = '…\u2069\n```'

function closing(kept: string): string {
  const isolates = (kept.match(/\u2068/g)?.length ?? 0) > (kept.match(/\u2069/g)?.length ?? 0) ? '\u2069' : ''
  const fences = (kept.match(/```/g)?.length ?? 0) % 2
  if (fences === 1) return `${isolates}\n\`\`\``
  return isolates + ((kept.replaceAll('```', '').match(/`/g)?.length ?? 0) % 2 === 1 ? '`' : '')
}

function entities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** One line of outside text: no entities, no marks that would format it, no emoji codes, no quote at the start of a line. */
function quiet(text: string): string {
  const line = cleanLine(text)
    .replace(/^\s*>/, '›')
    .replaceAll('`', 'ˋ')
    .replaceAll('*', '∗')
    .replaceAll('~', '∼')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, 'ˍ')
    .replace(/:(?=[a-z0-9_+'-]+:)/gi, '∶')
  return entities(line)
}
