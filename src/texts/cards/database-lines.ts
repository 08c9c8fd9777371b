import { ageOf, duration, listed, moment } from '../amounts.ts'
import { code, join, lines, type Mrkdwn, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import type { DatabaseView } from '../views.ts'
import { databaseWords } from '../words/database.ts'

/** What people want to know of a database: how large, how busy, how old its last backup is, and whether that was ever proved. */
export function databaseLines(view: DatabaseView, look: Look): Mrkdwn {
  const words = inLanguage(databaseWords, look)
  const { longestQuerySeconds: longest, replicationLagSeconds: lag, kept } = view
  return lines([
    join(
      [
        mrkdwn`${megabytes(view.bytes)}`,
        mrkdwn`${words.connections(view.connections, view.mostConnections)}`,
        longest === undefined ? undefined : mrkdwn`${words.longest(duration(longest, look))}`,
        lag === undefined ? undefined : mrkdwn`${words.lag(duration(lag, look))}`,
      ],
      ' · ',
    ),
    backupLine(view, look),
    view.provenAt === undefined ? words.neverProven : words.proven(moment(new Date(view.provenAt), look)),
    kept.length === 0
      ? undefined
      : words.kept(
          listed(
            kept.map(({ name, bytes }) => mrkdwn`${code(name)} (${megabytes(bytes)})`),
            look,
            4,
          ),
        ),
  ])
}

function backupLine({ backup, backups }: DatabaseView, look: Look): Mrkdwn {
  const words = inLanguage(databaseWords, look)
  if (backups === 'none_named') return words.noPlaces
  if (backups === 'unreadable') return words.placesAway
  if (backup === undefined) return words.noBackup
  return words.backup(code(backup.id), ageOf(backup.at, look) ?? '—', backup.good)
}

const megabytes = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.max(1, Math.round(bytes / 1e6))} MB`
