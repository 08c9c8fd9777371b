import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Edge, startEdge } from '../../sandbox/porttrack/edge.ts'
import { clusterScenarios } from '../../sandbox/porttrack/scenarios.ts'
import { seedPorttrack } from '../../sandbox/porttrack/seed.ts'
import { type AppSummary, type ClusterSummary, clusterSummary } from '../../sandbox/porttrack/summary.ts'
import type { ScenarioWorld } from '../../sandbox/scenarios/types.ts'
import { at, listAt, numberAt, recordAt, textAt, textsAt } from '../../src/services/kubernetes/api/json.ts'
import { type BackEnd, type StartControlPlane, startBackEnd, until } from './back-end.ts'

const deployment = '/apis/apps/v1/namespaces/porttrack/deployments/porttrack-app'

/**
 * The example world, its edge and what can happen to it, on whichever control plane is started.
 * @param long also releases that become ready pod by pod, which `minReadySeconds` makes slow
 */
export function porttrackCases(title: string, start: StartControlPlane, { long }: { readonly long: boolean }): void {
  describe(title, () => {
    let world: BackEnd
    let edge: Edge
    beforeAll(async () => {
      world = await startBackEnd(start)
      await seedPorttrack({ kubeconfig: world.kubeconfig })
      edge = await startEdge({ kubeconfig: world.kubeconfig })
      await healthy()
    })
    afterAll(async () => {
      await edge.stop()
      await world.stop()
    })

    const summary = (): Promise<ClusterSummary> => clusterSummary({ kubeconfig: world.kubeconfig })
    const app = async (name: string): Promise<AppSummary> => {
      const found = (await summary()).apps.find((one) => one.name === name)
      if (found === undefined) throw new Error(`${name} is not in the summary`)
      return found
    }
    const when = (name: string, what: string, holds: (one: AppSummary) => boolean) =>
      until(
        `${name} ${what}`,
        async () => {
          const one = await app(name)
          return holds(one) && one
        },
        30,
      )
    /** Ready everywhere, and for long enough: a Deployment takes pods that are not available yet for the first to go. */
    const healthy = () =>
      until(
        'everything is ready and available',
        async () => {
          const { apps } = await summary()
          const available = numberAt(await world.client.get(deployment), 'status', 'availableReplicas')
          return (
            available === 3 &&
            apps.length === 8 &&
            apps.every((one) => one.ready === one.desired && one.pods.length === one.desired)
          )
        },
        30,
      )
    const happens = async (name: string): Promise<void> => {
      const scenario = clusterScenarios.find((one) => one.name === name)
      if (scenario === undefined) throw new Error(`no scenario is called ${name}`)
      // The scenarios of the cluster use these two of the world; the others belong to other scenarios.
      await scenario.run({ kubeconfig: world.kubeconfig, kubelet: world.kubelet } as ScenarioWorld)
    }
    const revisions = async (resource: string, owner: string): Promise<string[]> => {
      const { items } = await world.client.list(`/apis/apps/v1/namespaces/porttrack/${resource}`)
      const own = items.filter((one) =>
        listAt(one, 'metadata', 'ownerReferences').some((by) => textAt(by, 'name') === owner),
      )
      const numbered = own.map((one) => {
        const annotations = textsAt(one, 'metadata', 'annotations')
        const number = numberAt(one, 'revision') ?? Number(annotations['deployment.kubernetes.io/revision'])
        return { number, cause: annotations['kubernetes.io/change-cause'] ?? '' }
      })
      return numbered.sort((a, b) => a.number - b.number).map((one) => `${one.number} ${one.cause}`)
    }
    const ask = async (path: string) => {
      const answer = await fetch(`${edge.url}${path}`)
      return { status: answer.status, text: await answer.text() }
    }

    it('has the apps of the catalog, with a past that can be rolled back to', async () => {
      const { apps, nodes } = await summary()
      expect(
        apps
          .map((one) => `${one.kind} ${one.namespace}/${one.name} ${one.ready}/${one.desired} r${one.revision}`)
          .sort(),
      ).toEqual([
        'DaemonSet porttrack/porttrack-agent 3/3 r2',
        'Deployment porttrack-monitoring/porttrack-grafana 1/1 r2',
        'Deployment porttrack-monitoring/porttrack-prometheus 1/1 r2',
        'Deployment porttrack/porttrack-app 3/3 r6',
        'Deployment porttrack/porttrack-app-blue 2/2 r2',
        'Deployment porttrack/porttrack-app-green 2/2 r2',
        'Deployment porttrack/porttrack-worker 2/2 r3',
        'StatefulSet porttrack/porttrack-cache 2/2 r2',
      ])
      expect(nodes.map((node) => node.ready && !node.cordoned)).toEqual([true, true, true])
      expect(await revisions('replicasets', 'porttrack-app')).toEqual([
        '1 2.4.0: first release on this cluster',
        '2 2.5.0: shipment documents in MongoDB',
        '3 2.6.1: route cache',
        '4 2.7.0: map tiles in memory (rolled back, out of memory)',
        '5 2.7.2: container search fixed',
        '6 2.7.3: faster route search',
      ])
      expect(await revisions('controllerrevisions', 'porttrack-cache')).toEqual(['1 valkey 8.0', '2 valkey 8.1'])
      expect(await revisions('controllerrevisions', 'porttrack-agent')).toEqual([
        '1 0.13.2: smaller image',
        '2 0.14.0: ship node metrics',
      ])
    })

    it('an earlier template is taken for the old ReplicaSet, which gets the next number', async () => {
      const sets = await world.client.list('/apis/apps/v1/namespaces/porttrack/replicasets')
      const old = sets.items.find(
        (one) =>
          textsAt(one, 'metadata', 'annotations')['deployment.kubernetes.io/revision'] === '5' &&
          textAt(one, 'metadata', 'name')?.startsWith('porttrack-app-'),
      )
      const { 'pod-template-hash': _hash, ...labels } = textsAt(old, 'spec', 'template', 'metadata', 'labels')
      const template = recordAt(old, 'spec', 'template')
      const value = { ...template, metadata: { ...recordAt(template, 'metadata'), labels } }
      await world.client.patch(deployment, [{ op: 'replace', path: '/spec/template', value }], 'json')
      await when('porttrack-app', 'is at revision 7', (one) => one.revision === '7' && one.ready === 3)
      expect((await revisions('replicasets', 'porttrack-app')).at(-1)).toMatch(/^7 /)
      expect(await revisions('replicasets', 'porttrack-app')).toHaveLength(6)
      await happens('reset')
      await healthy()
      expect((await app('porttrack-app')).revision).toBe('6')
    })

    it('a StatefulSet and a DaemonSet take their earlier revision for their own, byte for byte', async () => {
      for (const [resource, name] of [
        ['statefulsets', 'porttrack-cache'],
        ['daemonsets', 'porttrack-agent'],
      ] as const) {
        const all = await world.client.list('/apis/apps/v1/namespaces/porttrack/controllerrevisions')
        const first = all.items.find(
          (one) => numberAt(one, 'revision') === 1 && textAt(one, 'metadata', 'name')?.startsWith(name),
        )
        await world.client.patch(
          `/apis/apps/v1/namespaces/porttrack/${resource}/${name}`,
          at(first, 'data'),
          'strategic',
        )
        await when(name, 'is at revision 3 and ready', (one) => one.revision === '3' && one.ready === one.desired)
        expect(await revisions('controllerrevisions', name)).toHaveLength(2)
      }
    })

    it('the edge answers while a Service has a ready endpoint, and says why when it has none', async () => {
      expect(await ask('/porttrack/porttrack-app/api/health')).toMatchObject({
        status: 200,
        text: expect.stringContaining('"version":"2.7.3"'),
      })
      expect(await ask('/porttrack/porttrack-app-service/api/health')).toMatchObject({
        status: 200,
        text: expect.stringContaining('porttrack-app-blue-'),
      })
      expect(await ask('/porttrack-monitoring/porttrack-prometheus/-/healthy')).toEqual({
        status: 200,
        text: 'Prometheus Server is Healthy.\n',
      })
      expect(await ask('/porttrack-monitoring/porttrack-grafana/api/health')).toMatchObject({
        status: 200,
        text: expect.stringContaining('"database":"ok"'),
      })
      expect(await ask('/porttrack/nobody/')).toMatchObject({
        status: 404,
        text: expect.stringContaining('no_such_service'),
      })
      await world.client.patch(`${deployment}/scale`, { spec: { replicas: 0 } }, 'merge')
      await until('nobody answers', async () => (await ask('/porttrack/porttrack-app/api/health')).status === 503)
      await world.client.patch(`${deployment}/scale`, { spec: { replicas: 3 } }, 'merge')
      await until('somebody answers', async () => (await ask('/porttrack/porttrack-app/api/health')).status === 200)
      await healthy()
    })

    describe('scenarios', () => {
      const again = async () => {
        await happens('reset')
        await healthy()
      }

      const bad: readonly (readonly [name: string, app: string, state: RegExp])[] = [
        ['bad-release', 'porttrack-app', /^CrashLoopBackOff$/],
        ['crash-loop', 'porttrack-worker', /^CrashLoopBackOff$/],
        ['image-missing', 'porttrack-app', /^ImagePullBackOff$/],
        ['oom-release', 'porttrack-app', /^CrashLoopBackOff$/],
        ['config-missing', 'porttrack-app', /^CreateContainerConfigError$/],
        ['unready-release', 'porttrack-app', /^Running$/],
      ]
      it.each(bad)('%s breaks %s, twice in a row, and the old pods go on serving', async (name, target, state) => {
        await happens(name)
        const first = await when(target, `has a pod in ${state}`, (one) =>
          one.pods.some((pod) => state.test(pod.state) && !pod.ready),
        )
        await happens(name)
        const second = await when(
          target,
          `has a pod of the next release in ${state}`,
          (one) =>
            one.revision === String(Number(first.revision) + 1) &&
            one.pods.some((pod) => state.test(pod.state) && !pod.ready),
        )
        expect(second.image).not.toBe(first.image)
        expect(second.pods.filter((pod) => pod.ready).length).toBeGreaterThanOrEqual(target === 'porttrack-app' ? 3 : 2)
      })

      if (long)
        it('healthy-release and slow-release become ready everywhere', async () => {
          await again()
          await happens('healthy-release')
          await when(
            'porttrack-app',
            'runs 2.8',
            (one) => /:2\.8\.0$/.test(one.image) && one.ready === 3 && one.pods.length === 3,
          )
          await happens('slow-release')
          await when(
            'porttrack-app',
            'runs the slow one',
            (one) => /:2\.8\.1-slow$/.test(one.image) && one.ready === 3 && one.pods.length === 3,
          )
          expect((await app('porttrack-app')).pods.map((pod) => pod.restarts)).toEqual([0, 0, 0])
        })

      if (long)
        it('flaky-release is ready first and dies later', async () => {
          await again()
          await happens('flaky-release')
          await when(
            'porttrack-app',
            'is ready',
            (one) => one.image.endsWith('-flaky') && one.ready === 3 && one.pods.length === 3,
          )
          await when('porttrack-app', 'has restarted', (one) => one.pods.some((pod) => pod.restarts > 0))
        })

      it('people scale, pause and change the ConfigMap by hand', async () => {
        await again()
        await happens('scale-by-someone')
        await when('porttrack-app', 'has 5', (one) => one.desired === 5 && one.ready === 5)
        await happens('scale-by-someone')
        await when('porttrack-app', 'has 4', (one) => one.desired === 4)
        await happens('pause-by-someone')
        await happens('pause-by-someone')
        expect((await app('porttrack-app')).paused).toBe(true)
        const map = '/api/v1/namespaces/porttrack/configmaps/porttrack-config'
        const tiles = async () => textAt(await world.client.get(map), 'data', 'MAP_TILES')
        expect(await tiles()).toBe('off')
        await happens('config-changed')
        expect(await tiles()).toBe('on')
        await happens('config-changed')
        expect(await tiles()).toBe('off')
        await happens('reset')
        await healthy()
        expect(await app('porttrack-app')).toMatchObject({ desired: 3, paused: false, revision: '6' })
      })

      it('monitoring-down hangs Prometheus until its pod is replaced', async () => {
        await happens('monitoring-down')
        await until(
          'Prometheus does not answer',
          async () => (await ask('/porttrack-monitoring/porttrack-prometheus/-/healthy')).status === 503,
        )
        const [pod] = (await app('porttrack-prometheus')).pods
        await world.client.delete(`/api/v1/namespaces/porttrack-monitoring/pods/${pod?.name}`)
        await until(
          'Prometheus answers',
          async () => (await ask('/porttrack-monitoring/porttrack-prometheus/-/healthy')).status === 200,
        )
      })

      it('node-down takes one node, again another, but never the last; node-up and reset bring them back', async () => {
        await happens('node-down')
        await happens('node-down')
        await happens('node-down')
        // node-a still works: a pod that is assigned to it runs.
        const spec = { nodeName: 'node-a', containers: [{ name: 'app', image: 'registry.porttrack.example/app:1.0' }] }
        await world.client.post('/api/v1/namespaces/default/pods', {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'alive' },
          spec,
        })
        await until(
          'it runs',
          async () =>
            textAt(await world.client.get('/api/v1/namespaces/default/pods/alive'), 'status', 'phase') === 'Running',
        )
        await happens('node-up')
        await until('pods of node-c have restarted', async () =>
          (await summary()).apps.some((one) => one.pods.some((pod) => pod.node === 'node-c' && pod.restarts > 0)),
        )
        await happens('node-down')
        await happens('reset')
        await healthy()
      })
    })

    it('seeding again changes nothing', async () => {
      const before = await world.client.get(deployment)
      await seedPorttrack({ kubeconfig: world.kubeconfig })
      expect(await world.client.get(deployment)).toEqual(before)
    })
  })
}
