import type { Decided } from '../operations/decide.ts'
import type { Started } from '../operations/start.ts'
import type { Stopped } from '../operations/stop.ts'
import type { Undone } from '../operations/undo.ts'
import type { RunId } from '../store/types.ts'
import type { Notice } from '../texts/notices.ts'
import { nearest } from './words.ts'

/** What is said to the person who asked; undefined where the card in the channel says it all. */
export function noticeOfStart(started: Started | Undone, id?: RunId): Notice | undefined {
  switch (started.kind) {
    case 'started':
      return { kind: 'started', run: started.run.id }
    case 'again':
      return { kind: 'again', run: started.run.id }
    case 'waiting_already':
      return { kind: 'waiting_already', run: started.run.id, by: started.run.actor }
    case 'held':
      return {
        kind: 'held',
        subject: subjectOf(started.by.target),
        run: started.by.runId,
        by: started.by.actor,
        since: started.by.since.toISOString(),
      }
    case 'denied':
      return { kind: 'denied', ability: 'start', needed: started.needed, who: started.who }
    case 'unknown_subject':
      return {
        kind: started.field === 'app' ? 'unknown_app' : 'unknown_name',
        value: started.value,
        allowed: started.allowed,
        nearest: nearest(started.value, started.allowed),
      }
    case 'bad_input':
      return { kind: 'bad_input', field: started.field, value: started.value, allowed: [], problem: started.problem }
    case 'reason_needed':
    case 'store_away':
      return { kind: started.kind }
    case 'unknown_run':
      return { kind: 'unknown_run', run: id ?? '' }
    case 'not_finished':
    case 'nothing_to_undo':
      return { kind: started.kind, run: started.run.id }
    case 'undone_already':
      return { kind: 'undone_already', run: started.run.id, by: started.by }
  }
}

export function noticeOfDecision(decided: Decided, id: RunId): Notice {
  switch (decided.kind) {
    case 'unknown_run':
      return { kind: 'unknown_run', run: id }
    case 'too_late':
      return { kind: 'too_late', run: decided.run.id, state: decided.run.state, by: decided.run.confirmedBy }
    case 'held':
      return {
        kind: 'held',
        subject: decided.run.subject.name,
        run: decided.by.runId,
        by: decided.by.actor,
        since: decided.by.since.toISOString(),
      }
    case 'denied':
      return { kind: 'denied', ability: 'confirm', needed: decided.needed, who: decided.who, own: decided.own }
    default:
      return { kind: decided.kind, run: decided.run.id }
  }
}

export function noticeOfStop(stopped: Stopped, id: RunId): Notice {
  switch (stopped.kind) {
    case 'unknown_run':
      return { kind: 'unknown_run', run: id }
    case 'too_late':
      return { kind: 'too_late', run: stopped.run.id, state: stopped.run.state, by: stopped.run.confirmedBy }
    case 'denied':
      return { kind: 'denied', ability: 'stop', needed: stopped.needed, who: stopped.who }
    case 'cancelled':
      return { kind: 'cancelled', run: stopped.run.id }
    case 'stopping':
      return { kind: 'stopping', run: stopped.run.id, again: stopped.again }
  }
}

/** The name at the end of `main/porttrack/deployment/porttrack-app`. */
function subjectOf(target: string): string {
  return target.split('/').at(-1) ?? target
}
