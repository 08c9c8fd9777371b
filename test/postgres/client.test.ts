import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { withClient } from '../../src/services/postgres/client.ts'

/** A server that takes connections and never says a word. */
let silent: Server
let url: string
beforeEach(async () => {
  silent = createServer((socket) => socket.on('error', () => undefined).resume())
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const address = silent.address()
  url = `postgres://u:p@127.0.0.1:${typeof address === 'object' ? address?.port : 0}/db`
})
afterEach(() => {
  silent.close()
})

const nothing = async () => undefined

it('work that is cancelled while its connection is made ends, and leaves no connection', async () => {
  const cancelled = new AbortController()
  const connected = once(silent, 'connection')
  const work = withClient(url, { signal: cancelled.signal }, nothing)
  const [socket] = await connected
  const closed = once(socket, 'close')
  cancelled.abort()
  await expect(work).rejects.toThrow('the work was cancelled')
  await closed
})

it('work that was cancelled before it began opens no connection', async () => {
  let connections = 0
  silent.on('connection', () => {
    connections += 1
  })
  await expect(withClient(url, { signal: AbortSignal.abort() }, nothing)).rejects.toThrow('the work was cancelled')
  expect(connections).toBe(0)
})
