import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { codeOf } from '../away.ts'
import { EmbeddedError } from './error.ts'
import { stateOf } from './processes.ts'

const ownerLock = 7_265_736_375_655 // "rescue" in letters of a telephone; any number would do
/** For so long a lock may outlive its process. */
const lingerMs = 3_000
const name = (pid: number) => `rescue owner ${pid}`

/** The connection whose lock says that this process owns the server. It ends with the process, however that ends. */
export type Ownership = {
  readonly client: pg.Client
  release(): Promise<void>
}

/**
 * Makes this process the owner of the server, or says who is.
 * @throws EmbeddedError `owned` with the other's process, `not_ours` when the password is not the server's, `does_not_answer`
 */
export async function takeOwnership(url: string, folder: string, onLost: () => void): Promise<Ownership> {
  const client = new pg.Client({
    connectionString: url,
    application_name: name(process.pid),
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  })
  client.on('error', () => undefined)
  await client.connect().catch((error: unknown) => {
    if (codeOf(error) === '28P01')
      throw new EmbeddedError(
        'not_ours',
        `another program's PostgreSQL runs on ${folder}: it refuses the password kept there`,
      )
    throw new EmbeddedError(
      'does_not_answer',
      `the PostgreSQL of ${folder} does not answer (${codeOf(error) ?? 'no answer'})`,
    )
  })
  const deadline = Date.now() + lingerMs
  while (!(await take(client))) {
    const owner = await ownerOf(client)
    // The server notices a moment later than we that a killed owner is gone.
    if (Date.now() < deadline && (owner === undefined || (await stateOf(Number(owner))) !== 'running')) {
      await sleep(20)
      continue
    }
    await client.end()
    throw new EmbeddedError(
      'owned',
      `${folder} belongs to a bot that runs already (process ${owner ?? 'unknown'}): stop it, or give this one another folder (RESCUE_DATA) or a DATABASE_URL`,
    )
  }
  let released = false
  client.once('end', () => released || onLost())
  return {
    client,
    async release() {
      released = true
      await client.end().catch(() => undefined)
    },
  }
}

async function take(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [ownerLock])
  return rows[0]?.taken === true
}

async function ownerOf(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ application_name: string }>(
    `select application_name from pg_stat_activity a join pg_locks l using (pid)
     where l.locktype = 'advisory' and l.granted and application_name like 'rescue owner %'`,
  )
  return rows[0]?.application_name.split(' ').at(-1)
}
