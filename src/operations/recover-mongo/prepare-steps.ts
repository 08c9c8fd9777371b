import type { SafetyTaken } from '../../backups/safety.ts'
import { withMongo } from '../../services/mongodb/client.ts'
import { inUse, listAll, readServer } from '../../services/mongodb/server.ts'
import { cancellable } from '../restoring/cancellable.ts'
import type { Refused } from '../restoring/verdict.ts'
import type { Report, Run } from '../types.ts'
import { judgeBackup } from './backup.ts'
import { type Dressed, dressCopy } from './dress-copy.ts'
import { misfit } from './fits.ts'
import { type Lost, previewExchange } from './loss-step.ts'
import { placeOf } from './place.ts'
import { type Proved, proveCopy } from './prove-copy.ts'
import { type Restored, restoreBeside } from './restore-beside.ts'
import { safetyBackup } from './safety-step.ts'
import type { Beside, Judged, RecoverMongoParams, RecoverMongoPlan } from './types.ts'

export type Good = Extract<Judged, { kind: 'good' }>

/** What the preparation does, bound to one run. */
export type PrepareSteps = {
  checkBackup(report: Report): Promise<Judged>
  /** Undefined: the catalog names no place for it. */
  safetyBackup: ((report: Report) => Promise<SafetyTaken | Refused>) | undefined
  restoreBeside(judged: Good, report: Report): Promise<Restored>
  buildIndexes(judged: Good, beside: Beside, report: Report): Promise<Dressed>
  proveCopy(judged: Good, beside: Beside, report: Report): Promise<Proved>
  /** @param judged undefined: the way back */
  previewLoss(judged: Good | undefined, report: Report): Promise<Lost>
}

type Run_ = Run<RecoverMongoParams, RecoverMongoPlan>

export function prepareStepsOf(run: Run_): PrepareSteps {
  return {
    checkBackup: (report) => cancellable(run, (signal) => checkBackup(run, signal, report)),
    safetyBackup: run.plan.safety
      ? (report) => cancellable(run, (signal) => safetyBackup(run, signal, report))
      : undefined,
    restoreBeside: (judged, report) => cancellable(run, (signal) => restoreBeside(run, judged, signal, report)),
    buildIndexes: (judged, beside, report) =>
      cancellable(run, (signal) => dressCopy(run, judged, beside, signal, report)),
    proveCopy: (judged, beside, report) => cancellable(run, (signal) => proveCopy(run, judged, beside, signal, report)),
    previewLoss: (judged, report) => cancellable(run, (signal) => previewExchange(run, judged, signal, report)),
  }
}

/** What it is worth, and whether this server and what is in use can take it. */
async function checkBackup(run: Run_, signal: AbortSignal, report: Report): Promise<Judged> {
  const { services, plan, params, id } = run
  const judged = await judgeBackup(services, plan, signal, report)
  if (judged.kind === 'refused') return judged
  const { url, name } = await placeOf(services, plan.database)
  return withMongo(url, { signal }, async (connected) => {
    const server = await readServer(connected)
    const ground = {
      server,
      database: name,
      run: id,
      onlyLive: plan.onlyLive,
      users: params.users === true,
      inUse: plan.kind === 'copy' ? [] : inUse(await listAll(connected)),
    }
    return misfit(judged.contents, ground) ?? judged
  })
}
