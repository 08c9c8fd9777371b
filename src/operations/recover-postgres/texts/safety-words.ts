import { code, type Mrkdwn, mrkdwn } from '../../../texts/escape.ts'
import { inLanguage, type Look } from '../../../texts/language.ts'
import { short, size } from './pieces.ts'
import type { ShownPlan } from './read.ts'

const en = {
  taken: (point: Mrkdwn, size: string): Mrkdwn =>
    mrkdwn`What is in use now was backed up as ${point} (${size}) and read whole.`,
  none: (why: Mrkdwn): Mrkdwn =>
    mrkdwn`No backup of what is in use now could be made: ${why}. It stays beside all the same, as the way back.`,
  reasons: {
    dump_failed: 'pg_dump could not read it',
    dump_timed_out: 'pg_dump was not done in time',
    tool_missing: 'pg_dump is not installed',
    not_good: 'what was written is not good',
    disk_short: 'the place for it has no room',
    place_away: 'the place for it cannot be written to',
    stopped: 'it was stopped',
  },
}

const es: typeof en = {
  taken: (point, size) => mrkdwn`De lo que está en uso ahora se hizo el backup ${point} (${size}), leído entero.`,
  none: (why) =>
    mrkdwn`No se pudo hacer un backup de lo que está en uso ahora: ${why}. Se queda al lado de todos modos, para poder volver.`,
  reasons: {
    dump_failed: 'pg_dump no pudo leerlo',
    dump_timed_out: 'pg_dump no acabó a tiempo',
    tool_missing: 'pg_dump no está instalado',
    not_good: 'lo que se escribió no es bueno',
    disk_short: 'no hay sitio en su carpeta',
    place_away: 'no se puede escribir en su carpeta',
    stopped: 'se detuvo',
  },
}

const textsFor = (look: Look) => inLanguage({ en, es }, look)

/** That what would be replaced is also in a backup; empty where the catalog asks for none, or none could be made. */
export function safetyLine({ prepared }: ShownPlan, look: Look): Mrkdwn | undefined {
  const safety = prepared?.safety
  if (safety?.kind !== 'taken') return undefined
  return textsFor(look).taken(code(short(safety.point, 100)), size(safety.bytes, look))
}

/** That there is none, and why: those who approve should know. */
export function safetyWarning({ prepared, live }: ShownPlan, look: Look): Mrkdwn | undefined {
  const safety = prepared?.safety
  if (safety?.kind !== 'failed' || live.kind === 'gone') return undefined
  const words = textsFor(look)
  const known = Object.entries(words.reasons).find(([key]) => key === safety.reason)?.[1] ?? safety.reason
  return words.none(mrkdwn`${known} (“${short(safety.why, 160)}”)`)
}
