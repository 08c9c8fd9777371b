import { BadBackup, shown } from '../fault.ts'
import type { Statement, Token } from './lexer.ts'

const settings = new Set(
  `statement_timeout lock_timeout idle_in_transaction_session_timeout transaction_timeout client_encoding
   standard_conforming_strings check_function_bodies xmloption client_min_messages row_security default_tablespace
   default_table_access_method default_with_oids default_toast_compression escape_string_warning search_path`.split(
    /\s+/,
  ),
)

const selected = new Set('set_config setval lo_create lo_open lowrite lo_close'.split(' '))

/** What may follow CREATE, ALTER and COMMENT ON: objects of one database, none of the whole server. */
const objects =
  `access method|aggregate|cast|collation|conversion|domain|extension|foreign data wrapper|foreign table|function|index|
  language|large object|materialized view|operator class|operator family|operator|policy|procedural language|procedure|
  publication|rule|schema|sequence|server|statistics|subscription|table|text search configuration|text search dictionary|
  text search parser|text search template|transform|trigger|type|view|user mapping|constraint|column`
    .split('|')
    .map((name) => name.trim())

const createPrefixes = new Set(
  'or replace unlogged foreign unique constraint trusted procedural default recursive'.split(' '),
)
const neverAltered = new Set(['extension', 'user mapping', 'cast', 'rule', 'transform', 'access method'])

/** Languages whose functions can do no more than the role that calls them; all others reach the server's own machine. */
const trustedLanguages = new Set('sql plpgsql plperl pltcl plv8 plcoffee plls plrust java'.split(' '))

/** Encodings in which a byte of ASCII can be half of a character; pg_dump writes them only when told to. */
const unsafeEncodings = new Set('big5 gbk uhc gb18030 johab sjis shift_jis_2004 win936 win949 win950 win932'.split(' '))

/**
 * Whether pg_dump writes statements of this kind. What it never writes has no business in a backup: it would run during the
 * restore, before anybody saw it.
 * @throws BadBackup `hostile_statement`, `untrusted_language`, `form_unsupported`
 */
export function checkStatement(statement: Statement): void {
  const words = leading(statement)
  const first = words[0] ?? ''
  if (first === 'insert')
    throw new BadBackup('form_unsupported', 'made with --inserts: its rows cannot be compared; dump with COPY')
  if (first === 'drop') throw new BadBackup('form_unsupported', 'made with --clean; dump without it')
  const good =
    (first === 'set' && isSetting(statement)) ||
    (first === 'select' && (isSelection(statement) || isStatistics(statement))) ||
    (first === 'create' && isCreation(words, statement)) ||
    (first === 'alter' && isAlteration(words, statement)) ||
    ((first === 'grant' || first === 'revoke') && isGrant(statement)) ||
    (first === 'comment' && words[1] === 'on' && objectAt(words, 2) !== undefined) ||
    (first === 'security' && words[1] === 'label' && isLabel(statement)) ||
    (first === 'refresh' && words[1] === 'materialized') ||
    ((first === 'begin' || first === 'commit') && statement.length === 1)
  if (!good) throw new BadBackup('hostile_statement', `pg_dump never writes: ${quote(statement)}`)
}

function isSetting(statement: Statement): boolean {
  const [, name, sign, value] = statement
  if (name?.kind !== 'word' || !settings.has(name.text) || (sign?.text !== '=' && sign?.text !== 'to')) return false
  if (name.text === 'standard_conforming_strings' && value?.text !== 'on')
    throw new BadBackup('hostile_statement', 'standard_conforming_strings is off: its texts cannot be read safely')
  if (name.text === 'client_encoding' && unsafeEncodings.has(value?.text.toLowerCase() ?? ''))
    throw new BadBackup('hostile_statement', `the encoding ${shown(value?.text ?? '')} cannot be read safely`)
  return true
}

/** `SELECT pg_catalog.NAME(literals)`, and nothing else in it. */
function isSelection(statement: Statement): boolean {
  const [, schema, dot, name, open, ...rest] = statement
  if (schema?.text !== 'pg_catalog' || dot?.text !== '.' || name?.kind !== 'word' || open?.text !== '(') return false
  const literal = (token: Token) =>
    token.kind === 'string' ||
    (token.kind === 'word' && (token.text === 'true' || token.text === 'false')) ||
    (token.kind === 'symbol' && /^(\d+|-|,)$/.test(token.text))
  return selected.has(name.text) && rest.at(-1)?.text === ')' && rest.slice(0, -1).every(literal)
}

