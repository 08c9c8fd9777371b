import { listed } from '../../../texts/amounts.ts'
import { cleanLine, cutPlain } from '../../../texts/clean.ts'
import { code, join, type Mrkdwn, mrkdwn } from '../../../texts/escape.ts'
import { inLanguage, type Look } from '../../../texts/language.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import type { ShownLoss } from './read.ts'

const recoverTexts = { en, es }

export const textsFor = (look: Pick<Look, 'language'>) => inLanguage(recoverTexts, look)

export const short = (text: string, max: number): string => cutPlain(cleanLine(text).trim(), max)

/** `240,000`, `240.000`. */
export const count = (n: number, look: Pick<Look, 'language'>): string =>
  new Intl.NumberFormat(look.language === 'es' ? 'es-ES' : 'en-GB', { useGrouping: 'always' }).format(n)

/** `48 MB`, in powers of 1000 as disks are sold and `ls -h --si` shows. */
export function size(bytes: number, look: Pick<Look, 'language'>): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const value = bytes / 1000 ** power
  const digits = value >= 10 || power === 0 ? 0 : 1
  const text = new Intl.NumberFormat(look.language === 'es' ? 'es-ES' : 'en-GB', { maximumFractionDigits: digits })
  return `${text.format(value)} ${units[power]}`
}

/** What would be lost and what comes back, as sentences; the numbers first. */
export function lossLines(loss: ShownLoss, look: Look, tables = 4): readonly Mrkdwn[] {
  const words = textsFor(look)
  const losing = loss.tables.filter((table) => table.onlyLive + table.changed > 0)
  const back = loss.tables.filter((table) => table.onlyBackup > 0)
  const backRows = back.reduce((sum, table) => sum + table.onlyBackup, 0)
  const lost = [
    ...losing.map((table) => words.table(code(short(table.table, 60)), lossOf(table, look))),
    ...loss.onlyLiveTables.map(({ table, rows }) =>
      words.table(code(short(table, 60)), mrkdwn`${words.goneTable(count(rows, look))}`),
    ),
  ]
  return [
    lost.length === 0
      ? words.nothingLost(loss.compared)
      : words.lost(count(loss.lostRows, look), loss.lostRows === 1, listedBy(lost, look, tables)),
    ...(back.length === 0
      ? []
      : [
          words.comesBack(
            count(backRows, look),
            listedBy(
              back.map((table) => mrkdwn`${code(short(table.table, 60))} ${count(table.onlyBackup, look)}`),
              look,
              tables,
            ),
          ),
        ]),
    ...(loss.onlyBackupTables.length === 0
      ? []
      : [
          words.tablesBack(
            listed(
              loss.onlyBackupTables.map((table) => code(short(table, 60))),
              look,
            ),
          ),
        ]),
    ...(loss.columns.length === 0
      ? []
      : [
          words.columnsLost(
            listed(
              loss.columns.flatMap(({ table, columns }) => columns.map((each) => code(`${table}.${each}`))),
              look,
            ),
          ),
        ]),
    ...(loss.unknown.length === 0
      ? []
      : [
          words.notCompared(
            listed(
              loss.unknown.map(({ table }) => code(table)),
              look,
            ),
          ),
        ]),
  ]
}

const listedBy = (pieces: readonly Mrkdwn[], look: Look, max: number): Mrkdwn =>
  pieces.length > max ? listed(pieces, look, max) : join(pieces, '; ')

function lossOf(table: ShownLoss['tables'][number], look: Look): Mrkdwn {
  const words = textsFor(look)
  const keys = table.examples.slice(0, 3).map((key) => short(key, 30))
  const rows = join(
    [
      table.onlyLive === 0 ? undefined : mrkdwn`${words.onlyLive(count(table.onlyLive, look))}`,
      table.changed === 0 ? undefined : mrkdwn`${words.changed(count(table.changed, look))}`,
    ],
    ', ',
  )
  return join(
    [
      rows,
      keys.length === 0
        ? undefined
        : mrkdwn`(${words.examples(`${keys.join(', ')}${table.examples.length > 3 ? ', …' : ''}`)})`,
    ],
    ' ',
  )
}
