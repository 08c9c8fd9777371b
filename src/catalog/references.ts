import type { FieldFault } from './issues.ts'
import { type Catalog, type DatabaseEntry, roles } from './schema.ts'

/** Names that point at other entries must point at something; found all at once. */
export function checkReferences(catalog: Catalog): FieldFault[] {
  return [
    ...Object.entries(catalog.apps).flatMap(([name, app]) => [
      ...known(catalog.clusters, app.cluster, ['apps', name, 'cluster'], 'cluster'),
      ...app.owners.flatMap((owner, index) => known(catalog.people, owner, ['apps', name, 'owners', index], 'person')),
      ...app.databases.flatMap((database, index) =>
        known(catalog.databases, database, ['apps', name, 'databases', index], 'database'),
      ),
    ]),
    ...Object.entries(catalog.databases).flatMap(([name, database]) =>
      database.owners.flatMap((owner, index) =>
        known(catalog.people, owner, ['databases', name, 'owners', index], 'person'),
      ),
    ),
    ...Object.entries(catalog.databases).flatMap(([name, database]) => safety(name, database)),
    ...Object.entries(catalog.databases).flatMap(([name, database]) => ofPostgres(name, database)),
    ...Object.entries(catalog.monitoring).flatMap(([name, monitor]) => [
      ...(monitor.cluster === undefined
        ? []
        : known(catalog.clusters, monitor.cluster, ['monitoring', name, 'cluster'], 'cluster')),
      ...monitor.owners.flatMap((owner, index) =>
        known(catalog.people, owner, ['monitoring', name, 'owners', index], 'person'),
      ),
    ]),
    ...twice(catalog),
    ...timeZone(catalog),
    ...phones(catalog),
  ]
}

function known(
  entries: Record<string, unknown>,
  name: string,
  path: readonly PropertyKey[],
  what: string,
): FieldFault[] {
  if (Object.hasOwn(entries, name)) return []
  const there = Object.keys(entries).join(', ') || 'none yet'
  return [{ path, problem: `no ${what} is called "${name}" in this catalog (there are: ${there})` }]
}

/** The bot writes only into folders: a bucket's keys are there to read. */
function safety(name: string, { backups }: DatabaseEntry): FieldFault[] {
  if (backups?.safety === undefined || backups.places[backups.safety]?.kind === 'folder') return []
  const folders = Object.entries(backups.places).flatMap(([place, { kind }]) => (kind === 'folder' ? [place] : []))
  const problem = `no folder is called "${backups.safety}" among its places (there are: ${folders.join(', ') || 'none yet'})`
  return [{ path: ['databases', name, 'backups', 'safety'], problem }]
}

/** What is said of SQL would silently not be applied to a database that knows none. */
function ofPostgres(name: string, { engine, restore }: DatabaseEntry): FieldFault[] {
  if (engine === 'postgres') return []
  const { checks, migration, newest, pgbouncer } = restore
  const said = { checks: checks.length === 0 ? undefined : checks, migration, newest, pgbouncer }
  return Object.entries(said).flatMap(([key, value]) =>
    value === undefined
      ? []
      : [{ path: ['databases', name, 'restore', key], problem: `is only for PostgreSQL, not for ${engine}` }],
  )
}

/** One Slack id or login for two people would give one of them the other's rights. */
function twice(catalog: Catalog): FieldFault[] {
  const faults: FieldFault[] = []
  for (const field of ['slack', 'login'] as const) {
    const seen = new Map<string, string>()
    for (const [name, person] of Object.entries(catalog.people)) {
      const value = person[field]
      if (value === undefined) continue
      const other = seen.get(value)
      if (other !== undefined)
        faults.push({ path: ['people', name, field], problem: `"${value}" already belongs to ${other}` })
      seen.set(value, name)
    }
  }
  if (!Object.values(catalog.people).some((person) => roles.indexOf(person.role) >= roles.indexOf('operator')))
    faults.push({
      path: ['people'],
      problem: 'nobody has the role operator or approver, so nobody could start anything',
    })
  return faults
}

function timeZone(catalog: Catalog): FieldFault[] {
  const zones = Object.entries(catalog.databases).map(([name, database]) => ({
    path: ['databases', name, 'backups', 'timeZone'],
    zone: database.backups?.timeZone,
  }))
  return [{ path: ['timeZone'], zone: catalog.timeZone }, ...zones].flatMap(({ path, zone }) =>
    zone === undefined || isZone(zone)
      ? []
      : [{ path, problem: `"${zone}" is not a time zone, such as Europe/Madrid` }],
  )
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

function phones(catalog: Catalog): FieldFault[] {
  return Object.keys(catalog.pagerduty.phones).flatMap((name) =>
    known(catalog.people, name, ['pagerduty', 'phones', name], 'person'),
  )
}
