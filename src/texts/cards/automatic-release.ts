import { duration } from '../amounts.ts'
import { cutPlain } from '../clean.ts'
import { dataIn, listIn, numberIn, textIn, timeIn } from '../data.ts'
import { code, join, type Mrkdwn, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { automaticWords } from '../words/automatic.ts'

/** A bad release, as the watchers keep it, in words. */
export type ToldRelease = {
  readonly app: string
  readonly revision: string
  /** What is wrong, to stand behind "is bad:"; plain text. */
  readonly what: string
  /** How long after the release it was seen. */
  readonly after: string | undefined
  /** What was seen, a line each, the few that matter. */
  readonly sights: readonly Mrkdwn[]
}

const mostSights = 3

/** Reads a release without trusting its form: what is not there is not told. Pods' messages are from outside. */
export function toldRelease(release: unknown, look: Look): ToldRelease {
  const words = inLanguage(automaticWords, look)
  const signal = textIn(release, 'signal')
  const all = listIn(release, 'sights')
  const [from, to] = [timeIn(release, 'releasedAt'), timeIn(release, 'visibleAt')]
  const more = all.length - mostSights
  return {
    app: textIn(release, 'app'),
    revision: textIn(release, 'revision'),
    what: Object.entries(words.signals).find(([key]) => key === signal)?.[1] ?? signal,
    after: from === undefined || to === undefined ? undefined : duration((to.getTime() - from.getTime()) / 1000, look),
    sights: [
      ...all.slice(0, mostSights).map((sight) => sightLine(sight, look)),
      ...(more > 0 ? [mrkdwn`${words.more(more)}`] : []),
    ],
  }
}

function sightLine(sight: unknown, look: Look): Mrkdwn {
  const words = inLanguage(automaticWords, look)
  const [pod, container, reason] = ['pod', 'container', 'reason'].map((key) => textIn(sight, key))
  const [exit, restarts] = [numberIn(sight, 'exitCode'), numberIn(sight, 'restarts')]
  const message = cutPlain(textIn(sight, 'message').trim(), 160)
  return join(
    [
      pod === '' || pod === undefined ? undefined : code(pod),
      container === '' || container === undefined ? undefined : mrkdwn`${container}`,
      mrkdwn`${reason ?? ''}`,
      exit === undefined ? undefined : mrkdwn`${words.exit(exit)}`,
      restarts === undefined || restarts === 0 ? undefined : mrkdwn`${words.restarts(restarts)}`,
      message === '' ? undefined : mrkdwn`“${message}”`,
    ],
    ' · ',
  )
}

/** `cluster/namespace/kind/name`, as runs name their target. */
export function targetIn(release: unknown): string {
  const workload = dataIn(release, 'workload')
  return [textIn(release, 'cluster'), ...['namespace', 'kind', 'name'].map((key) => textIn(workload, key))].join('/')
}
