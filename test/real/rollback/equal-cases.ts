import { describe, it } from 'vitest'
import type { RawObject } from '../../../src/services/kubernetes/api/json.ts'
import type { WorkloadKind } from '../../../src/services/kubernetes/api/paths.ts'
import { badReleases, isBad } from '../../world/bad-releases.ts'
import { type App, type AppOptions, failing, type RollbackWorld, settled } from '../../world/rollback-world.ts'
import { oneContainer, rareFields, twoContainers } from './templates.ts'
import { expectEqual, inFlight, rolledOut, startTwins, type Twins, withoutPods } from './twins.ts'

const kinds: readonly WorkloadKind[] = ['deployment', 'statefulset', 'daemonset']

type Case = {
  readonly name: string
  readonly kinds: readonly WorkloadKind[]
  readonly spec?: AppOptions['spec']
  /** What happens to both before they are undone. */
  readonly before: (app: App) => Promise<unknown>
  readonly to?: number
}

const release = (app: App) => rolledOut(app, '2.8.0')
const written = async (app: App, change: RawObject) => {
  await app.writes('kubectl-patch', change)
  await settled(app)
}

const cases: readonly Case[] = [
  { name: 'undo', kinds, before: release },
  {
    name: 'to a revision',
    kinds,
    before: async (app) => {
      await release(app)
      await rolledOut(app, '2.9.0')
    },
    to: 1,
  },
  {
    name: 'annotations of the revision come back, those of the object are kept',
    kinds,
    before: async (app) => {
      const annotations = { 'kubernetes.io/change-cause': 'two', note: 'changed', added: 'later', gone: null }
      const containers = [{ name: 'app', image: 'app:2.8.0' }]
      // In one write: between two, the controller may or may not have given the annotations to the first revision.
      await written(app, { metadata: { annotations }, spec: { template: { spec: { containers } } } })
    },
  },
  {
    name: 'two containers, an init container and variables that went',
    kinds,
    before: (app) => written(app, oneContainer),
    spec: twoContainers,
  },
  { name: 'a template with rare and new fields', kinds, before: release, spec: rareFields },
  {
    name: 'labels of the pods changed',
    kinds,
    before: (app) =>
      written(app, {
        metadata: { labels: { team: 'core' } },
        spec: {
          template: {
            metadata: { labels: { tier: 'web' } },
            spec: { containers: [{ name: 'app', image: 'app:2.8.0' }] },
          },
        },
      }),
  },
  {
    name: 'scaled to 0',
    kinds: ['deployment', 'statefulset'],
    before: async (app) => {
      await release(app)
      await app.writes('kubectl-scale', { spec: { replicas: 0 } })
      await withoutPods(app)
    },
  },
  { name: 'minReadySeconds', kinds, before: release, spec: { minReadySeconds: 1 } },
  {
    name: 'in flight',
    kinds: ['deployment', 'daemonset'],
    before: async (app) => {
      await app.release('2.8.0-slow')
      await inFlight(app)
    },
  },
  {
    name: 'in flight, and no history is kept',
    kinds: ['deployment'],
    spec: { revisionHistoryLimit: 0 },
    before: async (app) => {
      await app.release('2.8.0-slow')
      await inFlight(app)
    },
  },
  {
    name: 'pods that crash',
    kinds: ['deployment', 'daemonset'],
    before: async (app) => {
      await app.release('2.8.0-crash')
      await failing(app, 'CrashLoopBackOff')
    },
  },
  {
    name: 'a quota that refuses pods',
    kinds,
    before: async (app) => {
      await badReleases.quota(app)
      await isBad(app, 'quota')
    },
  },
  {
    name: 'a partition: only some pods had the release',
    kinds: ['statefulset'],
    spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } },
    before: release,
  },
]

/** Whatever came before, the two undos leave the very same objects behind. */
export function equalCases(of: () => RollbackWorld): void {
  const each = cases.flatMap((one) => one.kinds.map((kind) => ({ ...one, kind })))
  describe('equal', () => {
    it.concurrent.for(each.map((one, index) => ({ ...one, index })))(
      '$kind: $name',
      async (one, { onTestFinished: onEnd }) => {
        const options = { onEnd, kind: one.kind, ...(one.spec === undefined ? {} : { spec: one.spec }) }
        const pair: Twins = await startTwins(of(), `equal-${one.index}`, options)
        await pair.both(one.before)
        await pair.undo(one.to)
        await expectEqual(pair)
      },
    )
  })
}
