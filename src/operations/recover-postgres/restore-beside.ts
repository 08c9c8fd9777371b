import { withClient } from '../../services/postgres/client.ts'
import { restoreInto } from '../../services/postgres/restore.ts'
import { createShadow, dropShadow, shadowName, shadowsOf } from '../../services/postgres/shadow.ts'
import { readSurroundings, type Surroundings } from '../../services/postgres/surroundings.ts'
import { oidOf } from '../../services/postgres/swap.ts'
import { findTools } from '../../services/postgres/tools.ts'
import { patiently } from '../restoring/patiently.ts'
import type { Report, Run } from '../types.ts'
import { openBackup } from './backup.ts'
import { placeOf } from './place.ts'
import { writeList } from './tables/list-file.ts'
import type { Judged, RecoverParams, RecoverPlan, Shadow } from './types.ts'

export type Restored =
  | { readonly kind: 'restored'; readonly shadow: Shadow; readonly seconds: number }
  | { readonly kind: 'refused'; readonly reason: string; readonly detail: Record<string, unknown> }

type Run_ = Run<RecoverParams, RecoverPlan>

const reportMs = 1_000
/** A restore that makes no more than 0.5 MB a second is one that hangs. */
const slowestBytesPerMs = 500
const leastLimitMs = 10 * 60_000

/**
 * A database of its own, filled from the backup as the live one's owner. Safe to repeat: what an earlier attempt of this run
 * left is dropped first, with whoever still writes into it.
 */
export async function restoreBeside(
  run: Run_,
  judged: Extract<Judged, { kind: 'good' }>,
  signal: AbortSignal,
  report: Report,
): Promise<Restored> {
  const { services, plan, id } = run
  const { entry, url, name, maintenance } = await placeOf(services, plan.database)
  const opened = await openBackup(services, plan, signal)
  try {
    if (opened.point.identity !== judged.identity) return refused('backup_changed')
    const tools = await findTools(judged.serverMajor, services.postgresTools)
    if (tools === undefined) return refused('not_judged', { why: 'tool_missing', says: 'pg_restore' })
    const shadow = await freshShadow(url, maintenance, name, id, judged.contents.encoding)
    let told = 0
    const { contents } = judged
    const list = plan.scope === undefined ? undefined : await writeList(services, opened, contents.tables, 'beside')
    const end = await restoreInto({
      ...(list === undefined ? {} : { list: list.path }),
      programs: tools.folder,
      url,
      shadow: shadow.name,
      path: opened.path,
      form: opened.kind === 'pg-plain' ? 'script' : 'archive',
      jobs: entry.restore.jobs,
      tables: contents.tables.map((table) => ({ name: table.name, bytes: table.bytes })),
      objects: Object.entries(contents.objects).reduce((sum, [kind, n]) => (afterData.test(kind) ? sum + n : sum), 0),
      timeLimitMs: Math.round(leastLimitMs + contents.dataBytes / slowestBytesPerMs),
      signal,
      onProgress: (progress) => {
        if (Date.now() - told < reportMs) return
        told = Date.now()
        void report({ ...progress, of: contents.dataBytes }).catch(() => undefined)
      },
    }).finally(() => list?.remove())
    if (end.kind === 'failed') return refused(reasonOf(end.why), { why: end.why })
    if (end.kind !== 'done') return refused(end.kind === 'stopped' ? 'cancelled' : 'restore_timed_out')
    if (!(await opened.unchanged())) return refused('backup_changed')
    return { kind: 'restored', shadow, seconds: end.seconds }
  } finally {
    await opened.close()
  }
}

/** The third is said by a session that cannot write its first file, without the errno. */
const fullDisk = /No space left on device|could not extend file|could not write init file|disk full/i

/** What pg_restore tells in words alone: the server's disk is full, or the server went away under it. */
function reasonOf(why: string): string {
  if (fullDisk.test(why)) return 'disk_full'
  if (
    /server closed the connection|terminating connection|connection to server .* failed|no connection to the server/i.test(
      why,
    )
  )
    return 'database_away'
  return 'restore_failed'
}

/** What pg_restore builds once the rows are in. */
const afterData = /INDEX|CONSTRAINT|TRIGGER|RULE|POLICY|ROW SECURITY|MATERIALIZED VIEW DATA/

const refused = (reason: string, detail: Record<string, unknown> = {}): Restored => ({
  kind: 'refused',
  reason,
  detail,
})

async function freshShadow(
  url: string,
  maintenance: string,
  live: string,
  run: string,
  encoding: string | undefined,
): Promise<Shadow> {
  return withClient(url, { database: maintenance }, async (client) => {
    for (const left of await shadowsOf(client, live, run)) await dropShadow(client, left)
    const like = (await readSurroundings(client, live)) ?? (await surroundingsOfTheGone(client, maintenance, encoding))
    const name = shadowName(live, run)
    await createShadow(client, name, like, `rescue restores ${live} here in ${run}; not in use`)
    return { name, oid: await oidOf(client, name) }
  })
}

/** The live database is gone with all that it was: the server's usual ways, and the account itself as the owner. */
async function surroundingsOfTheGone(
  client: Parameters<typeof readSurroundings>[0],
  maintenance: string,
  encoding: string | undefined,
): Promise<Surroundings> {
  const usual = await readSurroundings(client, maintenance)
  const { rows } = await client.query<{ me: string }>('select current_user as me')
  if (usual === undefined) throw new Error(`the database ${maintenance} cannot be read`)
  return {
    ...usual,
    owner: rows[0]?.me ?? usual.owner,
    encoding: encoding ?? usual.encoding,
    settings: [],
    connectionLimit: -1,
  }
}

/** Drops what this run has made beside the live database. Safe to repeat. */
export async function dropShadows(run: Run_): Promise<void> {
  const { url, name, maintenance } = await placeOf(run.services, run.plan.database)
  await patiently(() =>
    withClient(url, { database: maintenance }, async (client) => {
      for (const left of await shadowsOf(client, name, run.id)) await dropShadow(client, left)
    }),
  )
}
