import type { Started } from '../operations/start.ts'
import { noticeOfStart } from '../surface/notices.ts'
import type { Asker, Surface } from '../surface/types.ts'
import { rollbackInputs } from '../texts/actions.ts'
import { noticeText } from '../texts/cards/notice.ts'
import { inLanguage, type Look } from '../texts/language.ts'
import { plainText } from '../texts/plain.ts'
import { emergencyWords } from '../texts/words/emergency.ts'

/** A form that was sent. */
export type Submission = {
  readonly viewId: string
  readonly metadata: string
  readonly values: unknown
}

/** Errors by block, as Slack shows them under the fields; undefined when the form may close. */
export type SubmitErrors = Readonly<Record<string, string>> | undefined

export type FormHandler = {
  submit(surface: Surface, asker: Asker, submission: Submission): Promise<SubmitErrors>
  /** The block under which is said what belongs to none. */
  readonly block: string
}

/** Why the form of a run stays open, under the field that it is about. */
export function errorsOf(started: Started, block: string, look: Look): SubmitErrors {
  if (started.kind === 'started' || started.kind === 'again') return undefined
  if (started.kind === 'reason_needed')
    return { [rollbackInputs.reason.block]: inLanguage(emergencyWords, look).reasonNeeded }
  const notice = noticeOfStart(started)
  return { [block]: notice === undefined ? started.kind : plainText(noticeText(notice, look)) }
}
