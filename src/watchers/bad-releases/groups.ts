/** Things by uid, and by the uid of what they belong to. */
export type Groups<T extends { readonly uid: string }> = {
  put(item: T): void
  drop(uid: string): void
  get(uid: string): T | undefined
  of(group: string): readonly T[]
  values(): Iterable<T>
}

export function createGroups<T extends { readonly uid: string }>(groupOf: (item: T) => string): Groups<T> {
  const all = new Map<string, T>()
  // Ten thousand pods must fit in little memory: groups know uids alone.
  const groups = new Map<string, Set<string>>()
  const drop = (uid: string): void => {
    const item = all.get(uid)
    if (item === undefined) return
    all.delete(uid)
    const group = groups.get(groupOf(item))
    group?.delete(uid)
    if (group?.size === 0) groups.delete(groupOf(item))
  }
  return {
    put: (item) => {
      const before = all.get(item.uid)
      // An orphan that was adopted belongs to another now.
      if (before !== undefined && groupOf(before) !== groupOf(item)) drop(item.uid)
      all.set(item.uid, item)
      const group = groups.get(groupOf(item)) ?? new Set<string>()
      groups.set(groupOf(item), group.add(item.uid))
    },
    drop,
    get: (uid) => all.get(uid),
    of: (group) => [...(groups.get(group) ?? [])].flatMap((uid) => all.get(uid) ?? []),
    values: () => all.values(),
  }
}
