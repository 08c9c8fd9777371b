import { peopleWith } from './people.ts'
import type { Catalog, Role } from './schema.ts'

/** Who may review what was done at once: any operator who took no part in it. */
export const mayReview: Role = 'operator'

export type Reviewer = { readonly name: string; readonly slack: string | undefined }

/** @param actors names of those who took part */
export function reviewersOf(catalog: Catalog, actors: readonly string[]): readonly Reviewer[] {
  return peopleWith(catalog, mayReview)
    .filter((name) => !actors.includes(name))
    .map((name) => ({ name, slack: catalog.people[name]?.slack }))
}
