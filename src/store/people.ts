import type { Sql } from './db.ts'
import type { PersonRow } from './types.ts'

type PersonRecord = { slack_user: string; language: 'es' | 'en'; time_zone: string; updated_at: Date }

/** What Slack says of a person, kept so that a card needs no call for it. */
export async function savePerson(db: Sql, person: Omit<PersonRow, 'updatedAt'>): Promise<void> {
  await db.query(
    `insert into people (slack_user, language, time_zone) values ($1, $2, $3)
     on conflict (slack_user) do update set language = excluded.language, time_zone = excluded.time_zone, updated_at = clock_timestamp()`,
    [person.slackUser, person.language, person.timeZone],
  )
}

/** `updatedAt` tells the caller whether to ask Slack again. */
export async function findPerson(db: Sql, slackUser: string): Promise<PersonRow | undefined> {
  const { rows } = await db.query<PersonRecord>(
    'select slack_user, language, time_zone, updated_at from people where slack_user = $1',
    [slackUser],
  )
  const row = rows[0]
  return (
    row && { slackUser: row.slack_user, language: row.language, timeZone: row.time_zone, updatedAt: row.updated_at }
  )
}
