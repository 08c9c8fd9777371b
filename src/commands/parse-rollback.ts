import { asksForHelp, type BadInput, fold, words } from '../surface/words.ts'
import { reasonWords, tooLong } from './parse-reason.ts'

export type RollbackWords =
  | { readonly kind: 'help' }
  /** The modal, with the app chosen if it was named. */
  | { readonly kind: 'ask'; readonly app: string | undefined; readonly reason?: string }
  /** Breaks glass, and something is missing that it needs: the form asks for it. */
  | {
      readonly kind: 'ask_emergency'
      readonly app: string | undefined
      readonly toRevision: number | undefined
      readonly toColor?: string | undefined
      readonly reason: string | undefined
    }
  | {
      readonly kind: 'go'
      readonly app: string
      readonly toRevision: number | undefined
      /** The name of a colour in the catalog. */
      readonly toColor?: string | undefined
      readonly emergency: boolean
      readonly reason: string | undefined
    }
  /** `app`: the one that was named before what is not understood. */
  | (BadInput & { readonly app?: string | undefined })

const to = new Set(['to', 'a', 'al', 'hacia', '--to', '-t', '->', '--a', 'rev', 'revision', '--to-revision'])
const emergency = new Set(['emergency', 'emergencia', '--emergency', '--emergencia'])

/**
 * Understands `/rollback [app] [to N|COLOR] [emergency] [reason TEXT]` in both languages. Pure.
 * @param colors every word that means a colour, with its name
 */
export function parseRollback(text: string, colors: ReadonlyMap<string, string> = new Map()): RollbackWords {
  if (asksForHelp(text)) return { kind: 'help' }
  const all = words(text).flatMap(splitAssignment)
  let app: string | undefined
  let toRevision: number | undefined
  let toColor: string | undefined
  let isEmergency = false
  let why: string | undefined
  for (let index = 0; index < all.length; index++) {
    const word = all[index] ?? ''
    const folded = fold(word)
    if (to.has(folded)) {
      while (to.has(fold(all[index + 1] ?? ''))) index++
      const next = all[++index] ?? ''
      toColor = colors.get(fold(next))
      if (toColor !== undefined) continue
      const read = readRevision(next)
      if (typeof read !== 'number') return { ...read, app }
      toRevision = read
    } else if (emergency.has(folded)) isEmergency = true
    else if (reasonWords.has(folded)) {
      why = all.slice(index + 1).join(' ')
      break
    } else if (app === undefined) app = word
    else if (colors.has(folded) && toColor === undefined) toColor = colors.get(folded)
    else if (/^#?\d+$/.test(word) && toRevision === undefined) {
      const read = readRevision(word)
      if (typeof read !== 'number') return read
      toRevision = read
    } else
      return {
        kind: 'bad_input',
        field: 'word',
        value: word,
        allowed: ['to N', 'emergency', 'reason …'],
        hint: 'words',
      }
  }
  const long = tooLong(why)
  if (long !== undefined) return long
  const given = why === '' ? undefined : why
  if (isEmergency && (app === undefined || given === undefined))
    return { kind: 'ask_emergency', app, toRevision, toColor, reason: given }
  if (app === undefined) {
    if (toRevision === undefined && toColor === undefined) return { kind: 'ask', app: undefined }
    return { kind: 'bad_input', field: 'app', value: '', allowed: [], hint: 'names' }
  }
  if (toRevision === undefined && toColor === undefined && !isEmergency)
    return { kind: 'ask', app, ...(why === undefined || why === '' ? {} : { reason: why }) }
  return { kind: 'go', app, toRevision, toColor, emergency: isEmergency, reason: given }
}

function splitAssignment(word: string): string[] {
  const match = /^(--[a-z-]+|to|a|reason|motivo)=(.+)$/i.exec(word)
  return match === null ? [word] : [match[1] ?? '', match[2] ?? '']
}

function readRevision(word: string): number | BadInput {
  const match = /^#?(\d{1,9})$/.exec(word)
  const number = match === null ? 0 : Number(match[1])
  if (number >= 1) return number
  return { kind: 'bad_input', field: 'revision', value: word, allowed: [], hint: 'number' }
}
