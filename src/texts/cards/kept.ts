import { size } from '../../operations/recover-postgres/texts/pieces.ts'
import { type Card, card, section } from '../blocks.ts'
import { numberIn, textIn, timeIn } from '../data.ts'
import { bold, code, lines, type Mrkdwn, mrkdwn, time } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'

const en = {
  head: (name: Mrkdwn, database: Mrkdwn): Mrkdwn =>
    mrkdwn`${name}, which a restore of ${database} has put aside, will be dropped`,
  when: (at: Mrkdwn, size: string): Mrkdwn => mrkdwn`Not before ${at}; then ${size} are free again.`,
  why: (run: Mrkdwn, backup: Mrkdwn): Mrkdwn =>
    mrkdwn`It was kept for the hours that the catalog says after ${run}, and the newer backup ${backup} was read whole and is good.`,
  undo: (command: Mrkdwn): Mrkdwn =>
    mrkdwn`Until then ${command} plans the way back. To keep it longer, raise \`keepHours\` before the next restore, or give it a name of your own.`,
}

const es: typeof en = {
  head: (name, database) => mrkdwn`Se borrará ${name}, que una restauración de ${database} dejó apartada`,
  when: (at, size) => mrkdwn`No antes de ${at}; entonces quedan libres ${size}.`,
  why: (run, backup) =>
    mrkdwn`Se guardó las horas que dice el catálogo después de ${run}, y el backup más nuevo ${backup} se leyó entero y es bueno.`,
  undo: (command) =>
    mrkdwn`Hasta entonces ${command} planea la vuelta. Para guardarla más tiempo, sube \`keepHours\` antes de la próxima restauración, o dale un nombre tuyo.`,
}

/** What will be dropped, when, why that is no loss, and how to keep it. @param told as `announceDrop` wrote it */
export function keptDropCard(told: Readonly<Record<string, unknown>>, look: Look): Card {
  const words = inLanguage({ en, es }, look)
  const run = textIn(told, 'run')
  const head = words.head(code(textIn(told, 'name')), mrkdwn`${textIn(told, 'database')}`)
  const at = timeIn(told, 'dropAt')
  return card(head, [
    section(
      lines([
        bold(head),
        words.when(at === undefined ? mrkdwn`—` : time(at, 'date'), size(numberIn(told, 'bytes') ?? 0, look)),
        words.why(mrkdwn`${run}`, code(textIn(told, 'backup'))),
        words.undo(code(`/rescue undo ${run}`)),
      ]),
    ),
  ])
}
