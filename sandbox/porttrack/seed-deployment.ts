import { type RawObject, recordAt, textAt, textsAt } from '../../src/services/kubernetes/json.ts'
import { templateHash } from './hash.ts'
import { dateOf, histories, type Release, templateOf } from './history.ts'
import { nameOf, namespaceOf, pathOf } from './resources.ts'
import { ownedBy, type Seeding } from './seeding.ts'
import { settledPods } from './settled-pods.ts'

const changeCause = 'kubernetes.io/change-cause'

/**
 * A Deployment with its past: it is created paused, its ReplicaSets are put beside it with their revisions, and when it goes on the
 * controller takes them for its own history. The pods of the present one are there already where the cluster allows that.
 */
export async function seedDeployment(seeding: Seeding, manifest: RawObject): Promise<void> {
  const history = histories[`${namespaceOf(manifest)}/${nameOf(manifest)}`]
  const spec = recordAt(manifest, 'spec')
  const first = history?.past[0]?.daysAgo ?? 0
  const paused = { ...manifest, spec: { ...spec, paused: true } }
  const deployment = { kind: 'Deployment', ...(await seeding.create(paused, dateOf(first))) }
  const template = recordAt(spec, 'template')
  const now: Release = {
    image: '',
    changeCause: textsAt(manifest, 'metadata', 'annotations')[changeCause] ?? '',
    daysAgo: history?.daysAgo ?? 0,
  }
  // The oldest first: while it is paused the controller numbers a ReplicaSet that has the present template.
  let revision = 1
  for (const release of history?.past ?? []) {
    await seeding.create(replicaSet(deployment, templateOf(template, release), release, revision++, 0), dateOf(release.daysAgo))
  }
  const replicas = Number(spec['replicas'] ?? 1)
  const current = replicaSet(deployment, template, now, revision, replicas)
  const labels = textsAt(current, 'spec', 'template', 'metadata', 'labels')
  const name = (index: number) => `${nameOf(current)}-${templateHash([nameOf(current), index]).slice(0, 5).padEnd(5, 'x')}`
  const pods = Array.from({ length: replicas }, (_, index) => ({ name: name(index), labels, index }))
  await settledPods(seeding, { namespace: namespaceOf(manifest), template, since: dateOf(now.daysAgo), pods })
  await seeding.create(current, dateOf(now.daysAgo))
  await seeding.api.write({ method: 'PATCH', patch: 'merge', path: pathOf(deployment), body: { spec: { paused: null } } })
}

function replicaSet(deployment: RawObject, template: RawObject, release: Release, revision: number, replicas: number): RawObject {
  const hash = templateHash(template)
  const labels = { ...textsAt(template, 'metadata', 'labels'), 'pod-template-hash': hash }
  const spec = recordAt(deployment, 'spec')
  const desired = Number(spec['replicas'] ?? 1)
  const selector = { matchLabels: { ...textsAt(spec, 'selector', 'matchLabels'), 'pod-template-hash': hash } }
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
        [changeCause]: release.changeCause,
      },
      ownerReferences: [ownedBy(deployment)],
    },
    spec: {
      replicas,
      minReadySeconds: Number(spec['minReadySeconds'] ?? 0),
      selector,
      template: { ...template, metadata: { ...recordAt(template, 'metadata'), labels } },
    },
  }
}
