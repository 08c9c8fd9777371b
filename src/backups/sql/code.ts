import { nameOf } from './allowed.ts'
import type { Statement } from './lexer.ts'

/**
 * Code that a restore itself would run: a function in an index, a check, a generated column or a materialized view runs while
 * rows are loaded, before anybody approved anything. Functions that only the application calls do not run then.
 */
export type Code = {
  /** Functions that reach for the whole server, and functions that build statements at run time. */
  readonly reaching: Set<string>
  readonly building: Set<string>
  /** Functions that something else in the backup calls. */
  readonly called: Set<string>
}

export function noCode(): Code {
  return { reaching: new Set(), building: new Set(), called: new Set() }
}

/** What has effect outside the database that is being filled, or ends it. */
const reach = new RegExp(
  [
    String.raw`\balter\s+(system|database|role|user)\b`,
    String.raw`\b(create|drop)\s+(database|role|user|tablespace)\b`,
    String.raw`\bcopy\b[^;]*\b(from|to)\s+(program\b|')`,
    String.raw`\b(pg_read_file|pg_read_binary_file|pg_ls_dir|pg_stat_file|lo_import|lo_export|dblink\w*|pg_terminate_backend|pg_cancel_backend|pg_reload_conf)\s*\(`,
  ].join('|'),
  'i',
)

const routines = new Set(['function', 'procedure'])
/** They name functions without parentheses. */
const bindings = new Set(['aggregate', 'operator', 'cast', 'type', 'conversion', 'transform', 'language', 'text'])
const running = new Set([
  'index',
  'table',
  'domain',
  'view',
  'materialized',
  'statistics',
  'rule',
  'policy',
  'unique',
  'unlogged',
  'recursive',
])

/** Notes what a statement defines and calls. */
export function lookForCode(statement: Statement, code: Code): void {
  const words = statement.slice(0, 4).map((token) => (token.kind === 'word' ? token.text : ''))
  const kind =
    words[0] === 'create' ? (words[1] === 'or' ? words[3] : words[1]) : words[0] === 'alter' ? words[1] : undefined
  if (kind === undefined) return
  if (words[0] === 'create' && routines.has(kind)) routine(statement, words[1] === 'or' ? 4 : 2, code)
  else if (bindings.has(kind)) for (const token of statement) addCall(token.kind, nameOf(token), code)
  else if (running.has(kind)) for (const name of callsIn(statement)) code.called.add(name)
}

/** @returns what would run: `refuse` for what reaches out, `warn` for what cannot be told before it runs */
export function runningCode(code: Code): { readonly refuse: string | undefined; readonly warn: readonly string[] } {
  const both = (names: Set<string>) => [...names].filter((name) => code.called.has(name)).sort()
  return { refuse: both(code.reaching)[0], warn: both(code.building) }
}

function routine(statement: Statement, at: number, code: Code): void {
  const name = nameOf(statement[at + 1]?.text === '.' ? statement[at + 2] : statement[at]).toLowerCase()
  const body = statement
    .slice(at)
    .filter((token) => token.kind === 'string')
    .map((token) => token.text)
    .join('\n')
  if (reach.test(body)) code.reaching.add(name)
  if (/\bexecute\b(?!\s+(function|procedure)\b)/i.test(body)) code.building.add(name)
  for (const found of body.matchAll(/([A-Za-z_\x80-\xff][\w$\x80-\xff]*)"?\s*\(/g)) addOther(found[1] ?? '', name, code)
  for (const called of callsIn(statement.slice(at + 3))) addOther(called, name, code)
}

/** A function that calls itself is not called by another. */
function addOther(called: string, name: string, code: Code): void {
  if (called.toLowerCase() !== name) code.called.add(called.toLowerCase())
}

function addCall(kind: Statement[number]['kind'], name: string, code: Code): void {
  if (kind === 'word' || kind === 'name') code.called.add(name.toLowerCase())
}

function callsIn(statement: Statement): string[] {
  return statement.flatMap((token, index) => {
    const next = statement[index + 1]
    const isCall = (token.kind === 'word' || token.kind === 'name') && next?.kind === 'symbol' && next.text === '('
    return isCall ? [nameOf(token).toLowerCase()] : []
  })
}
