import type { SequenceContents } from '../types.ts'
import { nameOf } from './allowed.ts'
import { type Code, lookForCode, noCode } from './code.ts'
import type { Statement, Token } from './lexer.ts'

/** What statements tell besides being allowed. */
export type Seen = {
  readonly roles: Set<string>
  readonly extensions: Set<string>
  readonly tablespaces: Set<string>
  readonly sequences: SequenceContents[]
  readonly code: Code
  encoding: string | undefined
}

export function nothingSeen(): Seen {
  return {
    roles: new Set(),
    extensions: new Set(),
    tablespaces: new Set(),
    sequences: [],
    code: noCode(),
    encoding: undefined,
  }
}

/** Roles, extensions, tablespaces, sequence values and the encoding that a statement names. */
export function look(statement: Statement, seen: Seen): void {
  lookForCode(statement, seen.code)
  const first = statement[0]?.text
  const second = statement[1]?.text
  if (first === 'grant') rolesAfter(statement, 'to', seen)
  else if (first === 'revoke') rolesAfter(statement, 'from', seen)
  else if (first === 'alter' && second === 'default') defaultPrivileges(statement, seen)
  else if (first === 'alter') owner(statement, seen)
  else if (first === 'create' && second === 'policy') rolesAfter(statement, 'to', seen)
  else if (first === 'create' && second === 'user') rolesAfter(statement, 'for', seen)
  else if (first === 'create' && second === 'extension') extension(statement, seen)
  else if (first === 'set') setting(statement, seen)
  else if (first === 'select' && statement[3]?.text === 'setval') sequence(statement, seen)
}

const isWord = (token: Token | undefined, text: string) => token?.kind === 'word' && token.text === text

/** The names between a word outside parentheses and the next clause. */
function rolesAfter(statement: Statement, word: string, seen: Seen): void {
  let depth = 0
  for (let at = 1; at < statement.length; at += 1) {
    const token = statement[at]
    if (token?.text === '(' && token.kind === 'symbol') depth += 1
    if (token?.text === ')' && token.kind === 'symbol') depth -= 1
    if (depth > 0 || !isWord(token, word)) continue
    for (let next = at + 1; isName(statement[next]); next += 2) {
      addRole(statement[next], seen)
      if (statement[next + 1]?.text !== ',') return
    }
    return
  }
}

function defaultPrivileges(statement: Statement, seen: Seen): void {
  rolesAfter(statement, 'role', seen)
  rolesAfter(statement, statement.some((token) => isWord(token, 'revoke')) ? 'from' : 'to', seen)
}

function owner(statement: Statement, seen: Seen): void {
  const at = statement.length - 3
  if (isWord(statement[at], 'owner') && isWord(statement[at + 1], 'to')) addRole(statement[at + 2], seen)
}

function extension(statement: Statement, seen: Seen): void {
  const at = isWord(statement[2], 'if') ? 5 : 2
  seen.extensions.add(nameOf(statement[at]))
}

function setting(statement: Statement, seen: Seen): void {
  const value = statement[3]
  if (isWord(statement[1], 'client_encoding') && value !== undefined) seen.encoding = value.text
  if (isWord(statement[1], 'default_tablespace') && value !== undefined && value.text !== '')
    seen.tablespaces.add(nameOf(value))
}

/** `SELECT pg_catalog.setval('schema.name', 42, true)` */
function sequence(statement: Statement, seen: Seen): void {
  const name = qualified(statement[5]?.text.replaceAll("''", "'") ?? '')
  const value = statement.slice(7, -3).map((token) => token.text)
  seen.sequences.push({ ...name, value: value.join(''), called: isWord(statement.at(-2), 'true') })
}

/** `"Odd ""names""".x` in parts. */
export function qualified(text: string): { readonly schema: string; readonly name: string } {
  const parts = [...text.matchAll(/"((?:[^"]|"")*)"|([^."]+)/g)].map(
    (part) => part[2] ?? part[1]?.replaceAll('""', '"') ?? '',
  )
  return { schema: parts.length > 1 ? (parts[0] ?? '') : '', name: parts.at(-1) ?? '' }
}

const reserved = new Set(['public', 'current_user', 'session_user', 'current_role'])

function isName(token: Token | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'name'
}

function addRole(token: Token | undefined, seen: Seen): void {
  const name = nameOf(token)
  if (name !== '' && !(token?.kind === 'word' && reserved.has(name))) seen.roles.add(latin(name))
}

/** The lexer reads bytes; names are UTF-8 in nearly every database. */
export function latin(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8')
}
