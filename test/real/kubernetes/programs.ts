import { accessSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** The release of the real control plane; go.mod beside this file names the same. */
export const version = 'v1.36.3'

export const programs = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl'] as const
export type Program = (typeof programs)[number]

export const cacheFolder = join(homedir(), '.cache', 'rescue-real', `kubernetes-${version.slice(1)}`)

/** Where a built program is, or undefined; RESCUE_KUBECTL names another kubectl. */
export function programPath(program: Program): string | undefined {
  const path = (program === 'kubectl' ? process.env['RESCUE_KUBECTL'] : undefined) ?? join(cacheFolder, program)
  try {
    accessSync(path)
    return path
  } catch {
    return undefined
  }
}

/**
 * Whether a suite that needs these programs can run; says which command brings them when not.
 * @throws Error instead when RESCUE_REQUIRE_REAL=1, so that a missing part is never taken for a passed test.
 */
export function realPartsMissing(...needed: readonly Program[]): string | undefined {
  const missing = needed.filter((program) => programPath(program) === undefined)
  if (missing.length === 0) return undefined
  const message = `${missing.join(', ')} not built: npm run real:build`
  if (process.env['RESCUE_REQUIRE_REAL'] === '1') throw new Error(message)
  return message
}
