import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCluster } from '../../../sandbox/cluster/start.ts'
import { type Client, clientOf, until } from '../../contracts/cluster/client.ts'
import { startControlPlane } from '../kubernetes/control-plane.ts'
import { realPartsMissing } from '../kubernetes/programs.ts'
import { normal } from './normal.ts'
import { deployments, others, patches, refusals, type Step } from './parity-steps.ts'

const missing = realPartsMissing('etcd', 'kube-apiserver', 'kube-controller-manager')

/** Every answer of the simulated cluster is held against the real one's, whole: objects, managed fields, tables, refusals. */
describe.skipIf(missing !== undefined)(
  `the simulated cluster answers as kube-apiserver does${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let folder: string
    let real: Client
    let simulated: Client
    const stops: (() => Promise<unknown>)[] = []

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'rescue-parity-'))
      const plane = await startControlPlane({ folder: join(folder, 'real') })
      const cluster = await startCluster({ folder: join(folder, 'simulated'), unknownFields: 'drop' })
      real = clientOf(plane.kubeconfig)
      simulated = clientOf(cluster.kubeconfig)
      stops.push(real.close, simulated.close, plane.stop, cluster.stop)
      const node = { metadata: { name: 'n1' } }
      for (const client of [real, simulated]) await client.call('/api/v1/nodes', { method: 'POST', body: node })
    })
    afterAll(async () => {
      for (const stop of stops) await stop()
      await rm(folder, { recursive: true, force: true })
    })

    const ask = async (client: Client, namespace: string, { path, settles: _settles, ...options }: Step) => {
      const { status, text } = await client.call(path.replaceAll('NS', namespace), options)
      return { status, body: normal(text) }
    }

    it.each([
      ['deployments', deployments],
      ['refusals', refusals],
      ['patches', patches],
      ['others', others],
    ] as const)('%s', async (name, steps) => {
      for (const client of [real, simulated])
        await client.call('/api/v1/namespaces', { method: 'POST', body: { metadata: { name } } })
      for (const step of steps) {
        const both = async () => ({ real: await ask(real, name, step), simulated: await ask(simulated, name, step) })
        const agree = (answers: Awaited<ReturnType<typeof both>>) =>
          JSON.stringify(answers.real) === JSON.stringify(answers.simulated)
        const answers = step.settles === true ? await until('they agree', both, agree, 8000).catch(both) : await both()
        expect(answers.simulated, `${step.method ?? 'GET'} ${step.path} ${JSON.stringify(step.body ?? '')}`).toEqual(
          answers.real,
        )
      }
    })
  },
)
