import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hasStatus } from '../../src/services/kubernetes/api/errors.ts'
import { until } from './back-end.ts'
import type { App } from './rollback-world.ts'

type AtThePatch = {
  /** Just before the bot's first write arrives. */
  readonly before?: () => Promise<void>
  /** Just after it was done, before the bot looks again. */
  readonly after?: () => Promise<void>
  /** At each write that is not taken. */
  readonly refused?: () => void
}

/** The same app, and what happens around the moment of the bot's write. */
export function atThePatch(app: App, happens: AtThePatch): Pick<App, 'services'> {
  const [before, after] = [once(happens.before), once(happens.after)]
  return {
    services: {
      ...app.services,
      cluster: (...given) => {
        const client = app.services.cluster(...given)
        return {
          ...client,
          patch: async (...patch) => {
            await before()
            const answer = await client.patch(...patch).catch((error: unknown) => {
              happens.refused?.()
              throw error
            })
            await after()
            return answer
          },
        }
      },
    },
  }
}

/** Does it at the first call only. */
function once(what: (() => Promise<void>) | undefined): () => Promise<void> {
  let done = false
  return async () => {
    if (done) return
    done = true
    await what?.()
  }
}

/** Somebody deletes the workload, and it is gone. */
export async function remove({ admin, path, kind }: App, propagationPolicy = 'Background'): Promise<void> {
  await admin.delete(path, { propagationPolicy })
  await until(`the ${kind} is gone`, async () =>
    admin.get(path).then(
      () => false,
      (error: unknown) => hasStatus(error, 404),
    ),
  )
}

export function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { given: promise, give: () => resolve() }
}

/** A server for health checks, always well. @param asked before each answer */
export async function startWeb(asked: () => Promise<void>): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((_request, response) => void asked().then(() => response.end('ok')))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/health`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
