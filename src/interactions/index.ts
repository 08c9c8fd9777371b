import { actionIds } from '../texts/actions.ts'
import { automaticMuteButton } from './automatic.ts'
import { cancelButton, confirmButton } from './decisions.ts'
import { emergencyButton } from './emergency.ts'
import { incidentResolveButton } from './incidents.ts'
import { evidenceButton, rollbackButton, statusDetailButton, statusRefreshButton, wholePlanButton } from './read.ts'
import { reviewRightButton, reviewWrongButton } from './reviews.ts'
import {
  againButton,
  detailsButton,
  otherButton,
  recoverButton,
  requestButton,
  stopButton,
  undoButton,
} from './runs.ts'
import type { ButtonHandler } from './types.ts'

/** Slack's events that the bot listens to; manifest.yml declares the same (a test compares them). */
export const events = ['app_home_opened', 'app_mention', 'reaction_added', 'user_change'] as const

/** Every button that a card may hold, by its action_id; a test compares the list with the ids. */
export const buttons: Readonly<Record<string, ButtonHandler>> = {
  [actionIds.confirm]: confirmButton,
  [actionIds.cancel]: cancelButton,
  [actionIds.other]: otherButton,
  [actionIds.stop]: stopButton,
  [actionIds.undo]: undoButton,
  [actionIds.again]: againButton,
  [actionIds.request]: requestButton,
  [actionIds.evidence]: evidenceButton,
  [actionIds.details]: detailsButton,
  [actionIds.wholePlan]: wholePlanButton,
  [actionIds.rollback]: rollbackButton,
  [actionIds.recover]: recoverButton,
  [actionIds.statusDetail]: statusDetailButton,
  [actionIds.statusRefresh]: statusRefreshButton,
  [actionIds.incidentResolve]: incidentResolveButton,
  [actionIds.emergency]: emergencyButton,
  [actionIds.automaticConfirm]: confirmButton,
  [actionIds.automaticMute]: automaticMuteButton,
  [actionIds.reviewRight]: reviewRightButton,
  [actionIds.reviewWrong]: reviewWrongButton,
  // A link: Slack opens it, the bot only acknowledges.
  [actionIds.open]: async () => undefined,
}
