import { hasRole, type Person, peopleWith } from '../catalog/people.ts'
import type { Catalog, Role } from '../catalog/schema.ts'

export type Denied = { readonly needed: Role; readonly who: readonly string[] }

/** May this person see status, history and plans? Undefined when so. */
export function mayLook(catalog: Catalog, person: Person): Denied | undefined {
  if (catalog.look === 'everyone' || hasRole(person.role, 'viewer')) return undefined
  return { needed: 'viewer', who: peopleWith(catalog, 'approver') }
}
