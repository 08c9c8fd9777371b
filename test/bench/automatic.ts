import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { startSandbox } from '../../sandbox/start.ts'
import { type Db, openDb } from '../../src/store/db.ts'
import type { Row } from './rows.ts'
import type { Size } from './sizes.ts'
import { until } from './stats.ts'

/** Constants, not measured: a Deployment's own default, and what a pipeline waits at most in `kubectl rollout status --timeout=300s`. */
const peers = { deadline: 600, pipeline: 300 }

/** Nobody touches anything: a release crashes, and the template before it is back. At the pace of life, on a local cluster. */
export async function measureAutomatic(size: Size): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-bench-automatic-'))
  const sandbox = await startSandbox({ port: 0, folder, speed: 1, onLog: () => undefined })
  const db = openDb(sandbox.facts.store, { log: pino({ level: 'silent' }), max: 1 })
  const scenario = (name: string) => fetch(new URL(`scenarios/${name}`, sandbox.facts.page), { method: 'POST' })
  try {
    for (let round = 1; round <= size.saves; round++) {
      await scenario('crash-loop')
      await until('the template is back', async () => ((await savesIn(db)).length >= round ? true : undefined), {
        seconds: 60,
      })
      // A workload that is made anew begins without a cool-down.
      await scenario('reset')
    }
    return rowsOf(await savesIn(db))
  } finally {
    await db.close()
    await sandbox.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

type Save = { readonly fromVisible: number; readonly fromRelease: number }

/** In seconds, by the store's clock and that of the watch: the same machine. */
async function savesIn(db: Db): Promise<readonly Save[]> {
  const { rows } = await db.query<Save>(
    `select extract(epoch from a.ended_at - (d.release ->> 'visibleAt')::timestamptz)::float8 as "fromVisible",
       extract(epoch from a.ended_at - (d.release ->> 'releasedAt')::timestamptz)::float8 as "fromRelease"
     from automatic_decisions d join acts a on a.run_id = d.run_id
     where d.decision = 'act' and a.state = 'done' and a.key like '%/restoreTemplate'`,
  )
  return rows
}

function rowsOf(saves: readonly Save[]): readonly Row[] {
  const worst = (pick: (save: Save) => number): number => Math.max(...saves.map(pick))
  const fromVisible = worst((save) => save.fromVisible)
  const what = `a crash loop is visible -> its template is back, slowest of ${saves.length}`
  return [
    {
      what,
      measured: fromVisible,
      unit: 's',
      limit: { kind: 'time', most: 5 },
      peer: { name: 'the setting of kubectl rollout status --timeout=300s', measured: peers.pipeline },
    },
    {
      what: 'a release that crashes -> the template before it is back, slowest',
      measured: worst((save) => save.fromRelease),
      unit: 's',
      peer: { name: 'the setting progressDeadlineSeconds 600, which undoes nothing', measured: peers.deadline },
    },
  ]
}
