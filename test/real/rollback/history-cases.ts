import { describe, expect, it } from 'vitest'
import type { WorkloadKind } from '../../../src/services/kubernetes/api/paths.ts'
import { decide } from '../../kubernetes/scenario.ts'
import { until } from '../../world/back-end.ts'
import { remove } from '../../world/rollback-trouble.ts'
import { type App, createWorkload, type RollbackWorld, settled } from '../../world/rollback-world.ts'
import { expectEqual, rolledOut, startTwins, type Twins } from './twins.ts'

const kinds: readonly WorkloadKind[] = ['deployment', 'statefulset', 'daemonset']

/** Which revisions there are to go back to: both see the same ones, and refuse where there is none. */
export function historyCases(of: () => RollbackWorld): void {
  describe('the history', () => {
    const nothingToGoTo = async (pair: Twins, image: string) => {
      const { code, err } = await pair.kubectl('rollout', 'undo', `${pair.theirs.kind}/porttrack-app`)
      expect(code).toBe(1)
      expect(err).toMatch(/no rollout history found|no last revision to roll back to/)
      expect(await decide(pair.ours)).toMatchObject({ kind: 'refuse', reason: 'no_history' })
      await expectEqual(pair, image)
    }

    it.concurrent.for(kinds)('of a %s that keeps none: both refuse', async (kind, { onTestFinished: onEnd }) => {
      const pair = await startTwins(of(), `limit-${kind}`, { onEnd, kind, spec: { revisionHistoryLimit: 0 } })
      await pair.both(async (app) => {
        await rolledOut(app, '2.8.0')
        await until('the old revision is gone', async () => (await revisionsOf(app)) === 1)
      })
      await nothingToGoTo(pair, 'app:2.8.0')
    })

    it.concurrent('of one made again under the same name: what belonged to the first is not its own', async ({
      onTestFinished: onEnd,
    }) => {
      const pair = await startTwins(of(), 'made-again', { onEnd })
      await pair.both(async (app) => {
        await rolledOut(app, '2.8.0')
        await remove(app)
        // Else the new one finds a name that is taken, and counts a collision.
        await until('its revisions are gone', async () => (await revisionsOf(app)) === 0)
        await createWorkload(app)
        await settled(app)
      })
      await nothingToGoTo(pair, 'app:2.7.3')
    })

    it.concurrent('of one made again that adopts what the first left', async ({ onTestFinished: onEnd }) => {
      const pair = await startTwins(of(), 'adopts', { onEnd })
      await pair.both(async (app) => {
        await rolledOut(app, '2.8.0')
        await remove(app, 'Orphan')
        await createWorkload(app)
        await settled(app)
        await rolledOut(app, '2.9.0')
      })
      await pair.undo()
      await expectEqual(pair)
    })

    it.concurrent('a ReplicaSet with the same labels that nobody owns is adopted: a revision like the others', async ({
      onTestFinished: onEnd,
    }) => {
      const pair = await startTwins(of(), 'unowned', { onEnd })
      await pair.both(async (app) => {
        await makeReplicaSet(app, [])
        await until('it is adopted', async () => (await owned(app)) === 2)
        await rolledOut(app, '2.8.0')
      })
      await pair.undo(99)
      await expectEqual(pair, 'app:stranger')
    })

    it.concurrent('a ReplicaSet with the same labels that another owns is left alone', async ({
      onTestFinished: onEnd,
    }) => {
      const pair = await startTwins(of(), 'others', { onEnd })
      await pair.both(async (app) => {
        await makeReplicaSet(app, [await otherOwner(app)])
        await rolledOut(app, '2.8.0')
      })
      const asked = await pair.kubectl('rollout', 'undo', 'deployment/porttrack-app', '--to-revision=99')
      expect(asked.err).toContain('unable to find specified revision 99 in history')
      expect(await decide(pair.ours, { toRevision: 99 })).toMatchObject({ kind: 'refuse', reason: 'unknown_revision' })
      await pair.undo()
      await expectEqual(pair)
    })
  })
}

const replicaSets = (app: App) => `/apis/apps/v1/namespaces/${app.namespace}/replicasets`

async function revisionsOf(app: App): Promise<number> {
  const resource = app.kind === 'deployment' ? 'replicasets' : 'controllerrevisions'
  return (await app.admin.list(`/apis/apps/v1/namespaces/${app.namespace}/${resource}`)).items.length
}

/** How many ReplicaSets belong to the Deployment. */
async function owned(app: App): Promise<number> {
  const uid = await app.uid()
  const { items } = await app.admin.list(replicaSets(app))
  return items.filter((item) => JSON.stringify(item['metadata']).includes(`"uid":"${uid}"`)).length
}

async function makeReplicaSet(app: App, ownerReferences: readonly object[]): Promise<void> {
  const labels = { app: 'porttrack-app', 'pod-template-hash': 'stranger' }
  const annotations = { 'deployment.kubernetes.io/revision': '99' }
  const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'app:stranger' }] } }
  await app.admin.post(replicaSets(app), {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'stranger', labels, annotations, ownerReferences },
    spec: { replicas: 0, selector: { matchLabels: labels }, template },
  })
}

async function otherOwner({ admin, namespace }: App): Promise<object> {
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'owner' } }
  const made = await admin.post(`/api/v1/namespaces/${namespace}/configmaps`, body)
  const { uid } = made['metadata'] as { uid: string }
  return { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid, controller: true }
}
