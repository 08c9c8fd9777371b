import type { Catalog } from '../catalog/schema.ts'
import type { StatusQuery } from '../status/read.ts'
import type { Notice } from '../texts/notices.ts'
import { fold, nearest } from './words.ts'

const kinds: Readonly<Record<string, NonNullable<StatusQuery['kind']>>> = {
  app: 'app',
  apps: 'app',
  aplicacion: 'app',
  aplicaciones: 'app',
  db: 'database',
  database: 'database',
  databases: 'database',
  bd: 'database',
  base: 'database',
  bases: 'database',
  monitoring: 'monitor',
  monitor: 'monitor',
  monitoreo: 'monitor',
  monitorizacion: 'monitor',
  node: 'node',
  nodes: 'node',
  nodo: 'node',
  nodos: 'node',
}

type StatusWords =
  | { readonly kind: 'ok'; readonly query: StatusQuery }
  | Extract<Notice, { readonly kind: 'unknown_name' }>

/** `[app|db|node|monitoring|NAME]` or `KIND NAME`, in both languages; one name is looked at in depth, and so are databases. Pure. */
export function readStatusQuery(all: readonly string[], catalog: Catalog): StatusWords {
  if (all.length === 0) return { kind: 'ok', query: {} }
  const names = [...Object.keys(catalog.apps), ...Object.keys(catalog.databases), ...Object.keys(catalog.monitoring)]
  const first = fold(all[0] ?? '')
  const kind = Object.hasOwn(kinds, first) ? kinds[first] : undefined
  const word = kind === undefined ? all[0] : all[1]
  // Databases are few, and who asks for them wants to know of their backups.
  if (word === undefined) return { kind: 'ok', query: kind === undefined ? {} : { kind, deep: kind === 'database' } }
  // Nodes are the cluster's, not the catalog's: any name may be asked for.
  if (kind === 'node') return { kind: 'ok', query: { kind, name: word } }
  if (names.includes(word))
    return { kind: 'ok', query: { name: word, deep: true, ...(kind === undefined ? {} : { kind }) } }
  return { kind: 'unknown_name', value: word, allowed: names, nearest: nearest(word, names) }
}
