import type { RunId } from '../store/types.ts'
import { readRunId } from '../surface/run-id.ts'
import { asksForHelp, type BadInput, fold, words } from '../surface/words.ts'
import { type AutomaticWords, parseAutomatic } from './parse-automatic.ts'

export const rescueVerbs = [
  'help',
  'runs',
  'run',
  'stop',
  'undo',
  'audit',
  'locks',
  'policy',
  'automatic',
  'reviews',
] as const
type Verb = (typeof rescueVerbs)[number]

export type RescueWords =
  | { readonly kind: 'help' | 'runs' | 'locks' | 'policy' | 'reviews' }
  | { readonly kind: 'audit'; readonly run: RunId | undefined; readonly verify: boolean }
  | { readonly kind: 'run' | 'stop' | 'undo'; readonly run: RunId }
  | AutomaticWords
  | BadInput

const synonyms: Record<string, Verb> = {
  help: 'help',
  ayuda: 'help',
  runs: 'runs',
  ejecuciones: 'runs',
  lista: 'runs',
  run: 'run',
  ejecucion: 'run',
  ver: 'run',
  stop: 'stop',
  detener: 'stop',
  parar: 'stop',
  para: 'stop',
  undo: 'undo',
  deshacer: 'undo',
  revertir: 'undo',
  audit: 'audit',
  auditoria: 'audit',
  reviews: 'reviews',
  review: 'reviews',
  revisiones: 'reviews',
  revision: 'reviews',
  locks: 'locks',
  bloqueos: 'locks',
  policy: 'policy',
  politica: 'policy',
  politicas: 'policy',
  automatic: 'automatic',
  automatico: 'automatic',
}

/** Understands `/rescue VERB [R-0042]`. Pure. */
export function parseRescue(text: string): RescueWords {
  const [first, second, ...more] = words(text)
  if (first === undefined || asksForHelp(text)) return { kind: 'help' }
  const direct = readRunId(first)
  if (direct !== undefined) return { kind: 'run', run: direct }
  const verb = synonyms[fold(first)]
  if (verb === undefined)
    return { kind: 'bad_input', field: 'command', value: first, allowed: rescueVerbs, hint: 'names' }
  if (verb === 'audit') return readAudit(second)
  if (verb === 'automatic') return parseAutomatic(second === undefined ? [] : [second, ...more])
  if (verb !== 'run' && verb !== 'stop' && verb !== 'undo') return { kind: verb }
  const run = readRunId(second ?? '')
  if (run === undefined)
    return { kind: 'bad_input', field: 'run', value: second ?? '', allowed: ['R-0042'], hint: 'names' }
  return { kind: verb, run }
}

function readAudit(word: string | undefined): RescueWords {
  if (word === undefined) return { kind: 'audit', run: undefined, verify: false }
  if (fold(word) === 'verify' || fold(word) === 'verificar') return { kind: 'audit', run: undefined, verify: true }
  const run = readRunId(word)
  if (run === undefined)
    return { kind: 'bad_input', field: 'audit', value: word, allowed: ['R-0042', 'verify'], hint: 'names' }
  return { kind: 'audit', run, verify: false }
}
