import { join } from 'node:path'
import type { Language } from '../../catalog/schema.ts'
import type { Config } from '../../config.ts'
import { withoutSecrets } from '../../log.ts'
import { checkMongo, type MongoCheck } from '../../operations/recover-mongo/check.ts'
import { type BackupsCheck, checkDatabase, type DatabaseCheck } from '../../operations/recover-postgres/check.ts'
import { ageOf } from '../../texts/amounts.ts'
import { inLanguage } from '../../texts/language.ts'
import type { Check } from './doctor-clusters.ts'

const en = {
  database: (name: string) => `database ${name}`,
  backups: (name: string) => `backups of ${name}`,
  gone: (server: string) => `${server} answers, and the database does not exist`,
  rights: (user: string) => `${user} has the rights that a restore needs`,
  lacks: (user: string, list: string) => `${user} lacks ${list}`,
  superuser: (user: string) => `${user} is a superuser: a backup could then run anything, so nothing is restored`,
  tools: (names: string, version: string, folder: string) => `${names} ${version} in ${folder}`,
  and: (one: string, other: string) => `${one} and ${other}`,
  toolsMissing: (names: string) => `${names} were not found`,
  toolsTooOld: (names: string, version: string) => `${names} ${version} are too old: 100.0 or newer is needed`,
  toolsOlder: (version: string) => `pg_dump and pg_restore ${version} are older than the server`,
  none: 'no places of backups',
  newest: (age: string) => `the newest is ${age} old`,
  empty: 'there is no backup that could be restored',
  away: (list: string) => `cannot be read: ${list}`,
  fix: {
    reach: 'check the address in the catalog and the network',
    gone: (engine: string, name: string) =>
      `check the name in its address, or bring it back: rescue recover ${engine} ${name}`,
    grant: (grants: string) => `run: ${grants}`,
    superuser: 'give the bot an account of its own: docs/recover-db.md, Rights',
    tools: 'install postgresql-client of the server’s version, or set RESCUE_POSTGRES_TOOLS',
    mongoTools: 'install MongoDB Database Tools, or set RESCUE_MONGO_TOOLS',
    places: 'check the places in the catalog: docs/backups.md',
    none: 'name places under backups: docs/backups.md',
  },
}

const es: typeof en = {
  database: (name) => `base ${name}`,
  backups: (name) => `backups de ${name}`,
  gone: (server) => `${server} responde, y la base no existe`,
  rights: (user) => `${user} tiene los permisos que pide una restauración`,
  lacks: (user, list) => `a ${user} le falta ${list}`,
  superuser: (user) => `${user} es superusuario: un backup podría ejecutar cualquier cosa, así que no se restaura nada`,
  tools: (names, version, folder) => `${names} ${version} en ${folder}`,
  and: (one, other) => `${one} y ${other}`,
  toolsMissing: (names) => `no se encontraron ${names}`,
  toolsTooOld: (names, version) => `${names} ${version} son demasiado viejos: hace falta la 100.0 o posterior`,
  toolsOlder: (version) => `pg_dump y pg_restore ${version} son más viejos que el servidor`,
  none: 'sin sitios de backups',
  newest: (age) => `el más nuevo tiene ${age}`,
  empty: 'no hay ningún backup que se pueda restaurar',
  away: (list) => `no se puede leer: ${list}`,
  fix: {
    reach: 'mira la dirección en el catálogo y la red',
    gone: (engine, name) => `mira el nombre en su dirección, o recupérala: rescue recover ${engine} ${name}`,
    grant: (grants) => `ejecuta: ${grants}`,
    superuser: 'dale al bot una cuenta propia: docs/recover-db.md, Rights',
    tools: 'instala postgresql-client de la versión del servidor, o pon RESCUE_POSTGRES_TOOLS',
    mongoTools: 'instala MongoDB Database Tools, o pon RESCUE_MONGO_TOOLS',
    places: 'mira los sitios en el catálogo: docs/backups.md',
    none: 'pon sitios en backups: docs/backups.md',
  },
}

/** Each database of the catalog: whether it answers, what the account may, the programs, and its backups. */
export async function checkDatabases(config: Config, language: Language): Promise<readonly Check[]> {
  const { RESCUE_DATA: data, RESCUE_POSTGRES_TOOLS: postgres, RESCUE_MONGO_TOOLS: mongo } = config.environment
  const deps = {
    secret: config.secret,
    scratch: join(data, 'scratch'),
    postgresTools: { given: postgres, path: config.path },
  }
  const words = inLanguage({ en, es }, { language })
  const lines = Object.entries(config.catalog.databases).map(async ([name, entry]): Promise<readonly Check[]> => {
    if (entry.engine === 'mongodb') {
      const check = await checkMongo(entry, deps, { given: mongo, path: config.path })
      return [
        serverLine(name, 'mongo', check, words),
        mongoToolsLine(name, check, words),
        backupsLine(name, check, language),
      ]
    }
    const check = await checkDatabase(entry, deps)
    return [
      serverLine(name, 'db', check, words),
      ...rightsLine(name, check, words),
      toolsLine(name, check, words),
      backupsLine(name, check, language),
    ]
  })
  return (await Promise.all(lines)).flat()
}

type Words = typeof en

function serverLine(
  database: string,
  engine: 'db' | 'mongo',
  { server }: Pick<DatabaseCheck, 'server'>,
  words: Words,
): Check {
  const name = words.database(database)
  if (server.kind === 'away')
    return { name, state: 'failed', detail: withoutSecrets(server.why), next: words.fix.reach }
  const what = `${engine === 'db' ? 'PostgreSQL' : 'MongoDB'} ${server.version}`
  if (!server.there) return { name, state: 'failed', detail: words.gone(what), next: words.fix.gone(engine, database) }
  return { name, state: 'ok', detail: what }
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
  const names = words.and('pg_dump', 'pg_restore')
  if (tools === undefined) return { name, state: 'failed', detail: words.toolsMissing(names), next: words.fix.tools }
  if (tools.older) return { name, state: 'failed', detail: words.toolsOlder(tools.version), next: words.fix.tools }
  return { name, state: 'ok', detail: words.tools(names, tools.version, tools.folder) }
}

function mongoToolsLine(database: string, { tools }: MongoCheck, words: Words): Check {
  const name = words.database(database)
  const names = words.and('mongodump', 'mongorestore')
  const fault = (detail: string): Check => ({ name, state: 'failed', detail, next: words.fix.mongoTools })
  if (tools.kind === 'missing') return fault(words.toolsMissing(names))
  if (tools.kind === 'too_old') return fault(words.toolsTooOld(names, tools.version))
  return { name, state: 'ok', detail: words.tools(names, tools.tools.version, tools.tools.folder) }
}

function backupsLine(database: string, { places, away, newest }: BackupsCheck, language: Language): Check {
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
