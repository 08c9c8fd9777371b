import { judge, type Row } from './rows.ts'

const heads = ['what', 'measured', 'limit', 'ratio to the peer', 'verdict'] as const

/** The rows as a table of plain text. */
export function tableOf(rows: readonly Row[]): string {
  const lines = [heads, ...rows.map(cells)]
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)))
  const padded = lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
  return [padded[0], widths.map((width) => '-'.repeat(width)).join('  '), ...padded.slice(1)]
    .map((line) => line?.trimEnd())
    .join('\n')
}

function cells(row: Row): readonly string[] {
  const { what, measured, unit, limit, peer, note } = row
  const shown = note === undefined ? `${number(measured)} ${unit}`.trim() : `${note} ${unit}`.trim()
  return [
    what,
    shown,
    limit === undefined || note !== undefined ? '' : `${number(limit.most)} ${unit}`.trim(),
    peer === undefined
      ? ''
      : `${number(measured / peer.measured)} x ${peer.name} (${number(peer.measured)} ${unit})`.trim(),
    judge(row),
  ]
}

function number(value: number): string {
  if (Number.isNaN(value)) return 'not measured'
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : String(Math.round(value * 100) / 100)
}
