import { hasStatus } from '../../src/services/kubernetes/api/errors.ts'
import { type RawObject, recordAt } from '../../src/services/kubernetes/api/json.ts'
import type { Api } from './api.ts'
import type { ContainerSpec, PodSpec } from './pod-spec.ts'

type Kind = 'configmap' | 'secret'
type Wanted = { readonly kind: Kind; readonly name: string; readonly key?: string }

const paths = { configmap: 'configmaps', secret: 'secrets' } as const
const titles = { configmap: 'ConfigMap', secret: 'Secret' } as const

/**
 * What the container's environment refers to and the namespace does not hold, in the kubelet's words; undefined: all is there.
 * @throws KubernetesError when the cluster is away
 */
export async function missingReference(
  api: Api,
  namespace: string,
  container: ContainerSpec,
): Promise<string | undefined> {
  return firstMissing(api, namespace, wantedBy(container))
}

/** As `missingReference`, for the volumes that must be mounted before any container is created. */
export async function missingVolume(api: Api, namespace: string, spec: PodSpec): Promise<string | undefined> {
  for (const volume of spec.volumes) {
    const wanted = volumeReference(volume)
    if (wanted === undefined) continue
    const missing = await firstMissing(api, namespace, [wanted])
    if (missing !== undefined) return `MountVolume.SetUp failed for volume "${volume.name}" : ${missing}`
  }
  return undefined
}

function wantedBy(container: ContainerSpec): Wanted[] {
  const wanted: Wanted[] = []
  const want = (kind: Kind, ref: { name: string; key?: string; optional: boolean } | undefined) => {
    if (ref !== undefined && !ref.optional)
      wanted.push({ kind, name: ref.name, ...(ref.key === undefined ? {} : { key: ref.key }) })
  }
  for (const source of container.envFrom) {
    want('configmap', source.configMapRef)
    want('secret', source.secretRef)
  }
  for (const variable of container.env) {
    want('configmap', variable.valueFrom?.configMapKeyRef)
    want('secret', variable.valueFrom?.secretKeyRef)
  }
  return wanted
}

function volumeReference(volume: PodSpec['volumes'][number]): Wanted | undefined {
  if (volume.configMap !== undefined && !volume.configMap.optional)
    return { kind: 'configmap', name: volume.configMap.name }
  if (volume.secret !== undefined && !volume.secret.optional) return { kind: 'secret', name: volume.secret.secretName }
  return undefined
}

async function firstMissing(api: Api, namespace: string, wanted: readonly Wanted[]): Promise<string | undefined> {
  const found = new Map<string, RawObject | undefined>()
  for (const { kind, name, key } of wanted) {
    const path = `/api/v1/namespaces/${namespace}/${paths[kind]}/${name}`
    if (!found.has(path)) found.set(path, await read(api, path))
    const object = found.get(path)
    if (object === undefined) return `${kind} "${name}" not found`
    const keys = { ...recordAt(object, 'data'), ...recordAt(object, 'binaryData') }
    if (key !== undefined && !Object.hasOwn(keys, key))
      return `couldn't find key ${key} in ${titles[kind]} ${namespace}/${name}`
  }
  return undefined
}

async function read(api: Api, path: string): Promise<RawObject | undefined> {
  try {
    return await api.client.get(path)
  } catch (error) {
    if (hasStatus(error, 404)) return undefined
    throw error
  }
}
