import { type Colors, routeName } from '../catalog/colors.ts'
import type { AppEntry } from '../catalog/schema.ts'
import type { Services } from '../operations/services.ts'
import { leadsTo, readRoute, routeRef, seenOf } from '../operations/switch-color/route.ts'
import type { ComponentView, SideView } from '../texts/views.ts'
import { orWhy, readApp } from './app.ts'
import { type Named, unknown } from './unknown.ts'

type Look = { readonly deep: boolean; readonly signal: AbortSignal }

/**
 * An app of two colours is as the one that serves is: its pods, its release and the health through the route. The other one
 * is told beside it; whether it could take over says nothing about how people are served now.
 */
export async function readColoredApp(
  services: Services,
  named: Named,
  app: AppEntry & { readonly colors: Colors },
  look: Look,
): Promise<ComponentView> {
  return orWhy(named, () => readBoth(services, named, app, look))
}

async function readBoth(
  services: Services,
  named: Named,
  app: AppEntry & { readonly colors: Colors },
  look: Look,
): Promise<ComponentView> {
  const { colors } = app
  const client = services.cluster(app.cluster)
  const raw = await readRoute(client, routeRef(app, colors), { signal: look.signal })
  const serving = leadsTo(seenOf(raw, colors), colors)
  const views = await Promise.all(
    colors.sides.map(({ name, workload }) => {
      const health = serving.includes(name) ? app.health : []
      return readApp(services, named, { ...app, colors: undefined, workload, health }, look)
    }),
  )
  const sides = views.map((view, index) => sideOf(view, colors.sides[index]?.name ?? '', serving))
  const live = views[sides.findIndex(({ serves }) => serves)]
  if (serving.length !== 1 || live === undefined)
    return { ...unknown(named, 'route_unclear', routeName(colors)), state: 'degraded', sides }
  return { ...live, sides }
}

function sideOf(view: ComponentView, color: string, serving: readonly string[]): SideView {
  return {
    color,
    serves: serving.includes(color),
    ready: view.ready ?? 0,
    desired: view.desired ?? 0,
    revision: view.revision,
    images: view.images,
    reason: view.state === 'healthy' ? undefined : view.reason,
  }
}
