import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { createServer, type Socket, connect as socketTo } from 'node:net'

export type Cuttable = {
  readonly port: number
  /** Where connections go to. */
  to(port: number): void
  /** Ends every connection and refuses new ones; gives how many there were. */
  cut(): number
  mend(): void
  stop(): Promise<void>
}

/** A way to a server that can be cut like a cable. */
export async function startCuttable(): Promise<Cuttable> {
  const open = new Set<Socket>()
  let [target, whole] = [0, true]
  const server = createServer((socket) => {
    if (!whole || target === 0) return void socket.destroy()
    const other = socketTo(target, '127.0.0.1')
    for (const [one, two] of [
      [socket, other],
      [other, socket],
    ] as const) {
      open.add(one)
      one.on('error', () => undefined)
      one.once('close', () => {
        open.delete(one)
        two.destroy()
      })
      one.pipe(two)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const cut = () => {
    whole = false
    const count = open.size / 2
    for (const socket of open) socket.destroy()
    return count
  }
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    to: (port) => {
      target = port
    },
    cut,
    mend: () => {
      whole = true
    },
    stop: async () => {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}

export type Watched = { readonly programs: ReadonlySet<string>; readonly shown: readonly string[] }

/** Looks at the argument lists of all processes, again and again. */
export function watchArguments(secret: string): { stop(): Promise<Watched> } {
  const programs = new Set<string>()
  const shown: string[] = []
  let watching = true
  const loop = (async () => {
    while (watching) {
      for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
        const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
        programs.add(line.split('\0')[0]?.split('/').at(-1) ?? '')
        if (line.includes(secret)) shown.push(line.replaceAll('\0', ' '))
      }
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })()
  return {
    stop: async () => {
      watching = false
      await loop
      return { programs, shown }
    },
  }
}
