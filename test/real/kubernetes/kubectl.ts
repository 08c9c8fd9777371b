import { execFile } from 'node:child_process'
import { dirname } from 'node:path'
import { programPath } from './programs.ts'

export type Ran = { readonly code: number; readonly out: string; readonly err: string }
export type Kubectl = (args: readonly string[], input?: string) => Promise<Ran>

/** The real kubectl with this kubeconfig; gives what came of it, also when it fails. */
export function kubectlWith(kubeconfig: string): Kubectl {
  const program = programPath('kubectl') ?? ''
  const env = { KUBECONFIG: kubeconfig, HOME: dirname(kubeconfig), PATH: process.env['PATH'] ?? '' }
  return (args, input) =>
    new Promise((resolve) => {
      const child = execFile(program, [...args], { env, timeout: 60_000 }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err }),
      )
      if (input !== undefined) child.stdin?.end(input)
    })
}
