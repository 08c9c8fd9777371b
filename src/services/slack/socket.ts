import { SocketModeReceiver } from '@slack/bolt'
import type { Logger } from 'pino'
import { libraryLog } from './lanes.ts'

export type SocketOptions = {
  readonly appToken: string
  readonly apiUrl: string
  readonly log: Logger
}

export type SlackSocket = {
  readonly receiver: SocketModeReceiver
  /** Whether Slack can reach the bot at this moment. */
  connected(): boolean
  /** Resolves when there is a connection, also if that takes hours; commands are answered from then on. */
  start(): Promise<void>
  /** Ends the connection; safe while it is being made anew. The bot's own work ends before, the server that answers after. */
  stop(): Promise<void>
}

/**
 * Socket Mode as Bolt 5.1 needs it to be built: `new App({socketMode: true})` shares and changes its options, a short retry
 * ends the process after a second of outage, and the default ping leaves 5 s without a connection after each reconnect.
 */
export function openSocket(options: SocketOptions): SlackSocket {
  const receiver = new SocketModeReceiver({
    appToken: options.appToken,
    logger: libraryLog(options.log),
    clientPingTimeout: 1_000,
    installerOptions: {
      clientOptions: {
        slackApiUrl: options.apiUrl,
        timeout: 10_000,
        retryConfig: { forever: true, factor: 1.5, minTimeout: 500, maxTimeout: 15_000 },
      },
    },
  })
  const { client } = receiver
  let up = false
  let stopping = false
  client.on('connected', () => {
    up = true
    options.log.info('connected to Slack')
  })
  for (const event of ['disconnected', 'reconnecting', 'close'])
    client.on(event, () => {
      if (up && !stopping) options.log.warn('the connection to Slack was lost; connecting again')
      up = false
    })
  return {
    receiver,
    connected: () => up,
    start: async () => {
      await receiver.start()
    },
    stop: async () => {
      stopping = true
      if (!up) {
        // `disconnect` in the middle of a reconnect throws; give it a moment, then leave it to the end of the process.
        await Promise.race([new Promise<void>((resolve) => client.once('connected', () => resolve())), pause(1_500)])
        if (!up) return
      }
      await Promise.race([client.disconnect(), pause(3_000)])
      up = false
    },
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref())
