import type { AppEntry } from '../catalog/schema.ts'
import { componentHealthy, watchLag } from '../metrics.ts'
import type { Services } from '../operations/services.ts'
import { servingWorkload } from '../operations/switch-color/serving.ts'
import { isAway } from '../services/kubernetes/api/errors.ts'
import { livePods, readPods, troublesOf } from '../services/kubernetes/pods/pods.ts'
import { imagesOf } from '../services/kubernetes/workload/revisions.ts'
import { rolloutStatus } from '../services/kubernetes/workload/rollout-status.ts'
import { templateKey } from '../services/kubernetes/workload/template-equality.ts'
import { readWorkload } from '../services/kubernetes/workload/workload.ts'
import { noteFailed, noteHealthy, noteRelease, releasesOf } from '../store/releases.ts'
import { rest } from './leader.ts'

const everyMs = 10_000

/** Health observed for this long is proof: what fails later is not the release's own fault alone. */
const provedSeconds = 600

/**
 * Observes how long each revision is healthy and which fail, so that a rollback can prefer what has proved itself.
 * Looks every ten seconds; one replica at a time does it.
 */
export async function observeReleases(services: Services, signal: AbortSignal): Promise<void> {
  let before = Date.now()
  let heard = Date.now()
  while (!signal.aborted) {
    const now = Date.now()
    // After a pause (a laptop's sleep, a store away) nobody knows how things were meanwhile.
    const seconds = Math.min((now - before) / 1000, (2 * everyMs) / 1000)
    before = now
    const looks = await Promise.all(
      Object.entries(services.catalog.apps).map(([name, app]) => observe(services, name, app, seconds, signal)),
    )
    if (looks.every((look) => look === 'heard')) heard = Date.now()
    watchLag.set((Date.now() - heard) / 1000)
    await rest(everyMs, signal)
  }
}

async function observe(
  services: Services,
  name: string,
  app: AppEntry,
  seconds: number,
  signal: AbortSignal,
): Promise<'heard' | 'silence'> {
  try {
    const client = services.cluster(app.cluster)
    const limits = { signal, timeoutMs: 3_000 }
    const workload = await readWorkload(client, await servingWorkload(client, app, limits), limits)
    const key = { app: name, uid: workload.uid, templateHash: templateKey(workload.template) }
    const revision = Number(workload.annotations['deployment.kubernetes.io/revision'] ?? workload.generation)
    await noteRelease(services.db, { ...key, revision, image: imagesOf(workload.template).join(', ') })
    const status = rolloutStatus(workload)
    const healthy = status.kind === 'done' && status.counts.desired > 0
    componentHealthy.set({ component: name }, healthy ? 1 : 0)
    if (healthy) {
      await noteHealthy(services.db, key, seconds)
      return 'heard'
    }
    const pods = livePods(await readPods(client, workload, { signal, timeoutMs: 3_000 }))
    const hash = pods.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt)).at(-1)?.podHash
    const failing = troublesOf(pods).find((trouble) => trouble.state === 'failing' && trouble.podHash === hash)
    const proved = (await releasesOf(services.db, name, workload.uid)).some(
      (release) => release.templateHash === key.templateHash && release.healthySeconds >= provedSeconds,
    )
    if (!proved && (status.kind === 'failed' || failing !== undefined))
      await noteFailed(services.db, key, failing?.reason ?? (status.kind === 'failed' ? status.reason : 'failed'))
    return 'heard'
  } catch (error) {
    if (signal.aborted) return 'silence'
    componentHealthy.set({ component: name }, 0)
    services.log[isAway(error) ? 'debug' : 'warn']({ app: name, err: error }, 'the app could not be observed')
    return isAway(error) ? 'silence' : 'heard'
  }
}
