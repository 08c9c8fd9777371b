import { fileURLToPath } from 'node:url'
import { App, LogLevel, SocketModeReceiver } from '@slack/bolt'
import { WebClient } from '@slack/web-api'
import { createServer } from '../../../sandbox/http/server.ts'
import { people } from '../../../sandbox/people.ts'
import type { WorkspaceOptions } from '../../../sandbox/slack/options.ts'
import { startWorkspace, type Workspace } from '../../../sandbox/slack/start.ts'

const manifest = fileURLToPath(new URL('./fixtures/manifest.yml', import.meta.url))

export const ops = 'C0OPS'
/** The bot is no member here. */
export const other = 'C0OTHER'
/** Private, and the bot is no member. */
export const secretChannel = 'C0SECRET'

/** What reached the app, to be looked at without Bolt's types. */
export type Heard = Readonly<Record<string, unknown>>
export const heardAs = (body: object): Heard => Object.fromEntries(Object.entries(body))

export type Answer = Readonly<Record<string, unknown>> & { readonly ok: boolean }

export type Room = {
  readonly url: string
  readonly workspace: Workspace
  readonly web: WebClient
  /** Calls a method with no client between: what is refused is an answer, not an exception. */
  call(method: string, args?: object, token?: string): Promise<Answer>
  get(path: string): Promise<Answer>
  post(path: string, body: object): Promise<Answer>
  stop(): Promise<void>
}

/** A workspace of its own for one test file. */
export async function startRoom(options: Partial<WorkspaceOptions> = {}): Promise<Room> {
  const server = await createServer()
  const workspace = await startWorkspace({
    server,
    manifest,
    people,
    channels: [
      { id: ops, name: 'ops', topic: 'Operations' },
      { id: other, name: 'other', bot: false, members: ['ana'] },
      { id: secretChannel, name: 'secret', private: true, bot: false, members: ['ana'] },
    ],
    groups: [{ id: 'S0SRE', handle: 'sre', name: 'SRE', users: ['ana', 'luis'] }],
    ...options,
  })
  const json = async (response: Response): Promise<Answer> => (await response.json()) as Answer
  return {
    url: server.url,
    workspace,
    web: webClient(workspace),
    call: async (method, args = {}, token = workspace.botToken) =>
      json(
        await fetch(`${workspace.slackApi}${method}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${token}` },
          body: JSON.stringify(args),
        }),
      ),
    // No open modal is a bare null.
    get: async (path) => (await json(await fetch(`${server.url}/person/${path}`))) ?? { ok: true, view: null },
    post: async (path, body) =>
      json(
        await fetch(`${server.url}/person/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      ),
    stop: async () => {
      await workspace.stop()
      await server.close()
    },
  }
}

const nothing = (): void => {}
export const quiet = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  setName: nothing,
  getLevel: () => LogLevel.ERROR,
}

/** Fails at once instead of trying again for half an hour. */
function webClient(workspace: Workspace): WebClient {
  return new WebClient(workspace.botToken, {
    slackApiUrl: workspace.slackApi,
    retryConfig: { retries: 0 },
    timeout: 5000,
    rejectRateLimitedCalls: true,
    logger: quiet,
  })
}

/** The real Bolt in Socket Mode, built as its defects demand (own options object, a retry that never gives up). */
export async function startBolt(room: Room, prepare: (app: App) => void) {
  const { workspace } = room
  const receiver = new SocketModeReceiver({
    appToken: workspace.appToken,
    clientPingTimeout: 1000,
    logger: quiet,
    installerOptions: {
      clientOptions: {
        slackApiUrl: workspace.slackApi,
        retryConfig: { forever: true, factor: 1.5, maxTimeout: 1000 },
      },
    },
  })
  const app = new App({
    token: workspace.botToken,
    receiver,
    logger: quiet,
    clientOptions: { slackApiUrl: workspace.slackApi, retryConfig: { retries: 0 } },
  })
  prepare(app)
  await app.start()
  return { app, receiver, stop: async () => void (await app.stop()) }
}

/** Waits until something holds. @throws Error after the deadline, naming what was waited for */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  ms = 8000,
): Promise<T> {
  const deadline = Date.now() + ms
  while (Date.now() < deadline) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
  throw new Error(`waited ${ms} ms for ${what}`)
}
