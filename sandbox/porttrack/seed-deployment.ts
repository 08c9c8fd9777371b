import { hasStatus } from '../../src/services/kubernetes/api/errors.ts'
import { numberAt, type RawObject, recordAt, textAt, textsAt } from '../../src/services/kubernetes/api/json.ts'
import { templateHash } from './hash.ts'
import { dateOf, histories, templateOf } from './history.ts'
import { nameOf, namespaceOf, pathOf } from './resources.ts'
import type { Seeding } from './seeding.ts'
import { settledPods } from './settled-pods.ts'

const changeCause = 'kubernetes.io/change-cause'

/**
 * A Deployment with its past. Its ReplicaSets come first, with their revisions and without an owner, and the Deployment adopts them as
 * its own history. The pods of the present one are there before as well, where the cluster allows that.
 */
export async function seedDeployment(seeding: Seeding, manifest: RawObject): Promise<void> {
  if (await exists(seeding, manifest)) return
  const { past, daysAgo } = histories[`${namespaceOf(manifest)}/${nameOf(manifest)}`] ?? { past: [], daysAgo: 0 }
  const template = recordAt(manifest, 'spec', 'template')
  const replicas = numberAt(manifest, 'spec', 'replicas') ?? 1
  const cause = textsAt(manifest, 'metadata', 'annotations')[changeCause] ?? ''
  await Promise.all(
    past.map((release, index) =>
      seeding.create(
        replicaSet(manifest, templateOf(template, release), release.changeCause, index + 1, 0),
        dateOf(release.daysAgo),
      ),
    ),
  )
  const current = replicaSet(manifest, template, cause, past.length + 1, replicas)
  await settledPods(seeding, {
    namespace: namespaceOf(manifest),
    template,
    since: dateOf(daysAgo),
    pods: podsOf(current, replicas),
  })
  await seeding.create(current, dateOf(daysAgo))
  await seeding.create(manifest, dateOf(past[0]?.daysAgo ?? daysAgo))
}

export async function exists(seeding: Seeding, manifest: RawObject): Promise<boolean> {
  try {
    await seeding.api.client.get(pathOf(manifest))
    return true
  } catch (error) {
    if (hasStatus(error, 404)) return false
    throw error
  }
}

function podsOf(replicaSet: RawObject, count: number) {
  const labels = textsAt(replicaSet, 'spec', 'template', 'metadata', 'labels')
  const suffix = (index: number) =>
    templateHash([nameOf(replicaSet), index])
      .slice(-5)
      .padStart(5, 'x')
  return Array.from({ length: count }, (_, index) => ({
    name: `${nameOf(replicaSet)}-${suffix(index)}`,
    labels,
    index,
  }))
}

function replicaSet(
  deployment: RawObject,
  template: RawObject,
  cause: string,
  revision: number,
  replicas: number,
): RawObject {
  const hash = templateHash(template)
  const labels = { ...textsAt(template, 'metadata', 'labels'), 'pod-template-hash': hash }
  const desired = numberAt(deployment, 'spec', 'replicas') ?? 1
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${nameOf(deployment)}-${hash}`,
      namespace: textAt(deployment, 'metadata', 'namespace'),
      labels,
      annotations: {
        'deployment.kubernetes.io/desired-replicas': String(desired),
        'deployment.kubernetes.io/max-replicas': String(desired + 1),
        'deployment.kubernetes.io/revision': String(revision),
        [changeCause]: cause,
      },
    },
    spec: {
      replicas,
      minReadySeconds: numberAt(deployment, 'spec', 'minReadySeconds') ?? 0,
      selector: {
        matchLabels: { ...textsAt(deployment, 'spec', 'selector', 'matchLabels'), 'pod-template-hash': hash },
      },
      template: { ...template, metadata: { ...recordAt(template, 'metadata'), labels } },
    },
  }
}
