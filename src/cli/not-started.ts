import type { Started } from '../operations/start.ts'
import type { Undone } from '../operations/undo.ts'
import type { RunId } from '../store/types.ts'
import { noticeOfStart } from '../surface/notices.ts'
import { type Exit, exitCodes, notBegun } from './exit.ts'
import { refusalText } from './notices.ts'
import type { Session } from './types.ts'

type NotStarted = Exclude<Started | Undone, { kind: 'started' | 'again' | 'waiting_already' }>
const codes: Partial<Record<NotStarted['kind'], number>> = {
  unknown_subject: exitCodes.badInput,
  bad_input: exitCodes.badInput,
  unknown_run: exitCodes.badInput,
  reason_needed: exitCodes.badInput,
  not_finished: exitCodes.badInput,
  store_away: exitCodes.failed,
}

/** Why nothing was begun, as the end of the program. */
export function notStarted(session: Session, started: NotStarted, asked?: RunId): Exit {
  const notice = noticeOfStart(started, asked)
  const text = notice === undefined ? started.kind : refusalText(session, notice)
  return notBegun(codes[started.kind] ?? exitCodes.refused, started.kind, text, { ...notice })
}
