import type { StepRow } from '../../../store/types.ts'
import { numberIn, textIn, textsIn } from '../../../texts/data.ts'
import type { Look } from '../../../texts/language.ts'
import { count, short, size } from '../../recover-postgres/texts/pieces.ts'
import { textsFor } from './pieces.ts'

/** "42 % · 201 MB of 480 MB", from what was really read, written or counted. */
export function progressOf(step: StepRow, look: Look): string | undefined {
  const words = textsFor(look)
  const number = (name: string) => numberIn(step.progress, name)
  const [percent, bytes, of] = [number('percent'), number('bytes'), number('of')]
  if (percent !== undefined && bytes !== undefined && of !== undefined)
    return words.percent(percent, size(bytes, look), size(of, look))
  const [piece, done, documents] = [textIn(step.progress, 'piece'), number('done'), number('documents')]
  if (piece !== '' && done !== undefined && of !== undefined) return words.building(short(piece, 60), done + 1, of)
  if (documents !== undefined && of !== undefined) return words.proving(count(documents, look), count(of, look))
  const [collection, collections, written] = [number('collection'), number('collections'), number('written')]
  if (collection !== undefined && collections !== undefined) return words.comparing(collection + 1, collections)
  if (written !== undefined) return words.written(size(written, look))
  const waiting = textsIn(step.progress, 'checks')
  if (waiting.length > 0) return words.waitingFor(waiting.join(', '))
  return bytes === undefined ? undefined : words.reading(size(bytes, look))
}
