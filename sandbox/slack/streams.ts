import type { ServerResponse } from 'node:http'
import { type EventStream, openEventStream } from '../http/event-stream.ts'
import type { PageEvent } from './model/types.ts'

/** The pages that are open, and whose eyes they are. */
export type Streams = {
  open(userId: string, response: ServerResponse): void
  tell(users: readonly string[], event: PageEvent): void
  stop(): void
}

export function createStreams(): Streams {
  const open = new Map<EventStream, string>()
  return {
    open: (userId, response) => {
      const stream: EventStream = openEventStream(response, () => open.delete(stream))
      open.set(stream, userId)
    },
    tell: (users, event) => {
      for (const [stream, userId] of open) if (users.includes(userId)) stream.send(event)
    },
    stop: () => {
      for (const stream of open.keys()) stream.close()
      open.clear()
    },
  }
}
