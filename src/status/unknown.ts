import type { ComponentView } from '../texts/views.ts'

export type Named = Pick<ComponentView, 'kind' | 'name' | 'where'>

/** What is said when a look could not be had. */
export function unknown(named: Named, reason: string, detail: string | undefined): ComponentView {
  const nothing = {
    ready: undefined,
    desired: undefined,
    revision: undefined,
    images: [],
    pods: [],
    health: [],
    run: undefined,
  }
  return { ...named, state: 'unknown', reason, detail, ...nothing }
}
