import { BadBackup } from '../fault.ts'

/** A word is in lower case; a name is what stood between double quotes; a string what stood between quotes or dollars. */
export type Token = { readonly kind: 'word' | 'name' | 'string' | 'symbol'; readonly text: string }
export type Statement = readonly Token[]

export type Lexer = {
  /** Whole lines. Statements that end in them. @throws BadBackup `hostile_statement` on a command for psql, `too_large` */
  push(text: string): Statement[]
  /** Whether a new statement would begin with the next character. */
  idle(): boolean
}

type Mode =
  | { readonly kind: 'plain' }
  | { readonly kind: 'quote'; readonly escapes: boolean }
  | { readonly kind: 'name' }
  | { readonly kind: 'dollar'; readonly tag: string }
  | { readonly kind: 'comment'; depth: number }

const plain: Mode = { kind: 'plain' }
const mostTokens = 500_000
const longestText = 16 * 1024 * 1024

/**
 * Cuts SQL into statements as psql does (psqlscan.l): quotes, dollars, nested comments, parentheses, bodies of BEGIN ATOMIC.
 * Text is taken byte by byte (latin1), which is safe for every encoding of a PostgreSQL server.
 */
export function createLexer(): Lexer {
  let mode: Mode = plain
  let tokens: Token[] = []
  let size = 0
  let parts = ''
  let parens = 0
  let begins = 0

  const add = (kind: Token['kind'], text: string) => {
    tokens.push({ kind, text })
    size += text.length
    if (tokens.length > mostTokens || size > longestText)
      throw new BadBackup('too_large', `a statement of more than ${longestText / 1024 / 1024} MB`)
  }
  /** The end of what a mode holds, or undefined when it goes on in the next lines. */
  const close = (text: string, at: number, found: number, length: number, kind: Token['kind']): number => {
    parts += text.slice(at, found === -1 ? undefined : found)
    if (parts.length > longestText) throw new BadBackup('too_large', 'a text of more than 16 MB in a statement')
    if (found === -1) return text.length
    add(kind, parts)
    parts = ''
    mode = plain
    return found + length
  }
  const word = (text: string) => {
    add('word', text)
    if (parens > 0 || !isRoutine(tokens)) return
    if (text === 'begin' || (text === 'case' && begins > 0)) begins += 1
    else if (text === 'end' && begins > 0) begins -= 1
  }
  const comment = (text: string, at: number, state: { depth: number }): number => {
    const found = /\/\*|\*\//g
    found.lastIndex = at
    const match = found.exec(text)
    if (match === null) return text.length
    state.depth += match[0] === '/*' ? 1 : -1
    if (state.depth === 0) mode = plain
    return found.lastIndex
  }
  const start = (text: string, at: number): number => {
    const char = text[at] ?? ''
    if (/\s/.test(char)) return at + 1
    if (text.startsWith('--', at)) return endOfLine(text, at)
    if (text.startsWith('/*', at)) {
      mode = { kind: 'comment', depth: 1 }
      return at + 2
    }
    if (char === "'") mode = { kind: 'quote', escapes: false }
    else if (char === '"') mode = { kind: 'name' }
    else if (char === '\\')
      throw new BadBackup(
        'hostile_statement',
        `a command for the client: ${text.slice(at, endOfLine(text, at)).slice(0, 40)}`,
      )
    else return more(text, at, char)
    return at + 1
  }
  const more = (text: string, at: number, char: string): number => {
    const dollar = match(/\$(?:[A-Za-z_\x80-\xff][\w\x80-\xff]*)?\$/y, text, at)
    if (dollar !== undefined) {
      mode = { kind: 'dollar', tag: dollar }
      return at + dollar.length
    }
    const name = match(/[A-Za-z_\x80-\xff][\w$\x80-\xff]*/y, text, at)
    if (name !== undefined) {
      const next = at + name.length
      if (text[next] === "'" && /^e$/i.test(name)) {
        mode = { kind: 'quote', escapes: true }
        return next + 1
      }
      word(name.toLowerCase())
      return next
    }
    const number = match(/\d[\w.]*/y, text, at)
    add('symbol', number ?? char)
    if (char === '(') parens += 1
    if (char === ')') parens = Math.max(0, parens - 1)
    return at + (number?.length ?? 1)
  }
  const step = (text: string, at: number): number => {
    if (mode.kind === 'dollar') return close(text, at, text.indexOf(mode.tag, at), mode.tag.length, 'string')
    if (mode.kind === 'comment') return comment(text, at, mode)
    if (mode.kind === 'name' || mode.kind === 'quote') {
      const quote = mode.kind === 'name' ? '"' : "'"
      const found = endOfQuote(text, at, quote, mode.kind === 'quote' && mode.escapes)
      const next = close(text, at, found, 1, mode.kind === 'name' ? 'name' : 'string')
      return next
    }
    return start(text, at)
  }
  return {
    push(text) {
      const done: Statement[] = []
      let at = 0
      while (at < text.length) {
        if (mode.kind === 'plain' && text[at] === ';' && parens === 0 && begins === 0) {
          if (tokens.length > 0) done.push(tokens)
          tokens = []
          size = 0
          at += 1
        } else at = step(text, at)
      }
      return done
    },
    idle: () => mode.kind === 'plain' && tokens.length === 0,
  }
}

function isRoutine(tokens: readonly Token[]): boolean {
  const words = tokens.slice(0, 4).map((token) => token.text)
  const at = words[1] === 'or' ? 3 : 1
  return words[0] === 'create' && (words[at] === 'function' || words[at] === 'procedure')
}

/** A doubled quote stands for itself and goes on; so the whole stays one token, doubled as it was written. */
function endOfQuote(text: string, at: number, quote: string, escapes: boolean): number {
  for (let index = at; index < text.length; index += 1) {
    if (escapes && text[index] === '\\') index += 1
    else if (text[index] === quote) {
      if (text[index + 1] !== quote) return index
      index += 1
    }
  }
  return -1
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}
