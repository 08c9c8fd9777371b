import { type Catalog, type PersonEntry, type Role, roles } from './schema.ts'

/** Somebody who asks, resolved against the catalog. `role` undefined: the catalog gives this person nothing. */
export type Person = {
  readonly name: string
  readonly slack: string | undefined
  readonly role: Role | undefined
  readonly entry: PersonEntry | undefined
}

/**
 * The person behind a Slack id; the strongest of the person's own role and the roles of the user groups.
 * @param groupIds the user groups that hold this person
 */
export function personBySlack(catalog: Catalog, slack: string, groupIds: readonly string[] = []): Person {
  const found = Object.entries(catalog.people).find(([, entry]) => entry.slack === slack)
  const fromGroups = Object.values(catalog.groups)
    .filter((group) => groupIds.includes(group.slack))
    .map((group) => group.role)
  const role = strongest([...(found === undefined ? [] : [found[1].role]), ...fromGroups])
  return { name: found?.[0] ?? slack, slack, role, entry: found?.[1] }
}

/** The person behind a login of the operating system or a pipeline's RESCUE_ACTOR: a catalog name or its `login`. */
export function personByLogin(catalog: Catalog, login: string): Person {
  const found = Object.entries(catalog.people).find(([name, entry]) => entry.login === login || name === login)
  return { name: found?.[0] ?? login, slack: found?.[1].slack, role: found?.[1].role, entry: found?.[1] }
}

/** Whether `role` includes what `needed` may do. */
export function hasRole(role: Role | undefined, needed: Role): boolean {
  return role !== undefined && roles.indexOf(role) >= roles.indexOf(needed)
}

/** Names of the people who hold at least this role, for "who could". */
export function peopleWith(catalog: Catalog, needed: Role): string[] {
  return Object.entries(catalog.people)
    .filter(([, entry]) => hasRole(entry.role, needed))
    .map(([name]) => name)
}

function strongest(given: readonly Role[]): Role | undefined {
  return given.reduce<Role | undefined>(
    (best, role) => (best === undefined || hasRole(role, best) ? role : best),
    undefined,
  )
}
