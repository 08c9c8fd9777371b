import { type Asked, errorFromStatus, errorFromTransport, KubernetesError } from './errors.ts'
import { isRecord, numberAt, textAt } from './json.ts'
import type { WatchEvent } from './types.ts'

/** One event holds one object; the API server stores none larger than 1.5 MB. */
const longestLine = 8_000_000

/**
 * Reads the events of a watch, one JSON object a line, until the server ends it.
 * A watch that starts too far in the past answers HTTP 200 with an ERROR event that carries the 410.
 * @throws KubernetesError
 */
export async function readLines(
  body: AsyncIterable<unknown>,
  asked: Asked,
  signal: AbortSignal,
  idleMs: number,
  onEvent: (event: WatchEvent) => void,
): Promise<void> {
  let rest = ''
  const decoder = new TextDecoder()
  try {
    for await (const chunk of body) {
      rest += chunk instanceof Uint8Array ? decoder.decode(chunk, { stream: true }) : String(chunk)
      let end = rest.indexOf('\n')
      let start = 0
      for (; end !== -1; end = rest.indexOf('\n', start)) {
        handleLine(rest.slice(start, end), asked, onEvent)
        start = end + 1
      }
      rest = rest.slice(start)
      if (rest.length > longestLine) throw tooLong(asked)
    }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof KubernetesError) throw error
    throw errorFromTransport(asked, error, idleMs)
  }
}

function handleLine(line: string, asked: Asked, onEvent: (event: WatchEvent) => void): void {
  if (line === '') return
  const event: unknown = JSON.parse(line)
  const type = textAt(event, 'type')
  const object = isRecord(event) ? event['object'] : undefined
  if (type === 'ERROR') throw errorFromStatus(asked, numberAt(object, 'code') ?? 500, object, undefined)
  if (!isRecord(object)) return
  if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED' || type === 'BOOKMARK') onEvent({ type, object })
}

function tooLong(asked: Asked): KubernetesError {
  return new KubernetesError({
    ...asked,
    status: 0,
    reason: 'answer_too_large',
    message: `an event is longer than ${longestLine} characters`,
  })
}
