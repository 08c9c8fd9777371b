import { expect, it } from 'vitest'
import { until } from './back-end.ts'
import { type ColoredApp, type ColorOptions, colorOf, decide, execute, plan } from './color-world.ts'

type StartApp = (namespace: string, more?: Omit<ColorOptions, 'namespace' | 'onEnd'>) => Promise<ColoredApp>

/** What must not be switched, before anybody is asked and after they said yes. */
export function refusedCases(app: StartApp): void {
  const refusal = async (one: ColoredApp, params = {}) => {
    const decision = await decide(one, params)
    return decision.kind === 'proceed' ? decision.kind : decision.reason
  }
  const readyIs = (one: ColoredApp, color: string, count: number | undefined) =>
    until(`${color} has ${count} ready pods`, async () => {
      const { status } = JSON.parse(JSON.stringify(await one.deployment(color))) as {
        status: { readyReplicas?: number }
      }
      return status.readyReplicas === count
    })

  it.concurrent('to a colour that is there already, one that nobody knows, or a route that leads to neither', async () => {
    const one = await app('words')
    expect(await refusal(one, { to: 'blue' })).toBe('already_there')
    expect(await refusal(one, { to: 'purple' })).toBe('unknown_color')
    await one.writes('somebody', one.routePath, { spec: { selector: { color: 'purple' } } })
    expect(await refusal(one)).toBe('route_unclear')
    await one.writes('somebody', one.routePath, { spec: { selector: { color: null } } })
    expect(await decide(one, { to: 'green' })).toMatchObject({
      reason: 'route_unclear',
      detail: { leadsTo: ['blue', 'green'] },
    })
    await one.admin.delete(one.routePath)
    expect(await refusal(one)).toBe('not_found')
  })

  it.concurrent('to a colour that is scaled to zero, not ready, or gone', async () => {
    const one = await app('unready')
    await one.writes('somebody', one.deploymentPath('green'), { spec: { replicas: 0 } })
    await readyIs(one, 'green', undefined)
    expect(await refusal(one)).toBe('scaled_to_zero')
    const spec = { replicas: 3, template: { spec: { nodeSelector: { disk: 'none' } } } }
    await one.writes('somebody', one.deploymentPath('green'), { spec })
    expect(await refusal(one)).toBe('not_ready')
    one.broken.add('blue')
    expect(await decide(one), 'neither works').toMatchObject({
      reason: 'both_broken',
      detail: { from: { color: 'blue' }, to: { color: 'green', ready: 0, desired: 3 }, health: [{ ok: false }] },
    })
    await one.admin.delete(one.deploymentPath('green'))
    expect(await refusal(one)).toBe('target_missing')
  })

  it.concurrent('to a colour in the middle of a rollout: its ready pods are not of the version that is shown', async () => {
    const one = await app('mixed')
    const readinessProbe = { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 1 }
    const ports = [{ name: 'http', containerPort: 3000 }]
    const containers = [{ name: 'web', image: 'web:2.9.0-unready', ports, readinessProbe }]
    await one.writes('pipeline', one.deploymentPath('green'), { spec: { template: { spec: { containers } } } })
    await until('both pods are of the revision before', async () => (await refusal(one)) === 'not_ready')
    expect(await decide(one)).toMatchObject({ detail: { to: { ready: 2, desired: 2, old: 2 } } })
  })

  it.concurrent('to a colour that the Service would not find, and it says what is missing', async () => {
    const one = await app('unreached')
    await one.writes('somebody', one.routePath, { spec: { selector: { app: 'web', color: 'blue', tier: 'front' } } })
    expect(await decide(one)).toMatchObject({
      reason: 'no_endpoints',
      detail: { to: { color: 'green', ready: 2, missingLabels: { tier: 'front' } } },
    })
    const ports = [{ name: 'http', port: 80, targetPort: 'metrics' }]
    await one.writes('somebody', one.routePath, { spec: { ports, selector: { tier: null } } })
    expect(await decide(one)).toMatchObject({ reason: 'no_endpoints', detail: { to: { missingPorts: ['metrics'] } } })
  })

  it.concurrent('to a Service without the port that the Ingress asks for', async () => {
    const one = await app('portless', { route: 'ingress' })
    const path = `/api/v1/namespaces/${one.namespace}/services/web-green`
    await one.writes('somebody', path, { spec: { ports: [{ name: 'web', port: 80, targetPort: 'http' }] } })
    expect(await decide(one)).toMatchObject({ reason: 'no_endpoints', detail: { to: { missingPorts: ['http'] } } })
  })

  it.concurrent('when only a part of it is ready; where what serves is broken, it is better than nothing', async () => {
    const one = await app('part')
    // No more pods than there are: the third of green is never made.
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'pods' }, spec: { hard: { pods: '4' } } }
    await one.admin.post(`/api/v1/namespaces/${one.namespace}/resourcequotas`, quota)
    await one.writes('somebody', one.deploymentPath('green'), { spec: { replicas: 3 } })
    await until('more are wanted than are ready', async () => (await refusal(one)) === 'not_ready')
    one.broken.add('blue')
    const decision = await decide(one)
    expect(decision.kind).toBe('proceed')
    expect(JSON.stringify(decision)).toContain('target_partial')
  })

  it.concurrent('when somebody switched, recreated or released meanwhile: nothing is changed, and it says who', async () => {
    const one = await app('moved')
    const seen = await plan(one)
    await one.writes('somebody', one.routePath, { spec: { selector: { color: 'green' } } })
    expect((await execute(one, seen)).outcome).toMatchObject({ kind: 'nothing_to_do', reason: 'already_there' })
    await one.writes('somebody', one.routePath, { spec: { selector: { color: 'purple' } } })
    const elsewhere = await execute(one, seen)
    expect(elsewhere.outcome).toMatchObject({
      kind: 'refused',
      reason: 'world_moved',
      detail: { switched: false, moved: [{ field: 'route', by: 'somebody' }] },
    })
    expect(elsewhere.steps).toEqual(['compareWithPlan'])
    await one.writes('somebody', one.routePath, { spec: { selector: { color: 'blue' } } })
    const containers = [{ name: 'web', image: 'web:2.9.0', ports: [{ name: 'http', containerPort: 3000 }] }]
    await one.writes('pipeline', one.deploymentPath('green'), { spec: { template: { spec: { containers } } } })
    expect((await execute(one, seen)).outcome).toMatchObject({
      reason: 'world_moved',
      detail: { moved: [{ field: 'target', before: 'web:2.7.3', after: 'web:2.9.0' }] },
    })
    expect(await colorOf(one.admin, one.routePath)).toBe('blue')
  })

  it.concurrent('when pods of the chosen colour went down meanwhile', async () => {
    const one = await app('down')
    const seen = await plan(one)
    await one.writes('somebody', one.deploymentPath('green'), { spec: { replicas: 1 } })
    await readyIs(one, 'green', 1)
    expect((await execute(one, seen)).outcome).toMatchObject({
      reason: 'world_moved',
      detail: { moved: [{ field: 'readiness', before: '2', after: '1' }] },
    })
  })
}
