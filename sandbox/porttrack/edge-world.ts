import { pino } from 'pino'
import { listAt, type RawObject, recordAt, textAt } from '../../src/services/kubernetes/api/json.ts'
import { type Projection, startReflector } from '../../src/services/kubernetes/watch/reflector.ts'
import { connectApi } from '../kubelet/api.ts'
import { parseImage, shortName } from '../kubelet/images.ts'

type Slice = Projection & { readonly service: string; readonly ready: readonly string[]; readonly known: number }
type Pod = Projection & { readonly app: string; readonly version: string }

/** Who would answer a request for a Service now. */
export type Answerer =
  | { readonly kind: 'pod'; readonly pod: string; readonly app: string; readonly version: string }
  | {
      readonly kind: 'none'
      readonly reason: 'no_such_service' | 'no_endpoints' | 'no_ready_endpoint'
      readonly known: number
    }

export type EdgeWorld = { answerer(namespace: string, service: string): Answerer; stop(): Promise<void> }

/** Follows Services, their EndpointSlices and pods. Resolves when all are known. */
export async function followServices(kubeconfig: string): Promise<EdgeWorld> {
  const api = connectApi(kubeconfig, 'edge')
  const off = new AbortController()
  const shared = { client: api.client, signal: off.signal, log: pino({ level: 'silent' }), longestPauseMs: 2_000 }
  const services = startReflector<Projection>({ ...shared, path: '/api/v1/services', project: named })
  const pods = startReflector<Pod>({ ...shared, path: '/api/v1/pods', project: podOf })
  const slices = startReflector<Slice>({
    ...shared,
    path: '/apis/discovery.k8s.io/v1/endpointslices',
    project: sliceOf,
  })
  await Promise.all([services.synced, pods.synced, slices.synced])
  let turn = 0
  return {
    answerer: (namespace, name) => {
      if (services.get(namespace, name) === undefined) return { kind: 'none', reason: 'no_such_service', known: 0 }
      const own = [...slices.values()].filter((slice) => slice.namespace === namespace && slice.service === name)
      const ready = [...new Set(own.flatMap((slice) => slice.ready))].sort()
      const known = own.reduce((sum, slice) => sum + slice.known, 0)
      const pod = ready[turn++ % Math.max(1, ready.length)]
      if (pod === undefined) return { kind: 'none', reason: known === 0 ? 'no_endpoints' : 'no_ready_endpoint', known }
      const { app, version } = pods.get(namespace, pod) ?? { app: name, version: 'unknown' }
      return { kind: 'pod', pod, app, version }
    },
    stop: async () => {
      off.abort()
      await Promise.all([services.done, pods.done, slices.done])
      await api.close()
    },
  }
}

function named(raw: RawObject): Projection {
  const text = (name: string) => textAt(raw, 'metadata', name) ?? ''
  return { uid: text('uid'), namespace: text('namespace'), name: text('name') }
}

function podOf(raw: RawObject): Pod {
  const image = textAt(listAt(raw, 'spec', 'containers')[0], 'image') ?? ''
  const app = textAt(raw, 'metadata', 'labels', 'app') ?? shortName(image)
  return { ...named(raw), app, version: parseImage(image)?.tag ?? 'unknown' }
}

function sliceOf(raw: RawObject): Slice {
  const endpoints = listAt(raw, 'endpoints')
  const ready = endpoints.filter((one) => recordAt(one, 'conditions')['ready'] !== false)
  return {
    ...named(raw),
    service: textAt(raw, 'metadata', 'labels', 'kubernetes.io/service-name') ?? '',
    ready: ready.flatMap((one) => textAt(one, 'targetRef', 'name') ?? []),
    known: endpoints.length,
  }
}
