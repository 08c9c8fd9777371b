import { createHash } from 'node:crypto'
import { type Client, identifier, qualified } from '../client.ts'
import type { Content } from '../content.ts'
import { copyIn, copyOut } from '../copy.ts'

type Named = { readonly schema: string; readonly name: string }

/**
 * All rows of a table of one database into a table of another, as they come: memory stays flat. Both sessions should be fixed by
 * `fixOutput`, so that what is read back can be held against it.
 * @returns what was sent @throws the clients' errors; nothing was kept then
 */
export async function copyRows(
  from: { readonly client: Client; readonly table: Named },
  to: { readonly client: Client; readonly table: Named },
  columns: readonly string[],
  onBytes: (bytes: number) => void,
): Promise<Content> {
  const list = columns.length === 0 ? '' : ` (${columns.map(identifier).join(', ')})`
  const of = ({ schema, name }: Named) => `${qualified(schema, name)}${list}`
  const hash = createHash('sha256')
  let bytes = 0
  const sink = await copyIn(to.client, `copy ${of(to.table)} from stdin`)
  try {
    await copyOut(from.client, `copy ${of(from.table)} to stdout`, (chunk, tap) => {
      hash.update(chunk)
      bytes += chunk.length
      onBytes(bytes)
      if (sink.write(chunk)) return
      tap.pause()
      void sink.drained().then(tap.resume)
    })
  } catch (error) {
    await sink.fail('what was to be copied could not be read')
    throw error
  }
  await sink.end()
  return { bytes, sha256: hash.digest('hex') }
}
