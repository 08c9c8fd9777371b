import type { RawObject } from '../api/json.ts'
import { textAt, textsAt } from '../api/json.ts'
import { managersOf } from './managed-fields.ts'

/** Who owns the workload from a repository: an undo lives there only until the next sync. */
export type GitOpsOwner = {
  readonly tool: 'argocd' | 'flux' | 'helm'
  readonly name: string | undefined
  readonly seenIn: string
}

/**
 * Found by labels and annotations that the tools set, then by the managers of its fields. Helm counts as an owner too: the
 * next `helm upgrade` compares with its own record.
 */
export function gitOpsOwner(raw: RawObject): GitOpsOwner | undefined {
  const labels = textsAt(raw, 'metadata', 'labels')
  const annotations = textsAt(raw, 'metadata', 'annotations')
  const tracking = annotations['argocd.argoproj.io/tracking-id']
  if (tracking !== undefined)
    return { tool: 'argocd', name: tracking.split(':')[0], seenIn: 'argocd.argoproj.io/tracking-id' }
  const instance = labels['argocd.argoproj.io/instance']
  if (instance !== undefined) return { tool: 'argocd', name: instance, seenIn: 'argocd.argoproj.io/instance' }
  for (const kind of ['kustomize', 'helm']) {
    const name = labels[`${kind}.toolkit.fluxcd.io/name`]
    if (name !== undefined) return { tool: 'flux', name, seenIn: `${kind}.toolkit.fluxcd.io/name` }
  }
  const manager = managersOf(raw).find((name) =>
    /^(argocd|argocd-(application-)?controller|kustomize-controller|helm-controller|flux)/.test(name),
  )
  if (manager !== undefined)
    return { tool: manager.startsWith('argocd') ? 'argocd' : 'flux', name: undefined, seenIn: `manager ${manager}` }
  const release =
    annotations['meta.helm.sh/release-name'] ??
    (labels['app.kubernetes.io/managed-by'] === 'Helm' ? textAt(raw, 'metadata', 'name') : undefined)
  return release === undefined ? undefined : { tool: 'helm', name: release, seenIn: 'meta.helm.sh/release-name' }
}
