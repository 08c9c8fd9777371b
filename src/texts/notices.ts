import type { Role } from '../catalog/schema.ts'
import type { Actor, RunId, RunState } from '../store/types.ts'

/** Everything that is said to one person in a sentence or two; as data, so that delivery can keep it. Times are ISO 8601. */
export type Notice =
  | {
      readonly kind: 'denied'
      readonly ability: 'start' | 'confirm' | 'look' | 'stop' | 'review'
      readonly needed?: Role
      /** Names of those who could. */
      readonly who: readonly string[]
      /** One's own request, where a second person must confirm. */
      readonly own?: boolean
    }
  | {
      readonly kind: 'bad_input'
      readonly field: string
      readonly value: string
      readonly allowed: readonly string[]
      readonly hint?: 'number' | 'names' | 'words' | 'length'
      readonly problem?: string
      /** How long the value was, in characters, for the hint `length`. */
      readonly length?: number
      readonly nearest?: string | undefined
      /** The command whose help tells more: `/rollback`. */
      readonly command?: string
    }
  | {
      readonly kind: 'unknown_app'
      readonly value: string
      readonly allowed: readonly string[]
      readonly nearest?: string | undefined
    }
  | {
      readonly kind: 'unknown_name'
      readonly value: string
      readonly allowed: readonly string[]
      readonly nearest?: string | undefined
    }
  | { readonly kind: 'held'; readonly subject: string; readonly run: RunId; readonly by: Actor; readonly since: string }
  | { readonly kind: 'started'; readonly run: RunId; readonly channel?: string | undefined }
  | { readonly kind: 'again'; readonly run: RunId }
  | { readonly kind: 'waiting_already'; readonly run: RunId; readonly by: Actor }
  | { readonly kind: 'reason_needed' }
  | { readonly kind: 'store_away' }
  | { readonly kind: 'unknown_run'; readonly run: string }
  | { readonly kind: 'too_late'; readonly run: RunId; readonly state: RunState; readonly by?: Actor | undefined }
  | {
      readonly kind: 'expired' | 'stale_plan' | 'confirmed' | 'cancelled' | 'not_finished' | 'nothing_to_undo'
      readonly run: RunId
    }
  | { readonly kind: 'stopping'; readonly run: RunId; readonly again: boolean }
  | { readonly kind: 'undone_already'; readonly run: RunId; readonly by: RunId }
  | { readonly kind: 'old_click' }
  | { readonly kind: 'unexpected'; readonly id: string }
  | { readonly kind: 'cluster_away' | 'forbidden'; readonly app: string; readonly message?: string }
  /** `direct`: it was asked for in a direct message, where nobody is a member. */
  | { readonly kind: 'not_member'; readonly channel: string; readonly direct?: boolean }
  | { readonly kind: 'no_such_incident' | 'incident_resolved'; readonly incident: string }
  | { readonly kind: 'incident_busy'; readonly incident: string; readonly run: RunId }
  /** What looked like a secret in a reason was not kept. */
  | { readonly kind: 'reason_masked'; readonly run: RunId }
  | { readonly kind: 'reviewed'; readonly run: RunId; readonly masked: boolean }
  | { readonly kind: 'reviewed_already'; readonly run: RunId; readonly by: Actor | undefined }
  | { readonly kind: 'no_review'; readonly run: RunId }
  | { readonly kind: 'remark_needed' }
  | { readonly kind: 'review_not_right'; readonly run: RunId; readonly by: Actor; readonly remark: string }
