import type { StepRow } from '../../../store/types.ts'
import { numberIn, textsIn } from '../../../texts/data.ts'
import type { Look } from '../../../texts/language.ts'
import { size, textsFor } from './pieces.ts'

/** "42 % · 201 MB of 480 MB", from the server's own counters. */
export function progressOf(step: StepRow, look: Look): string | undefined {
  const words = textsFor(look)
  const { progress } = step
  const [percent, bytes, of] = [numberIn(progress, 'percent'), numberIn(progress, 'bytes'), numberIn(progress, 'of')]
  const [table, tables] = [numberIn(progress, 'table'), numberIn(progress, 'tables')]
  const written = numberIn(progress, 'written')
  if (written !== undefined) return words.written(size(written, look))
  const waiting = textsIn(progress, 'checks')
  if (percent !== undefined && bytes !== undefined && of !== undefined)
    return words.percent(percent, size(bytes, look), size(of, look))
  if (percent !== undefined) return `${percent} %`
  if (table !== undefined && tables !== undefined) return words.comparing(table + 1, tables)
  if (waiting.length > 0) return words.waitingFor(waiting.join(', '))
  return bytes === undefined ? undefined : words.reading(size(bytes, look))
}
