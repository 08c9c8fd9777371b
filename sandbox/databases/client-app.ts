import type { MongoClient } from 'mongodb'
import pg from 'pg'
import { sendJson } from '../http/answers.ts'
import type { Server } from '../http/exchange.ts'
import type { Mongo } from '../mongodb/start.ts'
import { clientPage } from './client-page.ts'

const arrivals = `select v.name as "Vessel", b.berth as "Berth", b.arrives_at as "Arrives"
  from bookings b join vessels v on v.id = b.vessel_id where b.arrives_at > now() order by b.arrives_at limit 6`

type Row = Readonly<Record<string, unknown>>
type Question = () => Promise<readonly Row[]>

/**
 * A small application of both databases at `/app/`: its page asks ten times a second and shows whether it got an answer, and the
 * longest time without one. `/app/health` is what a health check asks.
 */
export function mountClientApp(
  server: Server,
  databases: { readonly url: string; readonly mongo: Mongo | undefined },
): { stop(): Promise<void> } {
  const pool = new pg.Pool({
    connectionString: databases.url,
    max: 4,
    connectionTimeoutMillis: 2_000,
    application_name: 'porttrack-app',
  })
  // A connection that the exchange of databases ends is taken out of the pool; the next one is made anew.
  pool.on('error', () => undefined)
  const documents = databases.mongo === undefined ? undefined : askDocuments(databases.mongo)
  const questions: Record<string, Question> = {
    health: async () => (await pool.query<Row>('select 1')).rows,
    'api/arrivals': async () => (await pool.query<Row>(arrivals)).rows,
    ...(documents === undefined ? {} : { 'api/documents': documents.ask }),
  }
  server.mount('/app', async ({ path, rest, response }) => {
    if (path === '/app') {
      response.writeHead(302, { location: '/app/' })
      return void response.end()
    }
    const question = questions[rest]
    if (question === undefined) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      return void response.end(clientPage(documents !== undefined))
    }
    try {
      return sendJson(response, { ok: true, rows: await question() })
    } catch (error) {
      return sendJson(response, { ok: false, why: error instanceof Error ? error.message : 'unknown' }, 503)
    }
  })
  return {
    stop: async () => {
      await pool.end()
      await documents?.stop()
    },
  }
}

/** The newest papers; none at all is a failure: PortTrack always has some. */
function askDocuments({ url, database }: Mongo): { ask: Question; stop(): Promise<void> } {
  let client: Promise<MongoClient> | undefined
  const connected = (): Promise<MongoClient> => {
    client ??= import('mongodb').then(
      ({ MongoClient: Client }) =>
        new Client(url, { appName: 'porttrack-app', maxPoolSize: 4, serverSelectionTimeoutMS: 2_000 }),
    )
    return client
  }
  return {
    async ask() {
      const collection = (await connected()).db(database).collection('documents')
      const found = await collection.find({}, { sort: { filedAt: -1 }, limit: 6, maxTimeMS: 2_000 }).toArray()
      if (found.length === 0) throw new Error('there are no documents')
      return found.map(({ number, kind, filedAt }) => ({ Document: number, Kind: kind, Filed: filedAt }))
    },
    stop: async () => (await client)?.close(),
  }
}
