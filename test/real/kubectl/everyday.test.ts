import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { realPartsMissing } from '../kubernetes/programs.ts'
import { kubectlWorld, manifest } from './world.ts'

const missing = realPartsMissing('kubectl')

describe.skipIf(missing !== undefined)(
  `real kubectl in everyday use${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let world: Awaited<ReturnType<typeof kubectlWorld>>
    beforeAll(async () => {
      world = await kubectlWorld()
      await world.kubectl('apply -f -', manifest('shop', 'shop:1'))
      await world.kubectl('rollout status deployment/shop --timeout=30s')
    })
    afterAll(() => world?.[Symbol.asyncDispose]())

    it('get: columns, wide, all namespaces, selectors, yaml, names, sorting', async () => {
      expect(await world.kubectl('get deployments')).toMatch(
        /^NAME\s+READY\s+UP-TO-DATE\s+AVAILABLE\s+AGE\nshop\s+2\/2\s+2\s+2\s+\d+s\n$/,
      )
      expect(await world.kubectl('get deployments -o wide')).toMatch(
        /CONTAINERS\s+IMAGES\s+SELECTOR\nshop.*web\s+shop:1\s+app=shop\n$/,
      )
      expect(await world.kubectl('get pods -A -o wide')).toMatch(
        /^NAMESPACE\s+NAME\s+READY\s+STATUS\s+RESTARTS\s+AGE\s+IP\s+NODE\s+NOMINATED NODE\s+READINESS GATES\ndefault\s+shop-\w+-\w+\s+1\/1\s+Running\s+0/,
      )
      expect(await world.kubectl('get nodes')).toMatch(/node-a\s+Ready\s+\S+\s+\d+s\s+v1\.36\.3\n/)
      expect(await world.kubectl('get pods -l app=nothing')).toBe('')
      expect(await world.kubectl('get pods -A --field-selector=status.phase!=Running')).toBe('')
      expect(await world.kubectl('get deployment shop -o yaml')).toMatch(/^apiVersion: apps\/v1\nkind: Deployment\n/)
      expect(await world.kubectl('get rs,deploy -o name')).toMatch(
        /^replicaset\.apps\/shop-\w+\ndeployment\.apps\/shop\n$/,
      )
      expect((await world.try('get deployment nothing')).err).toBe(
        'Error from server (NotFound): deployments.apps "nothing" not found\n',
      )
      expect(await world.kubectl('get all')).toContain('deployment.apps/shop')
      expect(await world.kubectl('api-resources --api-group=apps -o name')).toBe(
        'controllerrevisions.apps\ndaemonsets.apps\ndeployments.apps\nreplicasets.apps\nstatefulsets.apps\n',
      )
    })

    it('describe a deployment, a pod, a node, with their events', async () => {
      const deployment = await world.kubectl('describe deployment shop')
      expect(deployment).toMatch(/Replicas:\s+2 desired \| 2 updated \| 2 total \| 2 available \| 0 unavailable/)
      expect(deployment).toMatch(/Progressing\s+True\s+NewReplicaSetAvailable/)
      expect(deployment).toMatch(
        /Normal\s+ScalingReplicaSet\s+\S+\s+deployment-controller\s+Scaled up replica set shop-\w+ from 0 to 2/,
      )
      const [name] = (await world.kubectl('get pods -l app=shop -o name')).split('\n')
      const pod = await world.kubectl(`describe ${name}`)
      expect(pod).toMatch(/Controlled By:\s+ReplicaSet\/shop-\w+/)
      expect(pod).toMatch(/Normal\s+Scheduled\s+.*Successfully assigned default\/shop-\w+-\w+ to node-[abc]/)
      expect(await world.kubectl('describe node node-a')).toMatch(/Ready\s+True/)
      expect(await world.kubectl('events --for deployment/shop')).toContain('ScalingReplicaSet')
    })

    it('scale, patch and edit-like changes', async () => {
      expect(await world.kubectl('scale deployment shop --replicas=3')).toBe('deployment.apps/shop scaled\n')
      await world.kubectl('wait --for=jsonpath={.status.readyReplicas}=3 deployment/shop --timeout=30s')
      expect(await world.kubectl('patch deployment shop -p {"spec":{"replicas":2}}')).toBe(
        'deployment.apps/shop patched\n',
      )
      // What the controller writes between kubectl's reading and its patch counts as a change too.
      for (const field of ['replicas', 'readyReplicas', 'availableReplicas'])
        await world.kubectl(`wait --for=jsonpath={.status.${field}}=2 deployment/shop --timeout=30s`)
      await expect
        .poll(() => world.kubectl('get pods -l app=shop -o name').then((all) => all.trim().split('\n').length), {
          timeout: 30_000,
        })
        .toBe(2)
      expect(
        await world.kubectl(
          'patch deployment shop --type=json -p [{"op":"replace","path":"/spec/replicas","value":2}]',
        ),
      ).toBe('deployment.apps/shop patched (no change)\n')
      const refused = await world.try(
        'patch deployment shop --type=json -p [{"op":"test","path":"/spec/replicas","value":9}]',
      )
      expect(refused.err).toContain('The request is invalid')
      expect((await world.try('patch deployment shop -p {"spec":{"replicas":-1}}')).err).toContain(
        'The Deployment "shop" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
      )
      expect(await world.kubectl('set env deployment/shop COLOUR=blue')).toBe('deployment.apps/shop env updated\n')
      expect(await world.kubectl('set env deployment/shop --list')).toContain('COLOUR=blue')
      expect(await world.kubectl('label deployment shop team=a')).toBe('deployment.apps/shop labeled\n')
      await world.kubectl('autoscale deployment shop --min=1 --max=4')
      expect(await world.kubectl('get hpa')).toMatch(/shop\s+Deployment\/shop\s+cpu: <unknown>\/80%\s+1\s+4/)
    })

    it('apply on the client side keeps its own record and merges three ways', async () => {
      expect(await world.kubectl('apply -f -', manifest('kept', 'kept:1'))).toBe('deployment.apps/kept created\n')
      await world.kubectl('scale deployment kept --replicas=1')
      expect(await world.kubectl('apply -f -', manifest('kept', 'kept:2', { minReadySeconds: 1 }))).toBe(
        'deployment.apps/kept configured\n',
      )
      expect(
        await world.kubectl(
          'get deployment kept -o jsonpath={.spec.replicas},{.spec.minReadySeconds},{.spec.template.spec.containers[0].image}',
        ),
      ).toBe('2,1,kept:2')
      expect(await world.kubectl('apply -f -', manifest('kept', 'kept:2'))).toBe('deployment.apps/kept configured\n')
      expect(
        await world.kubectl('get deployment kept -o jsonpath={.spec.minReadySeconds}'),
        'what is no longer there goes',
      ).toBe('')
      expect(await world.kubectl('apply -f -', manifest('kept', 'kept:2'))).toBe('deployment.apps/kept unchanged\n')
      expect((await world.try('diff -f -', manifest('kept', 'kept:3'))).out).toContain('kept:3')
      expect(
        (await world.try('apply -f -', manifest('kept', 'kept:2').replace('"replicas"', '"replicass"'))).err,
      ).toContain('unknown field "spec.replicass"')
    })

    it('apply on the server side: conflicts name the other manager', async () => {
      const both = (image: string) => manifest('ours', image)
      expect(await world.kubectl('apply --server-side --field-manager=a -f -', both('ours:1'))).toBe(
        'deployment.apps/ours serverside-applied\n',
      )
      const refused = await world.try('apply --server-side --field-manager=b -f -', both('ours:2'))
      expect(refused.err).toContain(
        'Apply failed with 1 conflict: conflict with "a": .spec.template.spec.containers[name="web"].image',
      )
      expect(await world.kubectl('apply --server-side --field-manager=b --force-conflicts -f -', both('ours:2'))).toBe(
        'deployment.apps/ours serverside-applied\n',
      )
      expect(await world.kubectl('get deployment ours -o yaml --show-managed-fields')).toMatch(
        /manager: b\n\s+operation: Apply/,
      )
    })

    it('cordon, drain and uncordon', async () => {
      const node = (await world.kubectl('get pods -l app=shop -o jsonpath={.items[0].spec.nodeName}')).trim()
      expect(await world.kubectl(`cordon ${node}`)).toBe(`node/${node} cordoned\n`)
      expect(await world.kubectl(`get node ${node}`)).toMatch(/Ready,SchedulingDisabled/)
      const drained = await world.kubectl(`drain ${node} --ignore-daemonsets --delete-emptydir-data --timeout=40s`)
      expect(drained).toContain(`node/${node} drained`)
      await world.kubectl('wait --for=jsonpath={.status.availableReplicas}=2 deployment/shop --timeout=40s')
      expect(await world.kubectl(`get pods -l app=shop --field-selector=spec.nodeName=${node}`)).toBe('')
      expect(await world.kubectl(`uncordon ${node}`)).toBe(`node/${node} uncordoned\n`)
    })

    it('logs, cluster-info, version, auth', async () => {
      expect(await world.kubectl('logs deployment/shop --tail=20')).toContain('listening on')
      expect(await world.kubectl('cluster-info')).toContain('Kubernetes control plane')
      expect(await world.kubectl('version')).toContain('Server Version: v1.36.3')
      expect(await world.kubectl('auth can-i delete pods')).toBe('yes\n')
      expect(await world.kubectl('auth whoami')).toContain('kubernetes-admin')
      expect(await world.kubectl('explain deployment.spec.replicas')).toContain('FIELD: replicas <integer>')
    })

    it('create, expose, delete', async () => {
      await world.kubectl('create configmap settings --from-literal=a=b')
      await world.kubectl('create secret generic keys --from-literal=p=q')
      expect(await world.kubectl('get secret keys -o jsonpath={.data.p}')).toBe('cQ==')
      await world.kubectl('create namespace other')
      await world.kubectl('expose deployment shop --port=80')
      expect(await world.kubectl('describe service shop')).toMatch(/Endpoints:\s+\d+\.\d+\.\d+\.\d+:80/)
      expect(await world.kubectl('delete namespace other')).toContain('namespace "other" deleted')
      expect(await world.kubectl('delete deployment shop --wait')).toContain('deployment.apps "shop" deleted')
      await world.kubectl('wait --for=delete pod -l app=shop --timeout=30s')
    })
  },
)
