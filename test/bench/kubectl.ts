import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { namespace } from './apps.ts'
import type { BenchWorld } from './world.ts'

const version = '1.36.3'

/** RESCUE_KUBECTL, or the program that test/real/kubernetes builds. @returns undefined when there is none */
export async function findKubectl(): Promise<string | undefined> {
  const path = process.env['RESCUE_KUBECTL'] ?? join(homedir(), `.cache/rescue-real/kubernetes-${version}/kubectl`)
  return access(path, constants.X_OK).then(
    () => path,
    () => undefined,
  )
}

/** `kubectl rollout undo`, with a home of its own where its discovery cache stays warm. @throws Error with what it said */
export async function undo(world: BenchWorld, kubectl: string, app: string): Promise<void> {
  const { PATH } = process.env
  await promisify(execFile)(kubectl, ['rollout', 'undo', `deployment/${app}`, '--namespace', namespace], {
    env: { PATH, HOME: world.folder, KUBECONFIG: world.cluster.kubeconfig },
  })
}
