import type { RunId } from '../store/types.ts'
import { readRunId } from '../surface/run-id.ts'
import { asksForHelp, type BadInput, fold, words } from '../surface/words.ts'

export const rescueVerbs = ['help', 'runs', 'run', 'stop', 'undo', 'audit', 'locks', 'policy'] as const
type Verb = (typeof rescueVerbs)[number]

export type RescueWords =
  | { readonly kind: 'help' | 'runs' | 'locks' | 'policy' }
  | { readonly kind: 'audit'; readonly run: RunId | undefined; readonly verify: boolean }
  | { readonly kind: 'run' | 'stop' | 'undo'; readonly run: RunId }
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
  locks: 'locks',
  bloqueos: 'locks',
  policy: 'policy',
  politica: 'policy',
  politicas: 'policy',
}

/** Understands `/rescue VERB [R-0042]`. Pure. */
export function parseRescue(text: string): RescueWords {
  const [first, second] = words(text)
  if (first === undefined || asksForHelp(text)) return { kind: 'help' }
  const direct = readRunId(first)
  if (direct !== undefined) return { kind: 'run', run: direct }
  const verb = synonyms[fold(first)]
  if (verb === undefined)
    return { kind: 'bad_input', field: 'command', value: first, allowed: rescueVerbs, hint: 'names' }
  if (verb === 'audit') return readAudit(second)
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
