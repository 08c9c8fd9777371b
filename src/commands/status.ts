import { mayLook } from '../operations/look.ts'
import { readStatus, type StatusQuery } from '../status/read.ts'
import type { Surface } from '../surface/types.ts'
import { asksForHelp, fold, nearest, words } from '../surface/words.ts'
import { helpCard } from '../texts/cards/help.ts'
import { noticeCard } from '../texts/cards/notice.ts'
import { statusCard } from '../texts/cards/status.ts'
import { statusDetailCard } from '../texts/cards/status-detail.ts'
import type { Notice } from '../texts/notices.ts'
import type { Command } from './types.ts'

/** `/status [app|db|node|monitoring|NAME]` */
export const statusCommand: Command = {
  name: '/status',
  async handle({ surface, asker, text, reply }) {
    if (asksForHelp(text)) return reply(helpCard('/status', asker.look))
    const denied = mayLook(surface.desk.services.catalog, asker.person)
    if (denied !== undefined) return reply(noticeCard({ kind: 'denied', ability: 'look', ...denied }, asker.look))
    const asked = parseStatus(text, surface)
    if (asked.kind === 'unknown_name') return reply(noticeCard(asked, asker.look))
    const status = await readStatus(surface.desk.services, asked.query)
    const only = status.components[0]
    if (asked.query.name !== undefined && only !== undefined) return reply(statusDetailCard(only, status, asker.look))
    return reply(statusCard(status, asker.look))
  },
}

const kinds: Record<string, NonNullable<StatusQuery['kind']>> = {
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

function parseStatus(text: string, surface: Surface): StatusWords {
  const all = words(text)
  if (all.length === 0) return { kind: 'ok', query: {} }
  const { catalog } = surface.desk.services
  const names = [...Object.keys(catalog.apps), ...Object.keys(catalog.databases), ...Object.keys(catalog.monitoring)]
  const kind = kinds[fold(all[0] ?? '')]
  const word = kind === undefined ? all[0] : all[1]
  if (word === undefined) return { kind: 'ok', query: kind === undefined ? {} : { kind } }
  // Nodes are the cluster's, not the catalog's: any name may be asked for.
  if (kind === 'node') return { kind: 'ok', query: { kind, name: word } }
  if (names.includes(word))
    return { kind: 'ok', query: { name: word, deep: true, ...(kind === undefined ? {} : { kind }) } }
  return { kind: 'unknown_name', value: word, allowed: names, nearest: nearest(word, names) }
}
