import { fnv32a, safeEncode } from '../../api/names.ts'
import { clone } from '../../json.ts'
import { controllerOf, type Deployment, type ReplicaSet } from '../../kinds.ts'
import { ApiError } from '../../status.ts'
import { ownerReference } from '../owner.ts'
import type { World } from '../run.ts'
import { condition, hasDeadline, setCondition } from './conditions.ts'
import { maxSurge, newSize } from './numbers.ts'
import { firstAnnotations, hashLabel, revisionAnnotation, sameTemplate, templateText } from './revisions.ts'
import { component } from './scale.ts'

/** Creates the ReplicaSet of the present template; after getNewReplicaSet of pkg/controller/deployment/sync.go. @throws ApiError */
export function createReplicaSet(
  world: World,
  deployment: Deployment,
  old: readonly ReplicaSet[],
  revision: number,
): { deployment: Deployment; current: ReplicaSet | undefined } {
  const { namespace, name } = deployment.metadata
  const hash = safeEncode(
    String(fnv32a(`${templateText(deployment.spec.template)}${deployment.status.collisionCount ?? ''}`)),
  )
  const labels = { ...deployment.spec.template.metadata.labels, [hashLabel]: hash }
  const size = newSize(deployment, old, 0)
  const wanted = {
    metadata: {
      name: `${name}-${hash}`,
      labels,
      annotations: firstAnnotations(deployment, revision, maxSurge(deployment)),
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas: size,
      minReadySeconds: deployment.spec.minReadySeconds ?? 0,
      selector: {
        ...deployment.spec.selector,
        matchLabels: { ...deployment.spec.selector.matchLabels, [hashLabel]: hash },
      },
      template: {
        ...clone(deployment.spec.template),
        metadata: { ...clone(deployment.spec.template.metadata), labels },
      },
    },
  }
  let made: ReplicaSet
  try {
    made = world.create<ReplicaSet>('replicasets', namespace, wanted)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return creationFailed(world, deployment, wanted.metadata.name, error)
  }
  if (size > 0)
    world.record(component, {
      about: deployment,
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message: `Scaled up replica set ${made.metadata.name} from 0 to ${size}`,
    })
  const copy = clone(deployment)
  copy.metadata.annotations = { ...copy.metadata.annotations, [revisionAnnotation]: String(revision) }
  if (hasDeadline(deployment))
    copy.status.conditions = setCondition(
      copy.status.conditions,
      condition('Progressing', 'True', 'NewReplicaSetCreated', `Created new replica set "${made.metadata.name}"`),
    )
  return { deployment: world.updateStatus(copy), current: made }
}

/** A name that is taken by another template is a collision of hashes: the count is raised and the sync tried again. */
function creationFailed(world: World, deployment: Deployment, name: string, error: ApiError): never {
  const copy = clone(deployment)
  if (error.status.reason === 'AlreadyExists') {
    const found = world.find<ReplicaSet>('replicasets', deployment.metadata.namespace, name)
    const ours =
      found !== undefined &&
      controllerOf(found)?.uid === deployment.metadata.uid &&
      sameTemplate(found.spec.template, deployment.spec.template)
    if (!ours) {
      copy.status.collisionCount = (copy.status.collisionCount ?? 0) + 1
      world.updateStatus(copy)
    }
    throw error
  }
  const message = `Failed to create new replica set "${name}": ${error.message}`
  if (hasDeadline(deployment)) {
    copy.status.conditions = setCondition(
      copy.status.conditions,
      condition('Progressing', 'False', 'ReplicaSetCreateError', message),
    )
    world.updateStatus(copy)
  }
  world.record(component, { about: deployment, type: 'Warning', reason: 'ReplicaSetCreateError', message })
  throw error
}
