/** JSON as it stands: names in their order, numbers as they are written. */
export type JsonTree = Map<string, JsonTree> | readonly JsonTree[] | JsonNumber | string | boolean | null
export type JsonNumber = { readonly number: string }

type Token =
  | { readonly kind: 'mark' | 'number' | 'word'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }

const deepest = 200
const space = /\s*/y
const plain = /([{}[\],:])|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)/y

/**
 * Reads JSON without forgiving what JSON.parse forgives: a name twice, of which other readers take the other one.
 * @throws SyntaxError; it never names what it read
 */
export function readJson(text: string): JsonTree {
  const tokens = tokensOf(text)
  const value = (token: Token, depth: number): JsonTree => {
    if (depth > deepest) throw new SyntaxError('nested too deep')
    if (token.kind === 'string') return token.text
    if (token.kind === 'number') return { number: token.text }
    if (token.kind === 'word') return token.text === 'null' ? null : token.text === 'true'
    if (token.text === '{') return fields(depth)
    if (token.text === '[') return items(depth)
    throw new SyntaxError('no value where one should be')
  }
  const fields = (depth: number): JsonTree => {
    const found = new Map<string, JsonTree>()
    let token = tokens.next()
    if (isMark(token, '}')) return found
    for (;;) {
      if (token.kind !== 'string') throw new SyntaxError('no name where one should be')
      if (found.has(token.text)) throw new SyntaxError('a name twice')
      if (!isMark(tokens.next(), ':')) throw new SyntaxError('a name without value')
      found.set(token.text, value(tokens.next(), depth + 1))
      if (ends(tokens.next(), '}')) return found
      token = tokens.next()
    }
  }
  const items = (depth: number): JsonTree => {
    const found: JsonTree[] = []
    let token = tokens.next()
    if (isMark(token, ']')) return found
    for (;;) {
      found.push(value(token, depth + 1))
      if (ends(tokens.next(), ']')) return found
      token = tokens.next()
    }
  }
  const tree = value(tokens.next(), 1)
  tokens.end()
  return tree
}

function tokensOf(text: string): { next(): Token; end(): void } {
  let at = 0
  const skip = () => {
    space.lastIndex = at
    at += space.exec(text)?.[0].length ?? 0
  }
  return {
    next() {
      skip()
      if (text[at] === '"') {
        const start = at
        at = endOfString(text, start)
        const string: unknown = JSON.parse(text.slice(start, at))
        return { kind: 'string', text: String(string) }
      }
      plain.lastIndex = at
      const found = plain.exec(text)
      if (found === null) throw new SyntaxError(`no JSON at character ${at}`)
      at = plain.lastIndex
      return { kind: found[1] !== undefined ? 'mark' : found[2] !== undefined ? 'number' : 'word', text: found[0] }
    },
    end() {
      skip()
      if (at < text.length) throw new SyntaxError('something after the end')
    },
  }
}

/** Not by an expression: one of many escapes would overflow its stack. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0
    while (text[quote - 1 - slashes] === '\\') slashes += 1
    if (slashes % 2 === 0) return quote + 1
  }
  throw new SyntaxError('a text without end')
}

function isMark(token: Token, text: string): boolean {
  return token.kind === 'mark' && token.text === text
}

/** @throws SyntaxError where neither a comma nor the end follows */
function ends(token: Token, mark: '}' | ']'): boolean {
  if (isMark(token, mark)) return true
  if (!isMark(token, ',')) throw new SyntaxError('no comma where one should be')
  return false
}
