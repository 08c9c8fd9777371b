import type { SafetyTaken } from '../../backups/safety.ts'
import { newestMoment } from '../../services/postgres/ask.ts'
import { withClient } from '../../services/postgres/client.ts'
import { DatabaseError } from '../../services/postgres/errors.ts'
import { type LossPreview, previewLoss } from '../../services/postgres/loss.ts'
import { oidOf } from '../../services/postgres/swap.ts'
import { cancellable } from '../restoring/cancellable.ts'
import type { Refused } from '../restoring/verdict.ts'
import type { Report, Run } from '../types.ts'
import { judgeBackup } from './backup.ts'
import { whileOpen } from './open-kept.ts'
import { placeOf } from './place.ts'
import { type Proved, proveCopy } from './prove-copy.ts'
import { type Restored, restoreBeside } from './restore-beside.ts'
import { safetyBackup, wantsSafety } from './safety-step.ts'
import { type Examined, examineTables } from './tables/examine.ts'
import { previewTables, previewTablesBack, type TablesCompared, type WayBack } from './tables/preview.ts'
import type { Good, Judged, RecoverParams, RecoverPlan, Shadow, TablesPlan } from './types.ts'

export type Lost =
  | Refused
  | { readonly kind: 'known'; readonly loss: LossPreview | undefined; readonly unknown: string | undefined }

/** What the preparation does, bound to one run. */
export type PrepareSteps = {
  checkBackup(report: Report): Promise<Judged>
  /** Undefined: the catalog names no place for it. Runs beside the others. */
  safetyBackup: ((report: Report) => Promise<SafetyTaken | Refused>) | undefined
  /** Ends a safety backup that nobody needs any more. */
  endSafety(): void
  restoreBeside(judged: Good, report: Report): Promise<Restored>
  proveCopy(judged: Good, shadow: Shadow, report: Report): Promise<Proved>
  previewLoss(judged: Good, shadow: Shadow, report: Report): Promise<Lost>
  /** Whether tables can be replaced alone, and what hangs on them. */
  examineTables(judged: Good): Promise<Examined>
  previewTables(judged: Good, shadow: Shadow, examined: WellExamined, report: Report): Promise<TablesCompared>
  previewWayBack(report: Report): Promise<WayBack>
}

type WellExamined = Extract<Examined, { kind: 'examined' }>
type Run_ = Run<RecoverParams, RecoverPlan>

export function prepareStepsOf(run: Run_): PrepareSteps {
  const { services, plan } = run
  const unneeded = new AbortController()
  return {
    safetyBackup: wantsSafety(plan)
      ? (report) => cancellable(run, (signal) => safetyBackup(run, AbortSignal.any([signal, unneeded.signal]), report))
      : undefined,
    endSafety: () => unneeded.abort(),
    checkBackup: (report) => cancellable(run, (signal) => judgeBackup(services, plan, signal, report)),
    restoreBeside: (judged, report) => cancellable(run, (signal) => restoreBeside(run, judged, signal, report)),
    proveCopy: (judged, shadow, report) => cancellable(run, (signal) => proveCopy(run, judged, shadow, signal, report)),
    previewLoss: (judged, shadow, report) =>
      cancellable(run, (signal) => lossOf(run, shadow.name, signal, report, { backup: judged.contents.tables })),
    examineTables: (judged) => examineTables(run, judged),
    previewTables: (judged, shadow, examined, report) =>
      cancellable(run, (signal) => previewTables(run, judged, shadow, examined, signal, report)),
    previewWayBack: (report) =>
      cancellable(run, (signal) =>
        plan.scope === undefined ? wayBack(run, signal, report) : previewTablesBack(run, signal, report),
      ),
  }
}

/** What makes a comparison cheaper: the tables of the backup that `next` was held against, or an earlier comparison. */
type Known = {
  readonly backup?: Good['contents']['tables']
  readonly before?: LossPreview
  /** Only these tables, and the schema where they are in `next`. */
  readonly only?: { readonly tables: TablesPlan; readonly nextSchema: string }
}

/** @returns why it is unknown, where the live database is gone or cannot be read: people are told, it is never "nothing" */
export async function lossOf(
  run: Run_,
  next: string,
  signal: AbortSignal,
  report: Report,
  known: Known = {},
): Promise<Lost> {
  const { url, name, maintenance } = await placeOf(run.services, run.plan.database)
  let told = Date.now()
  try {
    const { backup, before, only } = known
    const timeZone = backup === undefined ? 'UTC' : await timeZoneOf(url, maintenance)
    const loss = await previewLoss({
      url,
      live: name,
      next,
      signal,
      ...(backup === undefined ? {} : { backup: { tables: backup, timeZone } }),
      ...(before === undefined ? {} : { before }),
      ...(only === undefined ? {} : { only: onlyOf(only) }),
      onTable: (table, tables) => {
        if (Date.now() - told < 1_000) return
        told = Date.now()
        void report({ table, tables }).catch(() => undefined)
      },
    })
    return { kind: 'known', loss, unknown: undefined }
  } catch (error) {
    // Who is not let in, or gets no answer, has learnt nothing about the database.
    const nothing = !(error instanceof DatabaseError) || ['database_away', 'database_denied'].includes(error.reason)
    if (signal.aborted || nothing) throw error
    return { kind: 'known', loss: undefined, unknown: error.message.slice(0, 200) }
  }
}

const onlyOf = ({ tables: { schema, tables }, nextSchema }: NonNullable<Known['only']>) => ({
  schema,
  nextSchema,
  names: tables.map(({ name }) => name),
})

/** As the copy was held against the backup: timestamps are written in it. */
async function timeZoneOf(url: string, maintenance: string): Promise<string> {
  return withClient(url, { database: maintenance }, async (client) => {
    const { rows } = await client.query<{ TimeZone: string }>('show timezone')
    return rows[0]?.TimeZone ?? 'UTC'
  })
}

async function wayBack(run: Run_, signal: AbortSignal, report: Report): Promise<WayBack> {
  const { services, plan } = run
  const { backTo } = plan
  const { url, maintenance } = await placeOf(services, plan.database)
  if (backTo === undefined) return { kind: 'refused', reason: 'kept_gone', detail: {} }
  const oid = await withClient(url, { database: maintenance }, (client) => oidOf(client, backTo.name))
  if (oid !== backTo.oid)
    return { kind: 'refused', reason: 'kept_gone', detail: { kept: backTo.name, run: backTo.run } }
  return whileOpen(run, backTo, async () => {
    const lost = await lossOf(run, backTo.name, signal, report)
    if (lost.kind === 'refused') return lost
    return {
      ...lost,
      shadow: { name: backTo.name, oid },
      tables: undefined,
      newest: await newestMoment(url, backTo.name).catch(() => undefined),
    }
  })
}
