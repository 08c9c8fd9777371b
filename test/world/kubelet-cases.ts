import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hangAnnotation } from '../../sandbox/kubelet/pod.ts'
import { startKubelet } from '../../sandbox/kubelet/start.ts'
import { listAt, numberAt, type RawObject, recordAt, textAt } from '../../src/services/kubernetes/api/json.ts'
import {
  type BackEnd,
  conditionOf,
  container,
  events,
  nodes,
  pods,
  type StartControlPlane,
  speed,
  startBackEnd,
  until,
} from './back-end.ts'

const namespace = 'kubelet-cases'
const probe = (path: string) => ({ httpGet: { path, port: 3000 }, periodSeconds: 5, failureThreshold: 2 })

/** What pods do, told by the end of their image's tag, on whichever control plane is started. */
export function kubeletCases(title: string, start: StartControlPlane): void {
  describe(title, () => {
    let world: BackEnd
    beforeAll(async () => {
      world = await startBackEnd(start)
      await world.client.post('/api/v1/namespaces', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace },
      })
    })
    afterAll(() => world.stop())

    const run = async (name: string, tag: string, spec: RawObject = {}, more: RawObject = {}): Promise<void> => {
      const image = `registry.porttrack.example/app:${tag}`
      const containers = [{ name: 'app', image, terminationMessagePolicy: 'FallbackToLogsOnError', ...more }]
      const metadata = { name, namespace, labels: { app: name } }
      const body = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers, ...spec } }
      await world.client.post(`/api/v1/namespaces/${namespace}/pods`, body)
    }
    const path = (name: string) => `/api/v1/namespaces/${namespace}/pods/${name}`
    const get = (name: string) => world.client.get(path(name))
    const when = (name: string, what: string, holds: (pod: RawObject) => boolean) =>
      until(`${name} ${what}`, async () => {
        const pod = await get(name)
        return holds(pod) && pod
      })
    const waits = (name: string, reason: string) =>
      when(name, `waits with ${reason}`, (pod) => textAt(container(pod), 'state', 'waiting', 'reason') === reason)
    const ready = (name: string) => when(name, 'is ready', (pod) => conditionOf(pod, 'Ready') === 'True')
    const told = (name: string, reason: string, message: string | RegExp) =>
      until(`${name} has an event ${reason}`, async () =>
        (await events(world.client, namespace, name)).find(
          (one) => textAt(one, 'reason') === reason && (textAt(one, 'message') ?? '').search(message) !== -1,
        ),
      )

    it('a Deployment gets its pods onto all nodes, ready, with their events and a log', async () => {
      const labels = { app: 'web' }
      const template = {
        metadata: { labels },
        spec: {
          containers: [{ name: 'app', image: 'registry.porttrack.example/app:1.0', readinessProbe: probe('/') }],
        },
      }
      const spec = { replicas: 3, selector: { matchLabels: labels }, template }
      const metadata = { name: 'web', namespace }
      await world.client.post(`/apis/apps/v1/namespaces/${namespace}/deployments`, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata,
        spec,
      })
      await until('3 replicas are available', async () => {
        const deployment = await world.client.get(`/apis/apps/v1/namespaces/${namespace}/deployments/web`)
        return numberAt(deployment, 'status', 'availableReplicas') === 3
      })
      const running = await pods(world.client, namespace, 'web')
      expect(new Set(running.map((pod) => textAt(pod, 'spec', 'nodeName')))).toEqual(new Set(nodes))
      expect(new Set(running.map((pod) => textAt(pod, 'status', 'podIP'))).size).toBe(3)
      const name = textAt(running[0], 'metadata', 'name') ?? ''
      for (const reason of ['Scheduled', 'Pulling', 'Pulled', 'Created', 'Started']) await told(name, reason, /./)
      const log = await until('its log says that it listens', async () => {
        const text = await world.client.text(`${path(name)}/log`, { timestamps: true })
        return text.includes('listening') && text
      })
      expect(log).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z INFO {2}starting app 1\.0\n/)
    })

    it('-crash restarts with growing pauses and keeps the log of the instance before', async () => {
      await run('crash', '1.0-crash')
      await waits('crash', 'CrashLoopBackOff')
      const pod = await when(
        'crash',
        'has restarted twice',
        (one) => (numberAt(container(one), 'restartCount') ?? 0) >= 2,
      )
      expect(numberAt(container(pod), 'lastState', 'terminated', 'exitCode')).toBe(1)
      expect(textAt(container(pod), 'lastState', 'terminated', 'message')).toContain('DATABASE_URL is not set')
      await told('crash', 'BackOff', /^Back-off restarting failed container app in pod crash_kubelet-cases\(/)
      expect(await world.client.text(`${path('crash')}/log`, { previous: true })).toContain('DATABASE_URL is not set')
      await until('equal events are counted, not repeated', async () => {
        const started = (await events(world.client, namespace, 'crash')).filter(
          (one) => textAt(one, 'reason') === 'Started',
        )
        return started.length === 1 && (numberAt(started[0], 'count') ?? 0) >= 3
      })
    })

    it('-oom is killed for its memory', async () => {
      await run('oom', '1.0-oom')
      const pod = await waits('oom', 'CrashLoopBackOff')
      expect(recordAt(container(pod), 'lastState', 'terminated')).toMatchObject({ exitCode: 137, reason: 'OOMKilled' })
    })

    it('-missing fails to pull, backs off, and has no log', async () => {
      await run('missing', '1.0-missing')
      const pod = await waits('missing', 'ImagePullBackOff')
      expect(textAt(container(pod), 'state', 'waiting', 'message')).toMatch(
        /^Back-off pulling image ".*1\.0-missing": ErrImagePull: .*not found$/,
      )
      expect(textAt(pod, 'status', 'phase')).toBe('Pending')
      await told('missing', 'Failed', /^Error: ErrImagePull$/)
      await expect(world.client.text(`${path('missing')}/log`)).rejects.toMatchObject({
        status: 400,
        message: expect.stringContaining('trying and failing to pull image'),
      })
    })

    it('a name that no runtime can parse is InvalidImageName', async () => {
      await run('invalid', '1.0-invalid')
      await waits('invalid', 'InvalidImageName')
      await told('invalid', 'InspectFailed', /invalid reference format$/)
    })

    it('a missing key is CreateContainerConfigError, and heals when the key comes', async () => {
      const env = [{ name: 'TARIFFS', valueFrom: { configMapKeyRef: { name: 'tariffs', key: 'TARIFFS' } } }]
      await run('config', '1.0-config', {}, { env })
      const pod = await waits('config', 'CreateContainerConfigError')
      expect(textAt(container(pod), 'state', 'waiting', 'message')).toBe('configmap "tariffs" not found')
      const metadata = { name: 'tariffs', namespace }
      const maps = `/api/v1/namespaces/${namespace}/configmaps`
      await world.client.post(maps, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { OTHER: 'x' } })
      await when(
        'config',
        'names the key',
        (one) =>
          textAt(container(one), 'state', 'waiting', 'message') ===
          `couldn't find key TARIFFS in ConfigMap ${namespace}/tariffs`,
      )
      await world.client.patch(`${maps}/tariffs`, { data: { TARIFFS: 'y' } }, 'merge')
      await ready('config')
    })

    it('a volume of a missing Secret keeps the pod from being created', async () => {
      await run('volume', '1.0', { volumes: [{ name: 'keys', secret: { secretName: 'keys' } }] })
      await told('volume', 'FailedMount', /^MountVolume\.SetUp failed for volume "keys" : secret "keys" not found$/)
      expect(textAt(container(await get('volume')), 'state', 'waiting', 'reason')).toBe('ContainerCreating')
    })

    it('-unready runs and never becomes ready', async () => {
      await run('unready', '1.0-unready', {}, { readinessProbe: probe('/ready') })
      await told('unready', 'Unhealthy', /^Readiness probe failed: HTTP probe failed with statuscode: 503$/)
      const pod = await get('unready')
      expect(textAt(pod, 'status', 'phase')).toBe('Running')
      expect(conditionOf(pod, 'Ready')).toBe('False')
      expect(numberAt(container(pod), 'restartCount')).toBe(0)
    })

    it('-liveness is ready, then killed by its liveness probe', async () => {
      await run('liveness', '1.0-liveness', {}, { livenessProbe: probe('/live') })
      await ready('liveness')
      const pod = await when('liveness', 'has restarted', (one) => numberAt(container(one), 'restartCount') === 1)
      expect(numberAt(container(pod), 'lastState', 'terminated', 'exitCode')).toBe(137)
      await told('liveness', 'Killing', /^Container app failed liveness probe, will be restarted$/)
    })

    it('-startup never passes its startup probe and is killed', async () => {
      await run('startup', '1.0-startup', {}, { startupProbe: probe('/start'), readinessProbe: probe('/ready') })
      await told('startup', 'Killing', /^Container app failed startup probe, will be restarted$/)
      const unhealthy = (await events(world.client, namespace, 'startup')).filter(
        (one) => textAt(one, 'reason') === 'Unhealthy',
      )
      // Before it has started no other probe asks.
      expect(unhealthy.map((one) => textAt(one, 'message')?.split(' ')[0])).toEqual(['Startup'])
    })

    it('-slow takes its time, and is not restarted', async () => {
      await run('slow', '1.0-slow', {}, { readinessProbe: probe('/ready') })
      await told(
        'slow',
        'Unhealthy',
        /^Readiness probe failed: Get "http:\/\/10\.244\.\d+\.\d+:3000\/ready": dial tcp .*: connect: connection refused$/,
      )
      const pod = await ready('slow')
      expect(numberAt(container(pod), 'restartCount')).toBe(0)
    })

    it('init containers run first, one after the other', async () => {
      const initContainers = ['first', 'second'].map((name) => ({ name, image: 'registry.porttrack.example/tool:1.0' }))
      await run('inits', '1.0', { initContainers })
      const pod = await ready('inits')
      const ends = listAt(pod, 'status', 'initContainerStatuses').map((one) =>
        numberAt(one, 'state', 'terminated', 'exitCode'),
      )
      expect(ends).toEqual([0, 0])
      await run('init-crash', '1.0', {
        initContainers: [{ name: 'first', image: 'registry.porttrack.example/tool:1.0-crash' }],
      })
      const stuck = await when(
        'init-crash',
        'has a failing init container',
        (one) => (numberAt(listAt(one, 'status', 'initContainerStatuses')[0], 'restartCount') ?? 0) > 0,
      )
      expect(textAt(container(stuck), 'state', 'waiting', 'reason')).toBe('PodInitializing')
      expect(conditionOf(stuck, 'Initialized')).toBe('False')
    })

    it('a pod that ends for good is Succeeded or Failed', async () => {
      await run('failed', '1.0-crash', { restartPolicy: 'Never' })
      const pod = await when('failed', 'has failed', (one) => textAt(one, 'status', 'phase') === 'Failed')
      expect(conditionOf(pod, 'Ready')).toBe('False')
      expect(numberAt(container(pod), 'restartCount')).toBe(0)
    })

    it('deletion stops the containers in good order and then removes the object', async () => {
      await run('deleted', '1.0')
      await ready('deleted')
      const uid = textAt(await get('deleted'), 'metadata', 'uid')
      await world.client.delete(path('deleted'))
      await told('deleted', 'Killing', /^Stopping container app$/)
      await until('it is gone', () =>
        get('deleted').then(
          () => false,
          (error: unknown) => textAt(error, 'reason') === 'NotFound',
        ),
      )
      await run('deleted', '1.0')
      expect(textAt(await ready('deleted'), 'metadata', 'uid')).not.toBe(uid)
    })

    it('nothing is scheduled onto cordoned nodes', async () => {
      const cordon = (unschedulable: boolean | null) =>
        Promise.all(
          nodes.map((name) => world.client.patch(`/api/v1/nodes/${name}`, { spec: { unschedulable } }, 'merge')),
        )
      await cordon(true)
      await until('the taints are there', async () =>
        (await world.client.list('/api/v1/nodes')).items.every((node) => listAt(node, 'spec', 'taints').length === 1),
      )
      await run('homeless', '1.0')
      await told('homeless', 'FailedScheduling', /^0\/3 nodes are available: 3 node\(s\) were unschedulable\./)
      expect(conditionOf(await get('homeless'), 'PodScheduled')).toBe('False')
      await cordon(null)
      await ready('homeless')
    })

    it('a node without power does nothing any more; back again, its containers restart and its deleted pods go', async () => {
      await run('powerless', '1.0', { nodeName: 'node-b' })
      await run('leaving', '1.0', { nodeName: 'node-b' })
      await Promise.all([ready('powerless'), ready('leaving')])
      await world.kubelet.stopNode('node-b')
      await world.client.delete(path('leaving'))
      await run('arriving', '1.0', { nodeName: 'node-b' })
      await run('elsewhere', '1.0', { nodeName: 'node-a' })
      await ready('elsewhere')
      expect(textAt(await get('leaving'), 'metadata', 'deletionTimestamp')).toBeDefined()
      expect(listAt(await get('arriving'), 'status', 'containerStatuses')).toEqual([])
      await world.kubelet.startNode('node-b')
      const after = await when(
        'powerless',
        'has restarted and is ready',
        (one) => conditionOf(one, 'Ready') === 'True' && numberAt(container(one), 'restartCount') === 1,
      )
      expect(recordAt(container(after), 'lastState', 'terminated')).toMatchObject({ exitCode: 255, reason: 'Unknown' })
      expect(listAt(after, 'status', 'podIPs')).toHaveLength(1)
      await ready('arriving')
      await until('the deleted one is gone', () =>
        get('leaving').then(
          () => false,
          () => true,
        ),
      )
      await expect(world.kubelet.stopNode('node-z')).rejects.toThrow(
        'no node is called node-z; there are node-a, node-b, node-c',
      )
    })

    it('a kubelet that starts again goes on with what runs', async () => {
      await run('kept', '1.0')
      const before = await ready('kept')
      await world.kubelet.stop()
      world.kubelet = await startKubelet({ kubeconfig: world.kubeconfig, nodes, speed })
      await run('fresh', '1.0')
      await ready('fresh')
      const after = await get('kept')
      expect(textAt(container(after), 'containerID')).toBe(textAt(container(before), 'containerID'))
      expect(numberAt(container(after), 'restartCount')).toBe(0)
      await world.client.delete(path('kept'))
      await until('it can still be deleted', () =>
        get('kept').then(
          () => false,
          () => true,
        ),
      )
    })

    it('a pod that is marked so hangs: its readiness fails from then on', async () => {
      await run('hangs', '1.0', {}, { readinessProbe: probe('/ready') })
      await ready('hangs')
      await world.client.patch(path('hangs'), { metadata: { annotations: { [hangAnnotation]: 'true' } } }, 'merge')
      await when('hangs', 'is not ready', (pod) => conditionOf(pod, 'Ready') === 'False')
      await told('hangs', 'Unhealthy', /context deadline exceeded/)
    })
  })
}
