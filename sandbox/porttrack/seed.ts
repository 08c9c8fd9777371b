import type { RawObject } from '../../src/services/kubernetes/api/json.ts'
import { dateOf } from './history.ts'
import { readManifests } from './manifests.ts'
import { kindOf } from './resources.ts'
import { seedDeployment } from './seed-deployment.ts'
import { seedRevisioned } from './seed-revisioned.ts'
import { openSeeding, type Seeding } from './seeding.ts'

/**
 * Puts PortTrack into a cluster: the manifests of examples/porttrack/k8s/base, and a past (revisions, change causes). What is there
 * already stays. In the simulated cluster everything has its age and is healthy at once; a real control plane dates objects itself.
 * @throws KubernetesError
 */
export async function seedPorttrack({ kubeconfig }: { readonly kubeconfig: string }): Promise<void> {
  const seeding = await openSeeding(kubeconfig)
  try {
    await seedAll(seeding, await readManifests())
  } finally {
    await seeding.close()
  }
}

const first = ['Namespace']
const second = ['ConfigMap', 'Secret']

export async function seedAll(seeding: Seeding, manifests: readonly RawObject[]): Promise<void> {
  const age = dateOf(92)
  const ofKinds = (kinds: readonly string[]) => manifests.filter((manifest) => kinds.includes(kindOf(manifest)))
  for (const kinds of [first, second])
    await Promise.all(ofKinds(kinds).map((manifest) => seeding.create(manifest, age)))
  const others = manifests.filter((manifest) => ![...first, ...second].includes(kindOf(manifest)))
  await Promise.all(others.map((manifest) => seedOne(seeding, manifest, age)))
}

async function seedOne(seeding: Seeding, manifest: RawObject, age: string): Promise<void> {
  const kind = kindOf(manifest)
  if (kind === 'Deployment') await seedDeployment(seeding, manifest)
  else if (kind === 'StatefulSet' || kind === 'DaemonSet') await seedRevisioned(seeding, manifest)
  else await seeding.create(manifest, age)
}