/** `SELECT * FROM pg_catalog.pg_restore_relation_stats('name', 'value'::type, ...)`: pg_dump --statistics, from 18 on. */
function isStatistics(statement: Statement): boolean {
  const [, star, from, schema, dot, name, open, ...rest] = statement
  const begins = [star, from, schema, dot, open].map((token) => token?.text).join(' ') === '* from pg_catalog . ('
  const harmless = (token: Token) =>
    token.kind === 'string' ||
    (token.kind === 'word' && /^(integer|bigint|real|boolean|text|name|null|double|precision)$/.test(token.text)) ||
    (token.kind === 'symbol' && /^[:,[\]-]$|^\d/.test(token.text))
  const restores = name?.kind === 'word' && /^pg_restore_(relation|attribute)_stats$/.test(name.text)
  return begins && restores && rest.at(-1)?.text === ')' && rest.slice(0, -1).every(harmless)
}

function isCreation(words: readonly string[], statement: Statement): boolean {
  let at = 1
  while (createPrefixes.has(words[at] ?? '') && words[at + 1] !== undefined) {
    if (objectAt(words, at) !== undefined) break
    at += 1
  }
  const object = objectAt(words, at)
  if (object === undefined || object === 'large object' || object === 'column') return false
  if (object === 'function' || object === 'procedure') checkLanguage(statement)
  if (object === 'language' || object === 'procedural language') {
    const name = nameOf(statement[at + object.split(' ').length])
    if (!trustedLanguages.has(name)) throw new BadBackup('untrusted_language', `CREATE LANGUAGE ${shown(name)}`)
  }
  if (object === 'table' && isQuery(statement))
    throw new BadBackup('hostile_statement', `a table made by a query: ${quote(statement)}`)
  if (object === 'subscription' && !hasWords(statement, 'connect', '=', 'false'))
    throw new BadBackup('hostile_statement', `a subscription that connects at once: ${quote(statement)}`)
  return true
}

/** CREATE TABLE ... AS would run a query; GENERATED ALWAYS AS stands inside the parentheses. */
function isQuery(statement: Statement): boolean {
  let depth = 0
  return statement.some((token) => {
    if (token.kind === 'symbol') depth += token.text === '(' ? 1 : token.text === ')' ? -1 : 0
    return depth === 0 && token.kind === 'word' && token.text === 'as'
  })
}

function checkLanguage(statement: Statement): void {
  const found = statement.findIndex((token, index) => {
    const next = statement[index + 1]
    return token.kind === 'word' && token.text === 'language' && (next?.kind === 'word' || next?.kind === 'name')
  })
  const language = found === -1 ? 'sql' : nameOf(statement[found + 1])
  if (!trustedLanguages.has(language))
    throw new BadBackup('untrusted_language', `a function in ${shown(language)}: ${quote(statement)}`)
}

function isAlteration(words: readonly string[], statement: Statement): boolean {
  if (words[1] === 'default' && words[2] === 'privileges') return isGrant(statement)
  const object = objectAt(words, 1)
  return object !== undefined && !neverAltered.has(object)
}

/** On objects of the database; without ON it would be the membership of a role. */
function isGrant(statement: Statement): boolean {
  const at = statement.findIndex((token) => token.kind === 'word' && token.text === 'on')
  const on = statement[at + 1]
  return at > 0 && !(on?.kind === 'word' && ['database', 'tablespace', 'parameter', 'role'].includes(on.text))
}

function isLabel(statement: Statement): boolean {
  const at = statement.findIndex((token) => token.kind === 'word' && token.text === 'on')
  return at > 0 && objectAt(leading(statement.slice(at)), 1) !== undefined
}

function leading(statement: Statement): string[] {
  return statement.slice(0, 8).map((token) => (token.kind === 'word' ? token.text : ''))
}

function objectAt(words: readonly string[], at: number): string | undefined {
  return objects.find((name) => name.split(' ').every((word, index) => words[at + index] === word))
}

function hasWords(statement: Statement, ...wanted: readonly string[]): boolean {
  return statement.some((_, at) => wanted.every((word, index) => statement[at + index]?.text === word))
}

/** An identifier as PostgreSQL knows it. */
export function nameOf(token: Token | undefined): string {
  if (token === undefined) return ''
  return token.kind === 'name' ? token.text.replaceAll('""', '"') : token.text
}

/** The beginning of a statement, without its texts: they may be somebody's data. */
export function quote(statement: Statement): string {
  const words = statement.slice(0, 9).map((token) => (token.kind === 'string' ? "'…'" : token.text))
  return shown(words.join(' '))
}
