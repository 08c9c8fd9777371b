import type { Logger } from 'pino'
import { buildApp, openHttp } from './app.ts'
import type { Environment } from './config/environment.ts'
import type { Desk } from './operations/desk.ts'
import { openLanes, type SlackLanes } from './services/slack/lanes.ts'
import { openSocket } from './services/slack/socket.ts'

export type SlackConnection = {
  readonly mode: 'socket' | 'http' | 'none'
  readonly lanes: SlackLanes | undefined
  /** Why Slack cannot reach the bot at this moment; undefined when it can, or was not configured. */
  problem(): string | undefined
  stop(): Promise<void>
}

/** Connects to Slack as the environment says: Socket Mode with an app token, else HTTP; without a bot token not at all. */
export async function startSlackApp(desk: Desk, environment: Environment, log: Logger): Promise<SlackConnection> {
  const { SLACK_BOT_TOKEN: token, SLACK_APP_TOKEN: appToken, SLACK_API_URL: apiUrl } = environment
  if (token === undefined) {
    log.warn('SLACK_BOT_TOKEN is not set: the bot works without Slack, by the terminal')
    return { mode: 'none', lanes: undefined, problem: () => undefined, stop: async () => undefined }
  }
  const lanes = openLanes({ token, apiUrl, log })
  if (appToken === undefined) {
    const receiver = openHttp(environment, log)
    buildApp(desk, lanes, receiver, token, log)
    await receiver.start(environment.PORT)
    return { mode: 'http', lanes, problem: () => undefined, stop: async () => void (await receiver.stop()) }
  }
  const socket = openSocket({ appToken, apiUrl, log })
  buildApp(desk, lanes, socket.receiver, token, log)
  // Not awaited: Slack being away must not keep the bot from going on with its runs.
  void socket.start().catch((error: unknown) => log.error({ err: error }, 'Slack refused the connection'))
  return {
    mode: 'socket',
    lanes,
    problem: () => (socket.connected() ? undefined : 'not connected to Slack'),
    stop: () => socket.stop(),
  }
}
