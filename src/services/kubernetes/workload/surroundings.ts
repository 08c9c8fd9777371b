import { hasStatus, KubernetesError } from '../api/errors.ts'
import { at, listAt, numberAt, type RawObject, textAt, textsAt } from '../api/json.ts'
import { inNamespace } from '../api/paths.ts'
import type { ClusterClient, GetOptions } from '../api/types.ts'
import { dataChange } from './managed-fields.ts'
import { type ConfigReference, referencesOf } from './references.ts'
import { matchesSelector, selectsLabels } from './selector.ts'
import type { Workload } from './workload.ts'

/** What stands around a workload and is not part of it. A part that could not be read is named in `unread` by its call (`list services`), never guessed. */
export type Surroundings = {
  readonly autoscaler: Autoscaler | undefined
  readonly budget: { readonly name: string; readonly disruptionsAllowed: number } | undefined
  readonly services: readonly string[]
  readonly hosts: readonly string[]
  readonly configs: readonly ConfigState[]
  readonly unread: readonly string[]
}

export type Autoscaler = { readonly name: string; readonly min: number; readonly max: number; readonly desired: number }

export type ConfigState = ConfigReference & {
  readonly exists: boolean
  /** When its data last changed, and by which field manager. */
  readonly changedAt: string | undefined
  readonly changedBy: string | undefined
}

const limits: GetOptions = { timeoutMs: 4_000 }

/** All parts at once; each may fail alone (no right to read it, no answer). Never throws. */
export async function readSurroundings(client: ClusterClient, workload: Workload): Promise<Surroundings> {
  const { namespace } = workload.address
  const labels = textsAt(workload.template, 'metadata', 'labels')
  const unread: string[] = []
  const list = async (api: string, resource: string): Promise<readonly RawObject[]> => {
    try {
      return (await client.list(inNamespace(api, namespace, resource), {}, limits)).items
    } catch (error) {
      // 404: the cluster does not have this kind at all.
      if (!hasStatus(error, 404)) unread.push(`list ${resource}`)
      if (error instanceof KubernetesError) return []
      throw error
    }
  }
  const [autoscalers, budgets, services, ingresses, configs] = await Promise.all([
    list('/apis/autoscaling/v2', 'horizontalpodautoscalers'),
    list('/apis/policy/v1', 'poddisruptionbudgets'),
    list('/api/v1', 'services'),
    list('/apis/networking.k8s.io/v1', 'ingresses'),
    readConfigs(client, namespace, referencesOf(workload.template), unread),
  ])
  const serving = services
    .filter((service) => selectsLabels(textsAt(service, 'spec', 'selector'), labels))
    .flatMap((service) => textAt(service, 'metadata', 'name') ?? [])
  return {
    autoscaler: autoscalers.filter((each) => scales(each, workload)).map(autoscalerOf)[0],
    budget: budgets.filter((each) => matchesSelector(at(each, 'spec', 'selector'), labels)).map(budgetOf)[0],
    services: serving,
    hosts: [...new Set(ingresses.flatMap((ingress) => hostsOf(ingress, serving)))],
    configs,
    unread: [...new Set(unread)],
  }
}

/** The state of ConfigMaps and Secrets by name; only their metadata is fetched. */
export async function readConfigs(
  client: ClusterClient,
  namespace: string,
  references: readonly ConfigReference[],
  unread: string[],
): Promise<readonly ConfigState[]> {
  const read = async (reference: ConfigReference): Promise<ConfigState[]> => {
    const resource = reference.kind === 'ConfigMap' ? 'configmaps' : 'secrets'
    const path = `${inNamespace('/api/v1', namespace, resource)}/${encodeURIComponent(reference.name)}`
    try {
      const change = dataChange(await client.get(path, {}, { ...limits, metadataOnly: true }))
      return [{ ...reference, exists: true, changedAt: change?.at, changedBy: change?.manager }]
    } catch (error) {
      if (hasStatus(error, 404)) return [{ ...reference, exists: false, changedAt: undefined, changedBy: undefined }]
      if (!(error instanceof KubernetesError)) throw error
      unread.push(`get ${resource}`)
      return []
    }
  }
  return (await Promise.all(references.map(read))).flat()
}

function scales(autoscaler: RawObject, workload: Workload): boolean {
  const target = at(autoscaler, 'spec', 'scaleTargetRef')
  return (
    textAt(target, 'kind')?.toLowerCase() === workload.address.kind && textAt(target, 'name') === workload.address.name
  )
}

function autoscalerOf(raw: RawObject): Autoscaler {
  return {
    name: textAt(raw, 'metadata', 'name') ?? '',
    min: numberAt(raw, 'spec', 'minReplicas') ?? 1,
    max: numberAt(raw, 'spec', 'maxReplicas') ?? 1,
    desired: numberAt(raw, 'status', 'desiredReplicas') ?? 0,
  }
}

function budgetOf(raw: RawObject): { readonly name: string; readonly disruptionsAllowed: number } {
  return {
    name: textAt(raw, 'metadata', 'name') ?? '',
    disruptionsAllowed: numberAt(raw, 'status', 'disruptionsAllowed') ?? 0,
  }
}

/** The hosts of an Ingress that lead to one of these Services. */
function hostsOf(ingress: RawObject, services: readonly string[]): string[] {
  const leads = (backend: unknown): boolean => services.includes(textAt(backend, 'service', 'name') ?? '')
  const byRule = listAt(ingress, 'spec', 'rules')
    .filter((rule) => listAt(rule, 'http', 'paths').some((path) => leads(at(path, 'backend'))))
    .flatMap((rule) => textAt(rule, 'host') ?? '*')
  return leads(at(ingress, 'spec', 'defaultBackend')) ? [...byRule, '*'] : byRule
}
