import { z } from 'zod'
import type { Db } from '../../store/db.ts'
import { listRuns } from '../../store/runs.ts'
import type { RunRow } from '../../store/types.ts'
import type { Earlier, SwitchFacts } from './types.ts'

const side = z.object({ color: z.string(), source: z.string() })
const sides = z.object({ from: side, to: side })

/** What the last runs on this route tell of the two colours; a run of an older program that cannot be read tells nothing. */
export async function earlierSwitches(db: Db, target: string): Promise<Pick<SwitchFacts, 'failed' | 'left'>> {
  const runs = (await listRuns(db, { target, states: ['ended'], limit: 30 })).filter(
    (run) => run.operation === 'switch-color',
  )
  return {
    failed: runs.flatMap((run) => (run.outcome?.reason === 'switched_back' ? told(run, 'to') : [])),
    left: runs.flatMap((run) => (run.outcome?.reason === 'switched' ? told(run, 'from') : [])),
  }
}

function told(run: RunRow, which: 'from' | 'to'): readonly Earlier[] {
  const plan = sides.safeParse(run.plan).data
  if (plan === undefined) return []
  const by = (run.confirmedBy ?? run.actor).name
  return [{ run: run.id, ...plan[which], at: (run.endedAt ?? run.createdAt).toISOString(), by }]
}
