import type { NodeFacts } from './facts.ts'

/** Which nodes are ready. */
export type Nodes = {
  /** @returns whether it is ready now and was not, or the other way round */
  see(now: NodeFacts): boolean
  forget(name: string): void
  /** Not ready, or back for a moment only. A node that nobody told of is well. */
  isUnwell(name: string | undefined): boolean
  values(): Iterable<{ readonly changedAt: number }>
}

/** A node that is back needs a moment until its pods are. Seconds. */
const restSeconds = 30

export function createNodes(clock: () => number): Nodes {
  const nodes = new Map<string, { readonly ready: boolean; readonly restsUntil: number; readonly changedAt: number }>()
  return {
    see: ({ name, ready, changedAt }) => {
      const before = nodes.get(name)
      const isBack = ready && before !== undefined && !before.ready
      nodes.set(name, { ready, changedAt, restsUntil: isBack ? clock() + restSeconds : (before?.restsUntil ?? 0) })
      return before?.ready !== ready
    },
    forget: (name) => void nodes.delete(name),
    isUnwell: (name) => {
      const node = nodes.get(name ?? '')
      return node !== undefined && (!node.ready || clock() < node.restsUntil)
    },
    values: () => nodes.values(),
  }
}
