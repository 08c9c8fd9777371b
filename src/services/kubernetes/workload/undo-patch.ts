import { type RawObject, recordAt } from '../api/json.ts'
import type { Revision } from './revisions.ts'
import { templateHashLabel } from './template-equality.ts'
import type { Workload } from './workload.ts'

/** RFC 6902. */
export type PatchOperation =
  | { readonly op: 'test' | 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }

/** Kept from the Deployment whatever the revision says (kubectl's list, polymorphichelpers/rollback.go). */
const keptAnnotations = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
])

/** What people saw of the workload: the patch applies to nothing else. */
export type SeenWorkload = Pick<Workload, 'address' | 'uid' | 'template' | 'annotations' | 'paused'>

/**
 * One JSON patch that puts the template of `target` back, as `kubectl rollout undo` does, and applies to nothing but the
 * object that people saw: the same object, the same template, the same `paused`. A failed test is a bare 422.
 * @param resume also ends the pause of a Deployment, in the same write
 */
export function undoPatch(
  workload: SeenWorkload,
  target: Pick<Revision, 'template' | 'annotations'>,
  resume: boolean,
): readonly PatchOperation[] {
  return [
    { op: 'test', path: '/metadata/uid', value: workload.uid },
    { op: 'test', path: '/spec/template', value: workload.template },
    ...(workload.address.kind === 'deployment' ? pauseOperations(workload, resume) : []),
    { op: 'replace', path: '/spec/template', value: templateToRestore(target.template) },
    ...(workload.address.kind === 'deployment' ? annotationOperations(workload.annotations, target.annotations) : []),
  ]
}

/** The template of a revision without the label that the Deployment controller adds. */
export function templateToRestore(template: RawObject): RawObject {
  const metadata = recordAt(template, 'metadata')
  const labels = recordAt(metadata, 'labels')
  if (!Object.hasOwn(labels, templateHashLabel)) return template
  const { [templateHashLabel]: _hash, ...others } = labels
  return { ...template, metadata: { ...metadata, labels: others } }
}

/** `test` against null holds where the path is absent; the API server never stores `paused: false` (both seen on a real one). */
function pauseOperations(workload: SeenWorkload, resume: boolean): PatchOperation[] {
  if (!workload.paused) return [{ op: 'test', path: '/spec/paused', value: null }]
  const guard: PatchOperation = { op: 'test', path: '/spec/paused', value: true }
  return resume ? [guard, { op: 'remove', path: '/spec/paused' }] : [guard]
}

/**
 * As kubectl: the revision's own annotations replace the Deployment's, but for those above. Written key by key and not
 * as one map, so that an annotation which somebody adds at the same moment is not lost.
 */
function annotationOperations(
  now: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): PatchOperation[] {
  const operations: PatchOperation[] = []
  for (const [key, value] of Object.entries(wanted))
    if (!keptAnnotations.has(key) && now[key] !== value)
      operations.push({ op: 'add', path: `/metadata/annotations/${pointer(key)}`, value })
  for (const [key, value] of Object.entries(now))
    if (!keptAnnotations.has(key) && !Object.hasOwn(wanted, key)) {
      const path = `/metadata/annotations/${pointer(key)}`
      operations.push({ op: 'test', path, value }, { op: 'remove', path })
    }
  if (operations.length > 0 && Object.keys(now).length === 0)
    operations.unshift({ op: 'add', path: '/metadata/annotations', value: {} })
  return operations
}

/** A key as a part of a JSON pointer (RFC 6901). */
export function pointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}
