import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectCluster } from '../../src/services/kubernetes/api/client.ts'
import { recordAt, textsAt } from '../../src/services/kubernetes/api/json.ts'
import { type WorkloadAddress, type WorkloadKind, workloadPath } from '../../src/services/kubernetes/api/paths.ts'
import type { ClusterClient } from '../../src/services/kubernetes/api/types.ts'
import { readRevisions } from '../../src/services/kubernetes/workload/revisions.ts'
import { undoPatch } from '../../src/services/kubernetes/workload/undo-patch.ts'
import { readWorkload, type Workload } from '../../src/services/kubernetes/workload/workload.ts'
import { type ControlPlane, startControlPlane } from '../real/kubernetes/control-plane.ts'
import { programPath, realPartsMissing } from '../real/kubernetes/programs.ts'
import { until } from '../store/helpers/until.ts'

const kubectl = programPath('kubectl')
const missing = realPartsMissing('etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl')

const run = promisify(execFile)
let plane: ControlPlane
let client: ClusterClient
let folder: string

describe.skipIf(missing !== undefined)(
  `against a real control plane and kubectl${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'rescue-test-real-'))
      plane = await startControlPlane({ folder })
      client = connectCluster(
        { impersonate: false },
        { kubeconfigFile: plane.kubeconfig, log: pino({ level: 'silent' }) },
      )
    }, 90_000)
    afterAll(async () => {
      await client.close()
      await plane.stop()
      await rm(folder, { recursive: true, force: true })
    })

    test.each<WorkloadKind>(['deployment', 'statefulset', 'daemonset'])(
      'our undo of a %s gives the very object that kubectl rollout undo gives',
      async (kind) => {
        const twins = ['by-kubectl', 'by-us'].map(
          (name): WorkloadAddress => ({ namespace: 'default', kind, name: `${name}-${kind}` }),
        )
        for (const twin of twins) await twoReleases(twin)
        const [theirs, ours] = twins
        if (theirs === undefined || ours === undefined) throw new Error('there are two')

        await run(kubectl ?? '', ['--kubeconfig', plane.kubeconfig, 'rollout', 'undo', `${kind}/${theirs.name}`])
        await undo(ours)

        await until('both have a third revision', async () => {
          const histories = await Promise.all(
            [theirs, ours].map(async (twin) => readRevisions(client, await readWorkload(client, twin))),
          )
          return histories.every((history) => history[0]?.revision === 3)
        })
        const [a, b] = [await readWorkload(client, theirs), await readWorkload(client, ours)]
        expect(comparable(b)).toEqual(comparable(a))
        expect(recordAt(b.raw, 'spec', 'template', 'spec')).toMatchObject({
          containers: [{ image: 'app:1', env: [{ name: 'A', value: '1' }] }],
        })
      },
    )

    test('what a real API server says to a write that comes too late', async () => {
      const twin: WorkloadAddress = { namespace: 'default', kind: 'deployment', name: 'late' }
      await twoReleases(twin)
      const seen = await readWorkload(client, twin)
      const [, target] = await readRevisions(client, seen)
      if (target === undefined) throw new Error('there are two revisions')
      await setImage(twin, 'app:3')
      await expect(client.patch(workloadPath(twin), undoPatch(seen, target, false), 'json')).rejects.toMatchObject({
        status: 422,
        reason: 'Invalid',
        causes: [],
      })
      expect(await readWorkload(client, twin)).toMatchObject({
        template: { spec: { containers: [{ image: 'app:3' }] } },
      })
    })
  },
)

async function twoReleases(address: WorkloadAddress): Promise<void> {
  const labels = { app: address.name }
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: 'app', image: 'app:1', env: [{ name: 'A', value: '1' }] }] },
  }
  const apiKind = { deployment: 'Deployment', statefulset: 'StatefulSet', daemonset: 'DaemonSet' }[address.kind]
  const spec = {
    selector: { matchLabels: labels },
    template,
    ...(address.kind === 'statefulset' ? { serviceName: 'x' } : {}),
  }
  const annotations = { 'kubernetes.io/change-cause': 'one', note: 'kept' }
  const path = workloadPath(address).split('/').slice(0, -1).join('/')
  await client.post(path, { apiVersion: 'apps/v1', kind: apiKind, metadata: { name: address.name, annotations }, spec })
  await revisionIs(address, 1)
  // In one write: between two, the controller may or may not have given the annotations to the first revision as well.
  await setImage(address, 'app:2', { 'kubernetes.io/change-cause': 'two', added: 'later' })
  await revisionIs(address, 2)
}

async function setImage(
  address: WorkloadAddress,
  image: string,
  annotations: Readonly<Record<string, string>> = {},
): Promise<void> {
  const containers = [{ name: 'app', image }]
  const change = { metadata: { annotations }, spec: { template: { spec: { containers } } } }
  await client.patch(workloadPath(address), change, 'strategic')
}

async function revisionIs(address: WorkloadAddress, number: number): Promise<void> {
  await until(`revision ${number}`, async () => {
    const workload = await readWorkload(client, address)
    const settled =
      address.kind !== 'deployment' || workload.annotations['deployment.kubernetes.io/revision'] === String(number)
    return settled && (await readRevisions(client, workload)).some((revision) => revision.revision === number)
  })
}

async function undo(address: WorkloadAddress): Promise<void> {
  const seen = await readWorkload(client, address)
  const target = (await readRevisions(client, seen)).find((revision) => revision.revision === 1)
  if (target === undefined) throw new Error('revision 1 is there')
  await client.patch(workloadPath(address), undoPatch(seen, target, false), 'json')
}

/** Everything that a person could tell the twins apart by, but for names and the server's own records. */
function comparable({ raw, address }: Workload): unknown {
  const text = JSON.stringify({ spec: raw['spec'], annotations: textsAt(raw, 'metadata', 'annotations') })
  return JSON.parse(text.replaceAll(address.name, 'NAME'))
}
