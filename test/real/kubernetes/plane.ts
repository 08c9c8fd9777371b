import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ControlPlane, startControlPlane } from './control-plane.ts'
import { type Program, realPartsMissing } from './programs.ts'

const parts: readonly Program[] = ['etcd', 'kube-apiserver', 'kube-controller-manager']

/** Why a suite on a real control plane cannot run, or undefined. @throws Error instead when RESCUE_REQUIRE_REAL=1 */
export const planeMissing = (...more: readonly Program[]): string | undefined => realPartsMissing(...parts, ...more)

/** A real control plane, in a scratch folder of its own that goes with it. */
export async function realPlane(
  apiFlags: (folder: string) => Promise<readonly string[]> = async () => [],
): Promise<ControlPlane & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-real-'))
  const plane = await startControlPlane({ folder, apiFlags: await apiFlags(folder) })
  return {
    ...plane,
    folder,
    stop: async () => {
      await plane.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
