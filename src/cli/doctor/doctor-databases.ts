import { join } from 'node:path'
import type { Language } from '../../catalog/schema.ts'
import type { Config } from '../../config.ts'
import { withoutSecrets } from '../../log.ts'
import { checkDatabase, type DatabaseCheck } from '../../operations/recover-postgres/check.ts'
import { ageOf } from '../../texts/amounts.ts'
import { inLanguage } from '../../texts/language.ts'
import type { Check } from './doctor-clusters.ts'

const en = {
  database: (name: string) => `database ${name}`,
  backups: (name: string) => `backups of ${name}`,
  answers: (version: string) => `PostgreSQL ${version}`,
  gone: (version: string) => `PostgreSQL ${version}, and the database does not exist`,
  rights: (user: string) => `${user} has the rights that a restore needs`,
  lacks: (user: string, list: string) => `${user} lacks ${list}`,
  superuser: (user: string) => `${user} is a superuser: a backup could then run anything, so nothing is restored`,
  tools: (version: string, folder: string) => `pg_dump and pg_restore ${version} in ${folder}`,
  toolsMissing: 'pg_dump and pg_restore were not found',
  toolsOlder: (version: string) => `pg_dump and pg_restore ${version} are older than the server`,
  none: 'no places of backups',
  newest: (age: string) => `the newest is ${age} old`,
  empty: 'there is no backup that could be restored',
  away: (list: string) => `cannot be read: ${list}`,
  fix: {
    reach: 'check the address in the catalog and the network',
    grant: (grants: string) => `run: ${grants}`,
    superuser: 'give the bot an account of its own: docs/recover-db.md, Rights',
    tools: 'install postgresql-client of the server’s version, or set RESCUE_POSTGRES_TOOLS',
    places: 'check the places in the catalog: docs/backups.md',
    none: 'name places under backups: docs/backups.md',
  },
}

const es: typeof en = {
  database: (name) => `base ${name}`,
  backups: (name) => `backups de ${name}`,
  answers: (version) => `PostgreSQL ${version}`,
  gone: (version) => `PostgreSQL ${version}, y la base no existe`,
  rights: (user) => `${user} tiene los permisos que pide una restauración`,
  lacks: (user, list) => `a ${user} le falta ${list}`,
  superuser: (user) => `${user} es superusuario: un backup podría ejecutar cualquier cosa, así que no se restaura nada`,
  tools: (version, folder) => `pg_dump y pg_restore ${version} en ${folder}`,
  toolsMissing: 'no se encontraron pg_dump y pg_restore',
  toolsOlder: (version) => `pg_dump y pg_restore ${version} son más viejos que el servidor`,
  none: 'sin sitios de backups',
  newest: (age) => `el más nuevo tiene ${age}`,
  empty: 'no hay ningún backup que se pueda restaurar',
  away: (list) => `no se puede leer: ${list}`,
  fix: {
    reach: 'mira la dirección en el catálogo y la red',
    grant: (grants) => `ejecuta: ${grants}`,
    superuser: 'dale al bot una cuenta propia: docs/recover-db.md, Rights',
    tools: 'instala postgresql-client de la versión del servidor, o pon RESCUE_POSTGRES_TOOLS',
    places: 'mira los sitios en el catálogo: docs/backups.md',
    none: 'pon sitios en backups: docs/backups.md',
  },
}

/** Each PostgreSQL database of the catalog: whether it answers, what the account may, the programs, and its backups. */
export async function checkDatabases(config: Config, language: Language): Promise<readonly Check[]> {
  const deps = {
    secret: config.secret,
    scratch: join(config.environment.RESCUE_DATA, 'scratch'),
    postgresTools: { given: config.environment.RESCUE_POSTGRES_TOOLS, path: config.path },
  }
  const own = Object.entries(config.catalog.databases).filter(([, { engine }]) => engine === 'postgres')
  const found = await Promise.all(own.map(async ([name, entry]) => ({ name, check: await checkDatabase(entry, deps) })))
  return found.flatMap(({ name, check }) => linesOf(name, check, language))
}

function linesOf(name: string, check: DatabaseCheck, language: Language): readonly Check[] {
  const words = inLanguage({ en, es }, { language })
  return [
    serverLine(name, check, words),
    ...rightsLine(name, check, words),
    toolsLine(name, check, words),
    backupsLine(name, check, language),
  ]
}

type Words = typeof en

function serverLine(database: string, { server }: DatabaseCheck, words: Words): Check {
  const name = words.database(database)
  if (server.kind === 'away')
    return { name, state: 'failed', detail: withoutSecrets(server.why), next: words.fix.reach }
  const { version, there } = server
  return { name, state: 'ok', detail: there ? words.answers(version) : words.gone(version) }
}

function rightsLine(database: string, { rights }: DatabaseCheck, words: Words): readonly Check[] {
  if (rights === undefined) return []
  const name = words.database(database)
  const { user, superuser, missing } = rights
  if (superuser) return [{ name, state: 'failed', detail: words.superuser(user), next: words.fix.superuser }]
  if (missing.length === 0) return [{ name, state: 'ok', detail: words.rights(user) }]
  const list = (of: readonly string[], by: string) => of.join(by)
  return [
    {
      name,
      state: 'failed',
      detail: words.lacks(
        user,
        list(
          missing.map(({ right }) => right),
          ', ',
        ),
      ),
      next: words.fix.grant(
        list(
          missing.map(({ grant }) => grant),
          '; ',
        ),
      ),
    },
  ]
}

function toolsLine(database: string, { tools }: DatabaseCheck, words: Words): Check {
  const name = words.database(database)
  if (tools === undefined) return { name, state: 'failed', detail: words.toolsMissing, next: words.fix.tools }
  if (tools.older) return { name, state: 'failed', detail: words.toolsOlder(tools.version), next: words.fix.tools }
  return { name, state: 'ok', detail: words.tools(tools.version, tools.folder) }
}

function backupsLine(database: string, { places, away, newest }: DatabaseCheck, language: Language): Check {
  const words = inLanguage({ en, es }, { language })
  const name = words.backups(database)
  if (places === 0) return { name, state: 'off', detail: words.none, next: words.fix.none }
  if (away.length > 0) {
    const list = away.map(({ place, detail }) => `${place} (${detail})`).join(', ')
    return { name, state: 'failed', detail: withoutSecrets(words.away(list)), next: words.fix.places }
  }
  if (newest === undefined) return { name, state: 'failed', detail: words.empty, next: words.fix.places }
  const age = ageOf(newest, { language, now: new Date() })
  return { name, state: 'ok', detail: words.newest(age ?? newest) }
}
