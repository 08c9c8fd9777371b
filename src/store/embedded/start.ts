import type pg from 'pg'
import { codeOf } from '../away.ts'
import { prepareBinaries } from './binaries.ts'
import { prepareCluster, superuser } from './cluster.ts'
import { EmbeddedError } from './error.ts'
import { type Ownership, takeOwnership } from './owner.ts'
import { type Place, preparePlace } from './place.ts'
import { findServer, startServer, stopServer } from './server.ts'
import { type Settings, writeSettings } from './settings.ts'

export type EmbeddedOptions = {
  /** Where everything is kept; made when it is missing. */
  readonly folder: string
  /** Made when it is missing; `rescue` unless told. */
  readonly database?: string
  /** Where a bot owns the folder already, use its server as a guest instead of being refused: for the terminal program. */
  readonly guest?: boolean
  /** Lines for people who run the bot; no secrets. */
  readonly onLog?: (line: string) => void
}

/** A real PostgreSQL server of this process's own. */
export type Embedded = {
  /** With the password: never for logs. */
  readonly url: string
  /** Fast shutdown. */
  stop(): Promise<void>
}

/**
 * Starts PostgreSQL on a folder, or finds the one that a killed bot left running there, and owns it from then on. When
 * the server dies under a living bot it is started again, at the same address.
 * @throws EmbeddedError with a reason, and a message that names the folder and the process that has it
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const onLog = options.onLog ?? (() => undefined)
  const place = await preparePlace(options.folder, onLog)
  const programs = await prepareBinaries(place)
  const settings = await prepareCluster(place, programs)
  const found = await findServer(place)
  if (found !== undefined) onLog(`found the PostgreSQL that runs on ${place.folder} (process ${found.pid})`)
  const server = found ?? (await startServer(place, programs, { port: settings.port, only: false }))
  if (server.port !== settings.port) await writeSettings(place.folder, { ...settings, port: server.port })
  const keeper = keep(place, programs, { ...settings, port: server.port }, onLog)
  const database = options.database ?? 'rescue'
  const url = urlOf(settings.password, server.port, database)
  try {
    await keeper.own(server.pid)
  } catch (error) {
    if (options.guest === true && error instanceof EmbeddedError && error.reason === 'owned')
      return { url, stop: async () => undefined }
    throw error
  }
  await createDatabase(keeper.client(), database)
  return { url, stop: keeper.stop }
}

type Keeper = { own(pid: number): Promise<void>; client(): pg.Client; stop(): Promise<void> }

/** Holds the ownership; when its connection ends without us, the server has died or was restarted by others. */
function keep(
  place: Place,
  programs: string,
  settings: Settings & { readonly port: number },
  onLog: (line: string) => void,
): Keeper {
  let ownership: Ownership | undefined
  let pid = 0
  let stopping = false
  let timer: NodeJS.Timeout | undefined
  const own = async (server: number): Promise<void> => {
    pid = server
    ownership = await takeOwnership(urlOf(settings.password, settings.port, 'postgres'), place.folder, () => again(0))
  }
  const again = (delayMs: number): void => {
    if (stopping) return
    timer = setTimeout(
      () =>
        void revive().catch((error: unknown) => {
          onLog(
            `the embedded PostgreSQL cannot be started again: ${error instanceof Error ? error.message : 'unknown'}`,
          )
          again(Math.min(5_000, delayMs * 2 + 100))
        }),
      delayMs,
    )
  }
  const revive = async (): Promise<void> => {
    onLog('the connection to the embedded PostgreSQL was lost; starting it again where it has ended')
    const server =
      (await findServer(place)) ?? (await startServer(place, programs, { port: settings.port, only: true }))
    if (stopping) return stopServer(server.pid)
    await own(server.pid)
    onLog(`the embedded PostgreSQL answers again (process ${server.pid})`)
  }
  return {
    own,
    client() {
      if (ownership === undefined) throw new Error('the embedded PostgreSQL is not owned yet')
      return ownership.client
    },
    async stop() {
      stopping = true
      clearTimeout(timer)
      await ownership?.release()
      await stopServer(pid)
    },
  }
}

async function createDatabase(client: pg.Client, name: string): Promise<void> {
  const { rows } = await client.query('select from pg_database where datname = $1', [name])
  if (rows.length > 0) return
  await client.query(`create database ${client.escapeIdentifier(name)}`).catch((error: unknown) => {
    if (codeOf(error) !== '42P04') throw error
  })
}

function urlOf(password: string, port: number, database: string): string {
  return `postgres://${superuser}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`
}
