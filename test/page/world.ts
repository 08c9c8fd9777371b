import { fileURLToPath } from 'node:url'
import { App, LogLevel, SocketModeReceiver } from '@slack/bolt'
import { createServer } from '../../sandbox/http/server.ts'
import { mountPage } from '../../sandbox/page/mount.ts'
import { channels, people } from '../../sandbox/people.ts'
import { startWorkspace } from '../../sandbox/slack/start.ts'
import { listenAsApp } from './app.ts'
import { mountPanelData } from './panel-data.ts'

const manifest = fileURLToPath(new URL('manifest.yml', import.meta.url))

/** The real workspace with the page on it, and a small app with every kind of block behind it. */
export async function startWorld(port = 0) {
  const server = await createServer({ port })
  const workspace = await startWorkspace({ server, manifest, people, channels })
  mountPage(server)
  const panel = mountPanelData(server)
  const receiver = new SocketModeReceiver({
    appToken: workspace.appToken,
    installerOptions: { clientOptions: { slackApiUrl: workspace.slackApi } },
    logLevel: LogLevel.ERROR,
  })
  const app = new App({
    token: workspace.botToken,
    receiver,
    clientOptions: { slackApiUrl: workspace.slackApi },
    logLevel: LogLevel.ERROR,
  })
  const heard = listenAsApp(app)
  await app.start()
  return {
    url: server.url,
    workspace,
    panel,
    client: app.client,
    heard,
    /** What a person does by program, as the page does it. */
    person: async (path: string, body: object) => {
      const response = await fetch(`${server.url}/person/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      return (await response.json()) as { ok: boolean; ts?: string }
    },
    stop: async () => {
      await app.stop()
      await workspace.stop()
      await server.close()
    },
  }
}

export type World = Awaited<ReturnType<typeof startWorld>>
