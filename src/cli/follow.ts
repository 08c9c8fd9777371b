import { getRun } from '../store/runs.ts'
import { listSteps } from '../store/steps.ts'
import type { RunId, RunRow, StepRow } from '../store/types.ts'
import { type Exit, exitCodes, notBegun } from './exit.ts'
import { refusalText } from './notices.ts'
import type { Session } from './types.ts'

const everyMs = 150

/** What is told of a run while it goes on. */
export type Teller = {
  tell(run: RunRow, steps: readonly StepRow[]): void
  /** Leaves what was told as it stands. */
  end(): void
}

export type Followed =
  | { readonly kind: 'enough'; readonly run: RunRow; readonly steps: readonly StepRow[] }
  /** Ctrl-C, or the like; the run goes on without anybody looking. */
  | { readonly kind: 'left'; readonly run: RunRow; readonly steps: readonly StepRow[] }

type Follow = {
  readonly enough: (run: RunRow) => boolean
  readonly teller?: Teller
  /** A signal came: false stays nonetheless. */
  readonly mayLeave?: (run: RunRow) => Promise<boolean>
}

/** Looks at a run until `enough`, or until a signal asks this program to go. @throws Exit when the store does not know the run */
export async function follow(session: Session, id: RunId, { enough, teller, mayLeave }: Follow): Promise<Followed> {
  const { db } = session.services
  const { interrupt } = session.io
  try {
    for (;;) {
      const [run, steps] = await Promise.all([getRun(db, id), listSteps(db, id)])
      if (run === undefined) throw unknownRun(session, id)
      teller?.tell(run, steps)
      if (enough(run)) return { kind: 'enough', run, steps }
      if (interrupt.asked() !== undefined) {
        if (mayLeave === undefined || (await mayLeave(run))) return { kind: 'left', run, steps }
        interrupt.forget()
      }
      await new Promise((resolve) => setTimeout(resolve, everyMs))
    }
  } finally {
    teller?.end()
  }
}

export function unknownRun(session: Session, run: string): Exit {
  const text = refusalText(session, { kind: 'unknown_run', run })
  return notBegun(exitCodes.badInput, 'unknown_run', text, { run })
}
