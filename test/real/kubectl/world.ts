import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCluster } from '../../../sandbox/cluster/start.ts'
import { startKubelet } from '../../../sandbox/kubelet/start.ts'
import { programPath } from '../kubernetes/programs.ts'

export type Ran = { readonly code: number; readonly out: string; readonly err: string }

/** A simulated cluster with three nodes, and the real kubectl in front of it. */
export async function kubectlWorld() {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-kubectl-'))
  const server = await startCluster({ folder })
  const kubelet = await startKubelet({
    kubeconfig: server.kubeconfig,
    nodes: ['node-a', 'node-b', 'node-c'],
    speed: 10,
  })
  const program = programPath('kubectl') ?? ''
  const run = (args: readonly string[], input?: string): Promise<Ran> =>
    new Promise((resolve) => {
      const child = execFile(
        program,
        [...args],
        { env: { KUBECONFIG: server.kubeconfig, HOME: folder, PATH: process.env['PATH'] ?? '' }, timeout: 60_000 },
        (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err }),
      )
      if (input !== undefined) child.stdin?.end(input)
    })
  return {
    server,
    kubelet,
    /** Runs kubectl with the words of one line, whatever comes of it. */
    try: (line: string, input?: string) => run(line.split(' '), input),
    run,
    /** Runs it and gives what it wrote. @throws Error when it fails */
    kubectl: async (line: string, input?: string): Promise<string> => {
      const { code, out, err } = await run(line.split(' '), input)
      if (code !== 0) throw new Error(`kubectl ${line}: exit ${code}: ${err}`)
      return out
    },
    [Symbol.asyncDispose]: async () => {
      await kubelet.stop()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A manifest in JSON, which kubectl takes as well. */
export const manifest = (name: string, image: string, more: object = {}): string =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { app: name } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [{ name: 'web', image, ports: [{ containerPort: 80 }] }],
        },
      },
      ...more,
    },
  })
