import type { AppEntry } from '../../catalog/schema.ts'
import { type CatalogWorkload, workloadOfApp } from '../../catalog/workloads.ts'
import type { ClusterClient, GetOptions } from '../../services/kubernetes/api/types.ts'
import { leadsTo, readRoute, routeRef, seenOf } from './route.ts'

/** The workload that people reach: of two colours the one that the route leads to, the first where it is not clear. @throws KubernetesError */
export async function servingWorkload(
  client: ClusterClient,
  app: AppEntry,
  options?: GetOptions,
): Promise<CatalogWorkload> {
  const { colors } = app
  if (colors === undefined) return workloadOfApp(app)
  const [live] = leadsTo(seenOf(await readRoute(client, routeRef(app, colors), options), colors), colors)
  const side = colors.sides.find(({ name }) => name === live)
  return workloadOfApp({ ...app, workload: side?.workload ?? app.workload })
}
