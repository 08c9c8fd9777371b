import { getRun } from '../store/runs.ts'
import { listSteps } from '../store/steps.ts'
import type { RunId, RunRow, StepRow } from '../store/types.ts'
import { Exit, exitCodes } from './exit.ts'
import type { Session } from './session.ts'

const everyMs = 150

/**
 * Looks at a run until `enough`, telling every change of a step.
 * @throws Exit when the store does not know the run
 */
export async function follow(
  session: Session,
  id: RunId,
  enough: (run: RunRow) => boolean,
  onStep: (step: StepRow) => void = () => undefined,
): Promise<RunRow> {
  const { services } = session.desk
  const told = new Map<string, string>()
  for (;;) {
    const run = await getRun(services.db, id)
    if (run === undefined) throw new Exit(exitCodes.badInput, session.words.noRun(id))
    for (const step of await listSteps(services.db, id)) {
      const state = `${step.state} ${JSON.stringify(step.progress)}`
      if (step.state === 'pending' || told.get(step.name) === state) continue
      told.set(step.name, state)
      onStep(step)
    }
    if (enough(run)) return run
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
