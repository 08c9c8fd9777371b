import type { ModeWish } from '../operations/automatic-mode.ts'
import { type BadInput, fold } from '../surface/words.ts'

export type AutomaticWords =
  /** Shows the modes; of one app where it is named. */
  | { readonly kind: 'automatic'; readonly app: string | undefined; readonly wish: undefined }
  | {
      readonly kind: 'automatic'
      readonly app: string
      readonly wish: { readonly mode: ModeWish['mode']; readonly minutes: number | undefined }
    }
  | BadInput

const modes: Record<string, ModeWish['mode']> = {
  act: 'act',
  on: 'act',
  actuar: 'act',
  actua: 'act',
  ask: 'ask',
  preguntar: 'ask',
  pregunta: 'ask',
  off: 'off',
  apagado: 'off',
  apagada: 'off',
  apagar: 'off',
}
const forWords = new Set(['for', 'durante', 'por'])
const units: Record<string, number> = { m: 1, min: 1, h: 60, d: 1440 }

/** A week: what should hold for longer is written in the catalog. */
const mostMinutes = 7 * 1440

/** Understands what stands behind `/rescue automatic`: `[app] [act|ask|off] [for 2h]`, in both languages. Pure. */
export function parseAutomatic(rest: readonly string[]): AutomaticWords {
  const [app, word, ...time] = rest
  if (app === undefined) return { kind: 'automatic', app: undefined, wish: undefined }
  if (word === undefined) return { kind: 'automatic', app, wish: undefined }
  const mode = Object.hasOwn(modes, fold(word)) ? modes[fold(word)] : undefined
  if (mode === undefined)
    return { kind: 'bad_input', field: 'mode', value: word, allowed: ['act', 'ask', 'off'], hint: 'names' }
  const told = time.filter((each) => !forWords.has(fold(each)))
  if (told.length === 0 && time.length === 0) return { kind: 'automatic', app, wish: { mode, minutes: undefined } }
  const minutes = readMinutes(told.join(''))
  if (minutes === undefined)
    return {
      kind: 'bad_input',
      field: 'time',
      value: told.join(' '),
      allowed: ['30m', '2h', '1d', '7d'],
      hint: 'names',
    }
  return { kind: 'automatic', app, wish: { mode, minutes } }
}

function readMinutes(text: string): number | undefined {
  const match = /^(\d{1,5})(min|m|h|d)$/i.exec(text)
  const minutes = Number(match?.[1] ?? 0) * (units[(match?.[2] ?? '').toLowerCase()] ?? 0)
  return minutes >= 1 && minutes <= mostMinutes ? minutes : undefined
}
