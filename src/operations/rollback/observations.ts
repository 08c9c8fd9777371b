import type { Logger } from 'pino'
import { templateKey } from '../../services/kubernetes/workload/template-equality.ts'
import type { Db } from '../../store/db.ts'
import { noteFailed, noteRelease, releasesOf } from '../../store/releases.ts'
import type { Services } from '../services.ts'
import { seenTemplate, targetTemplate } from './moved.ts'
import type { Observation, RollbackPlan } from './types.ts'

/** What the store knows of a workload's revisions: how long each was healthy, and which failed. */
export async function observationsOf(db: Db, app: string, uid: string): Promise<readonly Observation[]> {
  const releases = await releasesOf(db, app, uid)
  return releases.map(({ templateHash, healthySeconds, failedReason, firstSeenAt }) => ({
    templateKey: templateHash,
    healthySeconds: Math.round(healthySeconds),
    failedReason,
    firstSeenAt: firstSeenAt.toISOString(),
  }))
}

/**
 * Remembers that a revision failed, so that it is not chosen again by itself: the one that people went back from, or the
 * target that did not work either. Safe to repeat; a store that cannot be written does not fail a rescue.
 */
export async function rememberFailure(
  { db, log }: Pick<Services, 'db'> & { readonly log: Logger },
  plan: RollbackPlan,
  which: 'from' | 'to',
  reason: string,
): Promise<void> {
  const { revision, images } = plan[which]
  const template = which === 'from' ? seenTemplate(plan) : targetTemplate(plan)
  const release = { app: plan.app, uid: plan.uid, templateHash: templateKey(template) }
  try {
    await noteRelease(db, { ...release, revision, image: images.join(', ') })
    await noteFailed(db, release, reason)
  } catch (error) {
    log.error({ app: plan.app, revision, err: error }, 'a failed revision could not be remembered')
  }
}
