import { rest } from '../leader.ts'
import type { Look } from './board.ts'
import type { ClusterWatch, Placed } from './cluster-watch.ts'
import type { Verdict } from './judge.ts'
import type { BadRelease } from './types.ts'

/** Pauses between calls of a handler that threw, in seconds. */
const pauses = [1, 2, 4, 8, 16]

type Found = { readonly look: Look; readonly verdict: Extract<Verdict, { readonly sights: unknown }> }

/** @param visible when the signal became visible, in seconds of the monotonic clock */
export function badRelease(watch: ClusterWatch, one: Placed, { look, verdict }: Found, visible: number): BadRelease {
  const { source, workload } = look.view
  const judged = Date.now()
  return {
    app: one.app,
    cluster: watch.cluster,
    workload: one.workload,
    uid: workload.uid,
    revision: source.revision,
    source: source.name,
    templateKey: source.template.key,
    releasedAt: new Date(look.track.cameAt * 1000).toISOString(),
    signal: verdict.signal,
    visibleAt: new Date(judged - Math.max(0, watch.clock() - visible) * 1000).toISOString(),
    judgedAt: new Date(judged).toISOString(),
    sights: verdict.sights,
    oldFailing: verdict.kind === 'old_failing_too',
    restartOnly: look.restartOnly,
  }
}

/** Calls the handler, once for each release and signal; again after a fault of its own, a few times. */
export async function tell(watch: ClusterWatch, one: Placed, look: Look, release: BadRelease): Promise<void> {
  look.track.told.add(`${one.app}/${release.signal}`)
  const { app, signal, source, revision } = release
  watch.log.warn({ app, signal, source, revision, oldFailing: release.oldFailing }, 'a release is bad')
  for (const seconds of [...pauses, undefined]) {
    if (watch.signal.aborted) return
    try {
      return await watch.onBad(release, watch.signal)
    } catch (error) {
      if (watch.signal.aborted) return
      watch.log.error({ app, signal, err: error }, 'acting on a bad release failed')
      if (seconds !== undefined) await rest(seconds * 1000, watch.signal)
    }
  }
}
