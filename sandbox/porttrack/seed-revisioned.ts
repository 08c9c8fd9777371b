import {
  at,
  listAt,
  numberAt,
  type RawObject,
  recordAt,
  textAt,
  textsAt,
} from '../../src/services/kubernetes/api/json.ts'
import { daemonPod, statefulPod } from './controller-pods.ts'
import { templateHash } from './hash.ts'
import { dateOf, histories, type Release, templateOf } from './history.ts'
import { sorted } from './manifests.ts'
import { collectionPath, kindOf, nameOf, namespaceOf, pathOf } from './resources.ts'
import { exists } from './seed-deployment.ts'
import { ownedBy, type Seeding, until } from './seeding.ts'
import { readyNodes, type SettledPods, settledPods } from './settled-pods.ts'

const changeCause = 'kubernetes.io/change-cause'
const podHash = 'controller-revision-hash'

/**
 * A StatefulSet or DaemonSet with its past. The controller writes the present ControllerRevision; the earlier ones are copies of it
 * with other images, so that their data are, byte for byte, what the controller would write.
 */
export async function seedRevisioned(seeding: Seeding, manifest: RawObject): Promise<void> {
  if (await exists(seeding, manifest)) return
  const kind = kindOf(manifest)
  const history = histories[`${namespaceOf(manifest)}/${nameOf(manifest)}`]
  const past = history?.past ?? []
  await settledPods(seeding, await podsOf(seeding, manifest, dateOf(history?.daysAgo ?? 0)))
  // Until they are marked with their revision, the pods that are there already must not be taken for outdated.
  const held = { ...manifest, spec: { ...recordAt(manifest, 'spec'), updateStrategy: { type: 'OnDelete' } } }
  const workload = { kind, ...(await seeding.create(held, dateOf(past[0]?.daysAgo ?? 0))) }
  const present = await until(`${nameOf(manifest)} has a revision`, () => presentRevision(seeding, workload))
  for (const [index, release] of past.entries())
    await seeding.create(pastRevision(workload, present, release, index + 1), dateOf(release.daysAgo))
  const write = (path: string, body: object) => seeding.api.write({ method: 'PATCH', patch: 'merge', path, body })
  const revisions = collectionPath('ControllerRevision', namespaceOf(workload))
  await write(`${revisions}/${nameOf(present)}`, { revision: past.length + 1 })
  if (seeding.simulated) await markPods(seeding, manifest, markOf(kind, present))
  const updateStrategy = { type: 'RollingUpdate', ...recordAt(manifest, 'spec', 'updateStrategy') }
  await write(pathOf(workload), { spec: { updateStrategy } })
}

/** Pods of a StatefulSet are marked with the name of their revision, those of a DaemonSet with its hash. */
function markOf(kind: string, revision: RawObject): string {
  if (kind === 'StatefulSet') return nameOf(revision)
  return textsAt(revision, 'metadata', 'labels')[podHash] ?? nameOf(revision)
}

async function presentRevision(seeding: Seeding, workload: RawObject): Promise<RawObject | undefined> {
  const uid = textAt(workload, 'metadata', 'uid')
  const { items } = await seeding.api.client.list(collectionPath('ControllerRevision', namespaceOf(workload)))
  return items
    .filter((item) => listAt(item, 'metadata', 'ownerReferences').some((owner) => textAt(owner, 'uid') === uid))
    .sort((a, b) => (numberAt(b, 'revision') ?? 0) - (numberAt(a, 'revision') ?? 0))[0]
}

function pastRevision(workload: RawObject, present: RawObject, release: Release, revision: number): RawObject {
  const template = templateOf(recordAt(present, 'data', 'spec', 'template'), release)
  const data = sorted({ spec: { template } })
  const stateful = kindOf(workload) === 'StatefulSet'
  const hash = templateHash(template)
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${nameOf(workload)}-${hash}`,
      namespace: namespaceOf(workload),
      labels: {
        ...textsAt(template, 'metadata', 'labels'),
        [stateful ? 'controller.kubernetes.io/hash' : podHash]: hash,
      },
      annotations: { [changeCause]: release.changeCause },
      ownerReferences: [ownedBy(workload)],
    },
    data,
    revision,
  }
}

async function podsOf(seeding: Seeding, manifest: RawObject, since: string): Promise<SettledPods> {
  const template = recordAt(manifest, 'spec', 'template')
  const labels = textsAt(template, 'metadata', 'labels')
  const name = nameOf(manifest)
  const common = { namespace: namespaceOf(manifest), template, since }
  if (kindOf(manifest) === 'StatefulSet') {
    const replicas = numberAt(manifest, 'spec', 'replicas') ?? 1
    const pods = Array.from({ length: replicas }, (_, index) =>
      statefulPod(name, index, labels, at(manifest, 'spec', 'serviceName')),
    )
    return { ...common, pods }
  }
  const nodes = seeding.simulated ? await readyNodes(seeding) : []
  const suffix = (node: string) => templateHash([name, node]).slice(0, 5).padEnd(5, 'x')
  return {
    ...common,
    pods: nodes.map((node) => ({
      name: `${name}-${suffix(node.name)}`,
      labels,
      index: node.index,
      node: node.name,
      more: daemonPod(node.name),
    })),
  }
}

async function markPods(seeding: Seeding, manifest: RawObject, hash: string): Promise<void> {
  const selector = Object.entries(textsAt(manifest, 'spec', 'selector', 'matchLabels'))
    .map((pair) => pair.join('='))
    .join(',')
  const { items } = await seeding.api.client.list(collectionPath('Pod', namespaceOf(manifest)), {
    labelSelector: selector,
  })
  const labels = { [podHash]: hash, 'pod-template-generation': '1' }
  await Promise.all(
    items.map((pod) =>
      seeding.api.write({
        method: 'PATCH',
        patch: 'merge',
        path: pathOf({ kind: 'Pod', ...pod }),
        body: { metadata: { labels } },
      }),
    ),
  )
}
