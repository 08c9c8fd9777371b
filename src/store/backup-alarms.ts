import type { Sql } from './db.ts'
import { toJson } from './json.ts'
import type { BackupAlarm } from './types.ts'

type AlarmRecord = Omit<BackupAlarm, 'endedAt'> & { readonly ended_at: Date | null }

const columns = 'id, database, cause, detail, paged, since, ended_at'
const toAlarm = ({ ended_at: endedAt, ...rest }: AlarmRecord): BackupAlarm => ({
  ...rest,
  endedAt: endedAt ?? undefined,
})

/** Begins an alarm. @returns undefined where it is open already */
export async function openAlarm(
  db: Sql,
  alarm: Pick<BackupAlarm, 'database' | 'cause' | 'detail' | 'paged'>,
): Promise<BackupAlarm | undefined> {
  const { rows } = await db.query<AlarmRecord>(
    `insert into backup_alarms (database, cause, detail, paged) values ($1, $2, $3, $4)
     on conflict (database, cause) where ended_at is null do nothing returning ${columns}`,
    [alarm.database, alarm.cause, toJson(alarm.detail), alarm.paged],
  )
  return rows[0] && toAlarm(rows[0])
}

/** Ends an alarm, once. @returns undefined where it had ended */
export async function endAlarm(db: Sql, id: string): Promise<BackupAlarm | undefined> {
  const { rows } = await db.query<AlarmRecord>(
    `update backup_alarms set ended_at = clock_timestamp() where id = $1 and ended_at is null returning ${columns}`,
    [id],
  )
  return rows[0] && toAlarm(rows[0])
}

export async function openAlarms(db: Sql): Promise<readonly BackupAlarm[]> {
  const { rows } = await db.query<AlarmRecord>(
    `select ${columns} from backup_alarms where ended_at is null order by id`,
  )
  return rows.map(toAlarm)
}

export async function findAlarm(db: Sql, id: string): Promise<BackupAlarm | undefined> {
  const { rows } = await db.query<AlarmRecord>(`select ${columns} from backup_alarms where id = $1`, [id])
  return rows[0] && toAlarm(rows[0])
}

/** Since when the backups of a database are looked at; the first call begins it. */
export async function watchedSince(db: Sql, database: string): Promise<Date> {
  await db.query('insert into backup_watches (database) values ($1) on conflict do nothing', [database])
  const { rows } = await db.query<{ since: Date }>('select since from backup_watches where database = $1', [database])
  return rows[0]?.since ?? new Date()
}
