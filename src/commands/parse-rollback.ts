import { asksForHelp, type BadInput, fold, words } from '../surface/words.ts'

export type RollbackWords =
  | { readonly kind: 'help' }
  /** The modal, with the app chosen if it was named. */
  | { readonly kind: 'ask'; readonly app: string | undefined; readonly reason?: string }
  | {
      readonly kind: 'go'
      readonly app: string
      readonly toRevision: number | undefined
      readonly emergency: boolean
      readonly reason: string | undefined
    }
  | BadInput

const to = new Set(['to', 'a', 'al', 'hacia', '--to', '-t', '->', '--a', 'rev', 'revision', '--to-revision'])
const emergency = new Set(['emergency', 'emergencia', '--emergency', '--emergencia'])
const reason = new Set(['reason', 'motivo', 'because', 'porque', '--reason', '--motivo', 'reason:', 'motivo:'])

/** The longest reason kept, in characters; longer ones are refused rather than cut. */
export const longestReason = 1000

/** Understands `/rollback [app] [to N] [emergency] [reason TEXT]` in both languages. Pure. */
export function parseRollback(text: string): RollbackWords {
  if (asksForHelp(text)) return { kind: 'help' }
  const all = words(text).flatMap(splitAssignment)
  let app: string | undefined
  let toRevision: number | undefined
  let isEmergency = false
  let why: string | undefined
  for (let index = 0; index < all.length; index++) {
    const word = all[index] ?? ''
    const folded = fold(word)
    if (to.has(folded)) {
      while (to.has(fold(all[index + 1] ?? ''))) index++
      const read = readRevision(all[++index] ?? '')
      if (typeof read !== 'number') return read
      toRevision = read
    } else if (emergency.has(folded)) isEmergency = true
    else if (reason.has(folded)) {
      why = all.slice(index + 1).join(' ')
      break
    } else if (app === undefined) app = word
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
  if (why !== undefined && why.length > longestReason)
    return {
      kind: 'bad_input',
      field: 'reason',
      value: `${why.slice(0, 40)}…`,
      allowed: [`${longestReason}`],
      hint: 'length',
      length: why.length,
    }
  if (app === undefined) {
    if (toRevision === undefined && !isEmergency) return { kind: 'ask', app: undefined }
    return { kind: 'bad_input', field: 'app', value: '', allowed: [], hint: 'names' }
  }
  if (toRevision === undefined && !isEmergency)
    return { kind: 'ask', app, ...(why === undefined || why === '' ? {} : { reason: why }) }
  return { kind: 'go', app, toRevision, emergency: isEmergency, reason: why === '' ? undefined : why }
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
