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
  // The library's reconnect catches nothing: a revoked token, or an end in the middle of it, would end the process.
  const connect = client.start.bind(client)
  client.start = async () => {
    try {
      return await connect()
    } catch (error) {
      if (stopping) return never()
      const reason = error instanceof Error ? error.message : String(error)
      options.log.error({ reason }, 'Slack refused the connection; trying again')
      await pause(refusedPauseMs)
      return stopping ? never() : client.start()
    }
  }
  client.on('connected', () => {
    // It was being made when it was ended.
    if (stopping) return void client.disconnect()
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
      // Without a connection nothing may ever tell that it has ended.
      await Promise.race([client.disconnect(), pause(up ? 3_000 : 200)])
      up = false
    },
  }
}

/** Slack said no, rather than nothing: a token that was revoked, an app that was taken out. */
const refusedPauseMs = 5_000

const never = <T>(): Promise<T> => new Promise(() => undefined)

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref())
