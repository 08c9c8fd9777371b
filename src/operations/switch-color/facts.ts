import type { Colors } from '../../catalog/colors.ts'
import type { AppEntry, Catalog } from '../../catalog/schema.ts'
import { checkHealth } from '../../services/http/health.ts'
import type { ClusterClient } from '../../services/kubernetes/api/types.ts'
import { mayI } from '../../services/kubernetes/rights/access-review.ts'
import { readEndpoints } from '../../services/kubernetes/route/endpoints.ts'
import { appOf } from '../rollback/workload-ref.ts'
import type { Services } from '../services.ts'
import { earlierSwitches } from './earlier.ts'
import { readRoute, routeFacts, routeRef, seenOf } from './route.ts'
import { orNone, readSide } from './sides.ts'
import type { RouteRef, SwitchFacts, SwitchParams } from './types.ts'

/** A check of the catalog may wait longer than people like to wait for a plan. */
const healthMs = 4_000

/** What a run locks: the object that decides, whichever of its two colours serves. */
export function routeTarget({ cluster, namespace, kind, name }: RouteRef): string {
  return `${cluster}/${namespace}/${kind}/${name}`
}

/** The lock of a switch; an app that has no colours any more is locked by its workload. */
export function switchTarget(app: AppEntry): string {
  const { colors } = app
  if (colors !== undefined) return routeTarget(routeRef(app, colors))
  const [kind = '', name = ''] = app.workload.split('/')
  return `${app.cluster}/${app.namespace}/${kind}/${name}`
}

/**
 * The route first, then both sides, the health through it and what earlier runs tell, all at once.
 * @throws KubernetesError when the route or a side cannot be read
 */
export async function readSwitchFacts(params: SwitchParams, services: Services): Promise<SwitchFacts> {
  const app = appOf(services.catalog, params.app)
  const { colors } = app
  const named = { app: params.app, colors, environment: app.environment, readAt: new Date().toISOString() }
  if (colors === undefined)
    return { ...named, route: undefined, sides: [], health: [], failed: [], left: [], mayPatch: true }
  const client = services.cluster(app.cluster)
  const ref = routeRef(app, colors)
  const raw = await orNone(readRoute(client, ref))
  const route = routeFacts(ref, raw, colors)
  const limit = AbortSignal.timeout(healthMs)
  const [sides, health, earlier, mayPatch] = await Promise.all([
    raw === undefined
      ? []
      : Promise.all(
          colors.sides.map(async (side) => ({
            ...(await readSide(client, app, side, { raw, seen: seenOf(raw, colors) })),
            app: aloneIn(services.catalog, app, side.workload),
          })),
        ),
    Promise.all(app.health.map((check) => checkHealth(check, limit))),
    earlierSwitches(services.db, routeTarget(ref)),
    mayChange(services, client, ref),
    mayWatch(client, ref, colors),
  ])
  return { ...named, route, sides, health, ...earlier, mayPatch }
}

/** One colour may be an app of its own too: then it can be rolled back by itself. */
function aloneIn({ apps }: Catalog, { cluster, namespace }: AppEntry, workload: string): string | undefined {
  return Object.keys(apps).find((name) => {
    const other = apps[name]
    const same = other?.cluster === cluster && other.namespace === namespace && other.workload === workload
    return same && other.colors === undefined
  })
}

function mayChange(services: Services, client: ClusterClient, { cluster, namespace, kind, name }: RouteRef) {
  // Where people are impersonated, it is their own rights that decide.
  if (services.catalog.clusters[cluster]?.impersonate === true) return true
  const what = kind === 'service' ? { group: '', resource: 'services' } : ingresses
  return mayI(client, { verb: 'patch', ...what, namespace, name })
}

const ingresses = { group: 'networking.k8s.io', resource: 'ingresses' }

/** A right to look that is missing shows now, and not after the switch. @throws KubernetesError */
async function mayWatch(client: ClusterClient, ref: RouteRef, { sides }: Colors): Promise<void> {
  await readEndpoints(client, ref.namespace, ref.kind === 'service' ? ref.name : (sides[0].service ?? ''))
}
