import { KubernetesError } from '../api/errors.ts'
import { at } from '../api/json.ts'
import type { ClusterClient } from '../api/types.ts'

export type Right = {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly namespace: string
  readonly name?: string
}

/**
 * Asks the cluster whether the client may do something, so that a missing right shows before anybody decides. A cluster
 * that does not answer the question is taken to allow it: the act itself will tell. One that does not let the client ask as
 * somebody else will not let it act as them either.
 */
export async function mayI(client: ClusterClient, right: Right): Promise<boolean> {
  try {
    return await reviewRight(client, right)
  } catch (error) {
    if (error instanceof KubernetesError) return error.verb !== 'impersonate'
    throw error
  }
}

/** The cluster's own answer. @throws KubernetesError where it does not answer */
export async function reviewRight(client: ClusterClient, right: Right): Promise<boolean> {
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: right },
  }
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
  const answer = await client.post(path, review, { timeoutMs: 3_000 })
  return at(answer, 'status', 'allowed') !== false
}
