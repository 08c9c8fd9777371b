import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'

export const deployFolder = resolve(import.meta.dirname, '../../../deploy/kubernetes')

/** One right of a role. */
export type Triple = { readonly group: string; readonly resource: string; readonly verb: string }

const role = z.object({
  kind: z.literal('ClusterRole'),
  metadata: z.object({ name: z.string() }),
  rules: z.array(
    z.object({ apiGroups: z.array(z.string()), resources: z.array(z.string()), verbs: z.array(z.string()) }),
  ),
})

/** What a ClusterRole of deploy/ grants, right by right. @throws Error when the file has none of this name */
export function grantedBy(file: string, name: string): readonly Triple[] {
  for (const document of parseAllDocuments(readFileSync(join(deployFolder, file), 'utf8'))) {
    const found = role.safeParse(document.toJS())
    if (!found.success || found.data.metadata.name !== name) continue
    return found.data.rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => ({ group, resource, verb })))),
    )
  }
  throw new Error(`${file} has no ClusterRole ${name}`)
}

export const words = ({ verb, resource }: Triple): string => `${verb} ${resource}`

export const asRules = (triples: readonly Triple[]): readonly object[] =>
  triples.map(({ group, resource, verb }) => ({ apiGroups: [group], resources: [resource], verbs: [verb] }))
