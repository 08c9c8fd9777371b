import { at, listAt, numberAt, type RawObject, textAt } from '../api/json.ts'
import { inNamespace } from '../api/paths.ts'
import type { PatchOperation } from '../workload/undo-patch.ts'

export function ingressPath(namespace: string, name: string): string {
  return `${inNamespace('/apis/networking.k8s.io/v1', namespace, 'ingresses')}/${encodeURIComponent(name)}`
}

/** One place of an Ingress that leads to a Service. */
export type Backend = {
  /** JSON pointer of the backend. */
  readonly pointer: string
  /** Pointers of the rule's host and path with their values; null where they are absent. Empty for the default backend. */
  readonly where: Readonly<Record<string, string | null>>
  readonly host: string | null
  readonly service: string
  /** The Service's port, by its name or number. */
  readonly port: string
}

/** The places that lead to one of these Services, of a host and a path where they are given. Pure. */
export function backendsOf(
  ingress: RawObject,
  services: readonly string[],
  only: { readonly host?: string | undefined; readonly path?: string | undefined },
): readonly Backend[] {
  const found = listAt(ingress, 'spec', 'rules').flatMap((rule, index) => {
    const host = textAt(rule, 'host') ?? null
    if (only.host !== undefined && host !== only.host) return []
    return listAt(rule, 'http', 'paths').flatMap((entry, position): Backend[] => {
      const path = textAt(entry, 'path') ?? null
      if (only.path !== undefined && path !== only.path) return []
      const place = `/spec/rules/${index}/http/paths/${position}`
      const where = { [`/spec/rules/${index}/host`]: host, [`${place}/path`]: path }
      return [{ pointer: `${place}/backend`, where, host, ...target(at(entry, 'backend')) }]
    })
  })
  const all = only.host === undefined && only.path === undefined
  const fallback = {
    pointer: '/spec/defaultBackend',
    where: {},
    host: null,
    ...target(at(ingress, 'spec', 'defaultBackend')),
  }
  return [...found, ...(all ? [fallback] : [])].filter(({ service }) => services.includes(service))
}

function target(backend: unknown): Pick<Backend, 'service' | 'port'> {
  const number = numberAt(backend, 'service', 'port', 'number')
  const port = textAt(backend, 'service', 'port', 'name') ?? (number === undefined ? '' : String(number))
  return { service: textAt(backend, 'service', 'name') ?? '', port }
}

/** One JSON patch that leads all these places to another Service, and applies to nothing but what people saw. */
export function backendPatch(uid: string, backends: readonly Backend[], to: string): readonly PatchOperation[] {
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    ...backends.flatMap((backend): PatchOperation[] => [
      // `test` against null holds where the path is absent.
      ...Object.entries(backend.where).map(([path, value]) => ({ op: 'test' as const, path, value })),
      { op: 'test', path: `${backend.pointer}/service/name`, value: backend.service },
    ]),
    ...backends.map(({ pointer }): PatchOperation => ({ op: 'replace', path: `${pointer}/service/name`, value: to })),
  ]
}

/** Has the Service a port of this name or number? */
export function hasPort(service: RawObject, port: string): boolean {
  return listAt(service, 'spec', 'ports').some(
    (each) => textAt(each, 'name') === port || String(numberAt(each, 'port')) === port,
  )
}
