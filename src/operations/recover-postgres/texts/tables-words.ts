import { listed } from '../../../texts/amounts.ts'
import { code, type Mrkdwn, mrkdwn } from '../../../texts/escape.ts'
import { inLanguage, type Look } from '../../../texts/language.ts'
import { count, short } from './pieces.ts'
import type { ShownPlan } from './read.ts'

const en = {
  asked: (tables: Mrkdwn, name: Mrkdwn, point: Mrkdwn | undefined): Mrkdwn =>
    point === undefined ? mrkdwn`Restore ${tables} in ${name}` : mrkdwn`Restore ${tables} in ${name} from ${point}`,
  askedBack: (tables: Mrkdwn, run: Mrkdwn): Mrkdwn => mrkdwn`Bring back ${tables} as they were before ${run}`,
  table: (name: Mrkdwn): Mrkdwn => mrkdwn`the table ${name}`,
  schema: (name: Mrkdwn): Mrkdwn => mrkdwn`the tables of ${name}`,
  exchange: (tables: Mrkdwn): Mrkdwn =>
    mrkdwn`Only ${tables}: exchanged in one transaction, and no session is ended. Grants, keys, indexes, triggers and policies are carried over; if anything but the rows were different, nothing is changed.`,
  create: (tables: Mrkdwn): Mrkdwn =>
    mrkdwn`${tables} is not there any more: it comes back whole, and nothing is replaced.`,
  sequences: mrkdwn`Sequences go on counting: no number is given twice.`,
  views: (list: Mrkdwn): Mrkdwn => mrkdwn`These views will read the new rows: ${list}.`,
  keys: (list: Mrkdwn): Mrkdwn => mrkdwn`Foreign keys are made again and checked afterwards: ${list}.`,
  broken: (n: string, key: Mrkdwn, other: Mrkdwn, own: boolean): Mrkdwn =>
    own
      ? mrkdwn`${n} restored rows refer to rows of ${other} that are gone (${key}). They stay, and this key then guards only new rows.`
      : mrkdwn`${n} rows of ${other} refer to rows that the backup does not have (${key}). They stay, and this key then guards only new rows.`,
  kept: (hours: string): Mrkdwn =>
    mrkdwn`What is in use now is kept in a schema of its own for ${hours}: one click brings it back.`,
  confirmTitle: 'Replace only these tables?',
  confirmText: (name: string, tables: string, lost: string) =>
    `In ${name}, ${tables} is exchanged for the proved rows. ${lost} The rest of the database stays as it is, and the old ones are kept for the way back.`,
  confirmCreate: (name: string, tables: string) => `${tables} comes back in ${name}. Nothing is replaced.`,
  replacedIn: (ms: string): Mrkdwn => mrkdwn`Exchanged in ${ms}; no session was ended.`,
  stillBroken: (list: Mrkdwn): Mrkdwn => mrkdwn`These keys do not hold for all rows, and guard only new ones: ${list}.`,
  obstacle: {
    partitioned: 'it is partitioned',
    partition: 'it is a partition',
    inheritance: 'it inherits or is inherited from',
    not_ordinary: 'it is no ordinary table',
    published: 'a publication sends its changes on:',
    depended_on: 'this depends on it and would go on reading the old one:',
  },
}

const es: typeof en = {
  asked: (tables, name, point) =>
    point === undefined
      ? mrkdwn`Restaurar ${tables} en ${name}`
      : mrkdwn`Restaurar ${tables} en ${name} desde ${point}`,
  askedBack: (tables, run) => mrkdwn`Traer de vuelta ${tables} como antes de ${run}`,
  table: (name) => mrkdwn`la tabla ${name}`,
  schema: (name) => mrkdwn`las tablas de ${name}`,
  exchange: (tables) =>
    mrkdwn`Solo ${tables}: se cambia en una transacción y no se cierra ninguna sesión. Permisos, claves, índices, triggers y políticas pasan a la nueva; si algo más que las filas fuera distinto, no se cambia nada.`,
  create: (tables) => mrkdwn`Ya no existe ${tables}: vuelve entera y no se sustituye nada.`,
  sequences: mrkdwn`Las secuencias siguen contando: ningún número se da dos veces.`,
  views: (list) => mrkdwn`Estas vistas leerán las filas nuevas: ${list}.`,
  keys: (list) => mrkdwn`Las claves foráneas se crean otra vez y se comprueban después: ${list}.`,
  broken: (n, key, other, own) =>
    own
      ? mrkdwn`${n} filas restauradas apuntan a filas de ${other} que ya no están (${key}). Se quedan, y la clave solo guardará las filas nuevas.`
      : mrkdwn`${n} filas de ${other} apuntan a filas que el backup no tiene (${key}). Se quedan, y la clave solo guardará las filas nuevas.`,
  kept: (hours) => mrkdwn`Lo que está en uso ahora se guarda en un esquema propio ${hours}: un clic lo trae de vuelta.`,
  confirmTitle: '¿Sustituir solo estas tablas?',
  confirmText: (name, tables, lost) =>
    `En ${name}, ${tables} se cambia por las filas comprobadas. ${lost} El resto de la base se queda como está, y lo antiguo se guarda para poder volver.`,
  confirmCreate: (name, tables) => `Vuelve ${tables} en ${name}. No se sustituye nada.`,
  replacedIn: (ms) => mrkdwn`Cambiado en ${ms}; no se cerró ninguna sesión.`,
  stillBroken: (list) => mrkdwn`Estas claves no se cumplen en todas las filas y solo guardan las nuevas: ${list}.`,
  obstacle: {
    partitioned: 'está particionada',
    partition: 'es una partición',
    inheritance: 'hereda de otra o la heredan',
    not_ordinary: 'no es una tabla corriente',
    published: 'una publicación envía sus cambios:',
    depended_on: 'esto depende de ella y seguiría leyendo la antigua:',
  },
}

export const tableTexts = (look: Pick<Look, 'language'>) => inLanguage({ en, es }, look)

type Scope = { readonly kind: string; readonly name: string }

/** "the table public.bookings" */
export function scopeName({ kind, name }: Scope, look: Look): Mrkdwn {
  const words = tableTexts(look)
  return kind === 'schema' ? words.schema(code(short(name, 80))) : words.table(code(short(name, 80)))
}

/** What happens to single tables, and what hangs on them; empty for a whole database. */
export function tableLines(plan: ShownPlan, look: Look): readonly Mrkdwn[] {
  const { scope, prepared } = plan
  if (scope === undefined || plan.kind === 'copy') return []
  const words = tableTexts(look)
  const tables = prepared?.tables
  const codes = (names: readonly string[]) =>
    listed(
      names.map((name) => code(short(name, 60))),
      look,
      6,
    )
  if (tables?.way === 'create') return [words.create(scopeName(scope, look))]
  return [
    words.exchange(scopeName(scope, look)),
    words.sequences,
    ...(tables === undefined || tables.views.length === 0 ? [] : [words.views(codes(tables.views))]),
    ...(tables === undefined || tables.keys.length === 0
      ? []
      : [words.keys(codes(tables.keys.map(({ name }) => name)))]),
    words.kept(`${plan.keepHours} h`),
  ]
}

/** Rows that would refer to nothing. */
export function brokenWarnings({ prepared }: ShownPlan, look: Look): readonly Mrkdwn[] {
  const words = tableTexts(look)
  return (prepared?.tables?.keys ?? [])
    .filter(({ broken }) => broken > 0)
    .map(({ name, way, other, broken }) =>
      words.broken(count(broken, look), code(short(name, 60)), code(short(other, 80)), way === 'out'),
    )
}
