import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A line to a server of this machine that can be cut and mended. */
export async function startLine(port: string) {
  const sockets = new Set<Socket>()
  let up = true
  const line = createServer((near) => {
    if (!up) return void near.destroy()
    const far = connect(Number(port), '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
    // The server takes only its own page as origin: requests say its port, which has as many digits.
    near.on('data', (part) =>
      far.write(part.toString('latin1').replaceAll(`127.0.0.1:${own()}`, `127.0.0.1:${port}`), 'latin1'),
    )
    far.pipe(near)
  })
  const own = () => (line.address() as AddressInfo).port
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    up = false
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${own()}`,
    cut,
    mend: () => {
      up = true
    },
    [Symbol.asyncDispose]: async () => {
      cut()
      await new Promise((resolve) => line.close(resolve))
    },
  }
}
