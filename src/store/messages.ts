import type { Sql } from './db.ts'
import type { MessageRow } from './types.ts'

/** Remembers where a message was posted, so that it is edited from now on; a newer post replaces it. */
export async function rememberMessage(db: Sql, message: MessageRow): Promise<void> {
  await db.query(
    `insert into messages (owner, role, channel, ts) values ($1, $2, $3, $4)
     on conflict (owner, role) do update set channel = excluded.channel, ts = excluded.ts, posted_at = clock_timestamp()`,
    [message.owner, message.role, message.channel, message.ts],
  )
}

export async function findMessage(db: Sql, owner: string, role: string): Promise<MessageRow | undefined> {
  const { rows } = await db.query<MessageRow>(
    'select owner, role, channel, ts from messages where owner = $1 and role = $2',
    [owner, role],
  )
  return rows[0]
}

/** Whose message stands there: for a click, a reaction or a reply. */
export async function messageAt(db: Sql, channel: string, ts: string): Promise<MessageRow | undefined> {
  const { rows } = await db.query<MessageRow>(
    'select owner, role, channel, ts from messages where channel = $1 and ts = $2',
    [channel, ts],
  )
  return rows[0]
}

/** All messages of an owner, in the order they were posted. */
export async function listMessages(db: Sql, owner: string): Promise<MessageRow[]> {
  const { rows } = await db.query<MessageRow>(
    'select owner, role, channel, ts from messages where owner = $1 order by posted_at, role',
    [owner],
  )
  return rows
}

/** It is gone in Slack: the next one is posted anew. */
export async function forgetMessage(db: Sql, owner: string, role: string): Promise<void> {
  await db.query('delete from messages where owner = $1 and role = $2', [owner, role])
}
