import { widthOf, wrap } from './wrap.ts'

type Row = readonly string[]

/**
 * Columns padded to their longest cell; columns that are empty everywhere are left out. Where that is wider than the
 * terminal, each row becomes a short paragraph instead: columns that are cut tell nothing.
 * @param width columns of the terminal; undefined: as wide as it is
 */
export function table(head: Row, rows: readonly Row[], width: number | undefined): string {
  const used = head.map((_, index) => rows.some((row) => (row[index] ?? '') !== ''))
  const kept = [head, ...rows].map((row) => row.filter((_, index) => used[index] === true))
  const widths = (kept[0] ?? []).map((_, index) => Math.max(...kept.map((row) => widthOf(row[index] ?? ''))))
  const whole = widths.reduce((sum, each) => sum + each + 2, -2)
  if (width === undefined || whole <= width) return kept.map((row) => padded(row, widths)).join('\n')
  return rows.map((row) => wrap(row.filter((cell) => cell !== '').join(' · '), width, 2)).join('\n')
}

function padded(row: Row, widths: readonly number[]): string {
  return row
    .map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - widthOf(cell)))
    .join('  ')
    .trimEnd()
}
