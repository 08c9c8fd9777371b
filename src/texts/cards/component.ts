import { listed } from '../amounts.ts'
import { cutPlain } from '../clean.ts'
import { bold, code, join, type Mrkdwn, mrkdwn } from '../escape.ts'
import { shortImage } from '../image.ts'
import { inLanguage, type Look } from '../language.ts'
import type { ComponentView, SideView } from '../views.ts'
import { statusWords } from '../words/status.ts'

/** A reason word of the status as people say it; Kubernetes' own words stay as they are. */
export function reasonWord(reason: string | undefined, look: Look): Mrkdwn | undefined {
  if (reason === undefined || reason === '') return undefined
  const known = Object.entries(inLanguage(statusWords, look).reasons).find(([key]) => key === reason)?.[1]
  return known === undefined ? code(reason) : mrkdwn`${known}`
}

export function imageNames(component: Pick<ComponentView, 'images'>, look: Look): Mrkdwn {
  return listed(
    component.images.map((image) => code(shortImage(image))),
    look,
    2,
  )
}

/** What a status tells besides its reason word; "pod: " of a pod without a message loses its colon. */
export const detailWords = (detail: string, max: number): string => cutPlain(detail.replace(/:\s*$/, ''), max)

/** "→ blue serves: 2 of 2 ready · app:2.7.3", or what stands by. */
export function sideLine(side: SideView, look: Look): Mrkdwn {
  const words = inLanguage(statusWords, look)
  const { ready, desired, revision } = side
  const pieces = [
    side.serves ? words.serves(bold(side.color)) : words.standsBy(bold(side.color)),
    mrkdwn`${words.ready(ready, desired)}`,
    revision === undefined ? undefined : mrkdwn`${words.revision(revision)}`,
    side.images.length === 0 ? undefined : imageNames(side, look),
    reasonWord(side.reason, look),
  ]
  return join(pieces, ' · ')
}

/** The run that holds or concerns it now. */
export function runLine(component: Pick<ComponentView, 'run'>, look: Look): Mrkdwn | undefined {
  const { run } = component
  if (run === undefined) return undefined
  const words = inLanguage(statusWords, look)
  const tell = run.state === 'planning' || run.state === 'waiting' ? words.runWaits : words.runNow
  return mrkdwn`→ ${tell(code(run.id), run.operation, run.by)}.`
}

/** How long a look took: "412 ms", "1.4 s". */
export const tookOf = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`)
