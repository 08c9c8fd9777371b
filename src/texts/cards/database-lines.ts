import { ageOf, duration, listed, moment } from '../amounts.ts'
import { code, join, lines, type Mrkdwn, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import type { DatabaseNumbers, DatabaseView, Part, UnknownWhy } from '../views.ts'
import { databaseWords } from '../words/database.ts'

/** Parts in the order in which people ask for them. */
const numbered = ['size', 'connections', 'longestSeconds', 'lagSeconds', 'disk', 'kept'] as const

/**
 * What people want to know of a database: how large, how busy, how old its last backup is, and whether that was ever proved. What
 * could not be had comes last, in one quiet line.
 * @param name in the catalog, for the command that would prove a backup
 */
export function databaseLines(view: DatabaseView, name: string, look: Look): Mrkdwn {
  return lines([
    numbersLine(view, look),
    backupLine(view, look),
    provenLine(view, name, look),
    keptLine(view, look),
    unknownLine(view, look),
  ])
}

/** The same in one line, for a list of databases. */
export function databaseLine(view: DatabaseView, look: Look): Mrkdwn {
  return join([numbersLine(view, look), backupLine(view, look)], '\n')
}

const known = <T>(part: Part<T>): T | undefined => ('value' in part ? part.value : undefined)

function numbersLine(view: DatabaseView, look: Look): Mrkdwn {
  const words = inLanguage(databaseWords, look)
  const [size, connections, disk] = [known(view.size), known(view.connections), known(view.disk)]
  const time = (seconds: number | undefined) => (seconds === undefined ? undefined : duration(seconds, look))
  const told = [
    size && words.size[view.engine](sizeWords(size.bytes), size.things),
    connections && words.connections(connections.now, connections.most),
    'value' in view.longestSeconds ? words.longest(time(view.longestSeconds.value)) : undefined,
    'value' in view.lagSeconds ? words.lag(time(view.lagSeconds.value)) : undefined,
    disk && words.disk(sizeWords(disk.freeBytes), sizeWords(disk.totalBytes)),
  ]
  return join(
    told.flatMap((text) => (text === undefined ? [] : [mrkdwn`${text}`])),
    ' · ',
  )
}

function backupLine({ backup }: DatabaseView, look: Look): Mrkdwn {
  const words = inLanguage(databaseWords, look)
  if (backup === 'none_named') return mrkdwn`${words.noPlaces}`
  if ('unknown' in backup) return mrkdwn`${words.placesUnknown(words.why[backup.unknown])}`
  const { value } = backup
  if (value === undefined) return mrkdwn`${words.noBackup}`
  const verified =
    value.verifiedAt === undefined ? words.notVerified : words.verified(ageOf(value.verifiedAt, look) ?? '—')
  return mrkdwn`${words.backup(code(value.id), ageOf(value.at, look) ?? '—')} · ${verified}.`
}

function provenLine({ proven, engine }: DatabaseView, name: string, look: Look): Mrkdwn {
  const words = inLanguage(databaseWords, look)
  if ('unknown' in proven) return mrkdwn`${words.provenUnknown(words.why[proven.unknown])}`
  if (proven.value !== undefined) return words.proven(moment(new Date(proven.value.at), look), code(proven.value.run))
  return words.neverProven(code(`/recover ${engine === 'mongodb' ? 'mongo' : 'db'} ${name} ${words.newestCopy}`))
}

function keptLine({ kept }: DatabaseView, look: Look): Mrkdwn | undefined {
  const all = known(kept) ?? []
  if (all.length === 0) return undefined
  const words = inLanguage(databaseWords, look)
  const told = all.map(({ name, bytes, things }) => {
    const much = bytes === undefined ? words.collections(things ?? 0) : sizeWords(bytes)
    return mrkdwn`${code(name)} (${much})`
  })
  return words.kept(listed(told, look, 4))
}

/** Of a server that is away it is said above: then nothing of this is a surprise. */
function unknownLine(view: DatabaseNumbers, look: Look): Mrkdwn | undefined {
  const words = inLanguage(databaseWords, look)
  const unknown = numbered.flatMap((name) => {
    const part = view[name]
    return 'unknown' in part && part.unknown !== 'away' ? [{ name, why: part.unknown }] : []
  })
  if (unknown.length === 0) return undefined
  const groups = [...Map.groupBy(unknown, (each): UnknownWhy => each.why)]
  const told = groups.map(([why, all]) => `${all.map(({ name }) => words.parts[name]).join(', ')} (${words.why[why]})`)
  return mrkdwn`${words.unknown(told.join('; '))}`
}

const sizeWords = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.max(1, Math.round(bytes / 1e6))} MB`
