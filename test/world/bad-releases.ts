import { conditionOf } from '../../src/services/kubernetes/workload/rollout-status.ts'
import { read } from '../kubernetes/apps.ts'
import { events, until } from './back-end.ts'
import { type App, failing } from './rollback-world.ts'

/** The ways in which a release is bad: what somebody does. */
export const badReleases = {
  crash: (app: App) => app.release('2.8.0-crash'),
  missing: (app: App) => app.release('2.8.0-missing'),
  config: (app: App) => app.release('2.8.0', { envFrom: [{ configMapRef: { name: 'nobody-made-it' } }] }),
  unready: (app: App) => app.release('2.8.0-unready'),
  quota: async (app: App) => {
    await app.admin.post(`/api/v1/namespaces/${app.namespace}/resourcequotas`, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'small' },
      spec: { hard: { 'requests.cpu': '1' } },
    })
    await until('the quota is counted', async () => {
      const quota = await app.admin.get(`/api/v1/namespaces/${app.namespace}/resourcequotas/small`)
      return JSON.stringify(quota['status'] ?? {}).includes('used')
    })
    await app.release('2.8.0', { resources: { requests: { cpu: '2' } } })
  },
}
export type BadRelease = keyof typeof badReleases

const reasons = {
  crash: 'CrashLoopBackOff',
  missing: 'ImagePullBackOff',
  config: 'CreateContainerConfigError',
  unready: 'NotReady',
}

/** Why the plan says that it is bad: pods go to and fro between two words. */
export const told: Readonly<Record<BadRelease, RegExp>> = {
  crash: /CrashLoopBackOff|Error/,
  missing: /ImagePull/,
  config: /CreateContainerConfigError/,
  unready: /Unhealthy|NotReady/,
  quota: /FailedCreate/,
}

/** Until the release shows in the API that it is bad. */
export async function isBad(app: App, bad: BadRelease): Promise<void> {
  if (bad !== 'quota') return failing(app, reasons[bad])
  await until('no pod can be created', async () => {
    if (app.kind === 'deployment') return conditionOf((await read(app)).raw, 'ReplicaFailure')?.status === 'True'
    const told = await events(app.admin, app.namespace, 'porttrack-app')
    return told.some((event) => event['reason'] === 'FailedCreate')
  })
}
