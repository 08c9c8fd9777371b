import type { Document } from 'mongodb'
import type { Connected } from './client.ts'

/** Actions that restoring, proving and exchanging need, by the built-in role that brings them (manual, "Privilege Actions"). */
const needed = {
  readWrite: [
    'find',
    'insert',
    'remove',
    'createCollection',
    'createIndex',
    'dropCollection',
    'renameCollectionSameDB',
    'listCollections',
    'listIndexes',
    'collStats',
  ],
  dbAdmin: ['collMod'],
} as const

export type MissingRole = { readonly role: keyof typeof needed; readonly actions: readonly string[] }
export type Rights = { readonly user: string | undefined; readonly missing: readonly MissingRole[] }

/** What the account may not do on its database, asked without doing it. A server without accounts lets everybody do all. */
export async function readRights({ db }: Connected): Promise<Rights> {
  const answer = await db.command({ connectionStatus: 1, showPrivileges: true })
  const info: Document = answer['authInfo'] ?? {}
  const users: readonly Document[] = info['authenticatedUsers'] ?? []
  const user = users[0] === undefined ? undefined : `${users[0]['user']}@${users[0]['db']}`
  const privileges: readonly Document[] | undefined = info['authenticatedUserPrivileges']
  // Nobody signed in, or a server that does not tell: what it refuses is seen when the copy is made, and harmless there.
  if (user === undefined || privileges === undefined) return { user, missing: [] }
  const may = new Set(privileges.filter((each) => covers(each['resource'], db.databaseName)).flatMap(actionsOf))
  const lacks = (role: MissingRole['role']) =>
    needed[role].filter((action) => !may.has(action) && !may.has('anyAction'))
  const missing = (['readWrite', 'dbAdmin'] as const)
    .map((role) => ({ role, actions: lacks(role) }))
    .filter(({ actions }) => actions.length > 0)
  return { user, missing }
}

const actionsOf = (privilege: Document): readonly string[] => privilege['actions'] ?? []

/** Of the whole database: a right on one collection is no right to make others. */
function covers(resource: Document | undefined, database: string): boolean {
  if (resource === undefined) return false
  if (resource['anyResource'] === true) return true
  return resource['collection'] === '' && (resource['db'] === '' || resource['db'] === database)
}
