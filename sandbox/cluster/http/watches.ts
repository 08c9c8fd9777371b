import type { ServerResponse } from 'node:http'

export type Stream = {
  send(line: string): void
  end(): void
  /** What to do when the client or the server ends it. */
  onClose(stop: () => void): void
  /** Gives the response back untouched, for an error answer. */
  abandon(): void
}

/** The watches that run, and what tests do to them. */
export type Watches = {
  count(): number
  /** Breaks every connection that watches. */
  cut(): void
  /** Half-open: the connections stay, nothing more arrives on them. */
  silence(): void
  open(response: ServerResponse): Stream
  stop(): void
}

export function createWatches(): Watches {
  const open = new Set<{ response: ServerResponse; silent: boolean; close: () => void }>()
  const cut = () => {
    for (const one of [...open]) {
      one.close()
      one.response.destroy()
    }
  }
  return {
    count: () => open.size,
    cut,
    stop: cut,
    silence: () => {
      for (const one of open) one.silent = true
    },
    open: (response) => {
      let pending: string[] = []
      let scheduled = false
      let ended = false
      let stop: (() => void) | undefined
      const one = { response, silent: false, close: () => close() }
      const close = () => {
        open.delete(one)
        stop?.()
        stop = undefined
        ended = true
      }
      const flush = () => {
        scheduled = false
        if (pending.length === 0 || one.silent || response.destroyed) return
        const text = pending.length === 1 ? (pending[0] ?? '') : pending.join('')
        pending = []
        if (!response.headersSent)
          response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' })
        response.write(text)
      }
      open.add(one)
      response.on('close', close)
      // A watch without events is answered too: its headers tell that it runs.
      setImmediate(() => {
        if (!ended && !response.headersSent && !response.destroyed)
          response
            .writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' })
            .flushHeaders()
      })
      return {
        send: (line) => {
          if (ended) return
          pending.push(line)
          if (scheduled) return
          scheduled = true
          setImmediate(flush)
        },
        end: () => {
          flush()
          ended = true
          open.delete(one)
          if (!one.silent) response.end()
        },
        onClose: (run) => {
          if (ended) run()
          else stop = run
        },
        abandon: () => {
          ended = true
          open.delete(one)
          response.off('close', close)
        },
      }
    },
  }
}
