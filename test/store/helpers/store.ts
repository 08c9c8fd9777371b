import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { type Db, openDb } from '../../../src/store/db.ts'
import { startEmbedded } from '../../../src/store/embedded/start.ts'
import { migrate } from '../../../src/store/migrations.ts'
import { createRun } from '../../../src/store/runs.ts'
import type { Actor, Origin, RunId } from '../../../src/store/types.ts'

export const silent = pino({ level: 'silent' })
export const ana: Actor = { kind: 'person', name: 'ana', slack: 'U0ANA' }
export const luis: Actor = { kind: 'person', name: 'luis', slack: 'U0LUIS' }
export const fromSlack: Origin = { surface: 'slack', channel: 'C0OPS', language: 'es' }

/** A real PostgreSQL server for one test file. */
export type TestServer = {
  readonly url: string
  readonly folder: string
  /** A migrated store in a schema of its own. */
  freshStore(options?: { readonly max?: number }): Promise<Db>
  stop(): Promise<void>
}

export async function startTestServer(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-test-store-'))
  const server = await startEmbedded({ folder })
  const open: Db[] = []
  return {
    url: server.url,
    folder,
    async freshStore(options = {}) {
      const db = openDb(server.url, { log: silent, schema: freshName(), ...options })
      open.push(db)
      await migrate(db)
      return db
    },
    async stop() {
      await Promise.all(open.map((db) => db.close()))
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export function freshName(): string {
  return `t_${randomBytes(5).toString('hex')}`
}

/** A run of a made-up operation on a target. */
export async function someRun(
  db: Db,
  more: { readonly key?: string; readonly target?: string; readonly by?: Actor } = {},
): Promise<RunId> {
  const { run } = await createRun(db, {
    operation: 'rollback',
    params: { app: 'porttrack-app' },
    risk: 'reversible',
    target: more.target ?? 'main/porttrack/deployment/porttrack-app',
    subject: { kind: 'app', name: 'porttrack-app' },
    actor: more.by ?? ana,
    origin: fromSlack,
    idempotencyKey: more.key ?? randomBytes(8).toString('hex'),
  })
  return run.id
}
