import { endBackupPage, pageBackupAlarm, showBackupAlarm } from '../../delivery/enqueue.ts'
import type { Services } from '../../operations/services.ts'
import { appendAudit } from '../../store/audit.ts'
import { endAlarm, openAlarm, openAlarms } from '../../store/backup-alarms.ts'
import { transaction } from '../../store/db.ts'
import type { Actor, BackupAlarm } from '../../store/types.ts'
import type { Worry } from './judge.ts'
import { watchedBackups } from './watched.ts'

const backupsWatcher: Actor = { kind: 'watcher', name: 'backups' }

type Ground = Pick<Services, 'db' | 'catalog'>
type Looked = { readonly database: string; readonly worries: readonly Worry[]; readonly page: boolean }

/**
 * Makes the alarms what was seen: one for each cause and database, told once, and ended when it is over.
 * @param looked `unwatched`: those of databases that the catalog no longer has looked after
 */
export async function settleAlarms(ground: Ground, looked: Looked | 'unwatched'): Promise<void> {
  const open = await openAlarms(ground.db)
  const over =
    looked === 'unwatched'
      ? open.filter(({ database }) => !watchedBackups(ground.catalog).some((watched) => watched.database === database))
      : open.filter(
          ({ database, cause }) =>
            database === looked.database && !looked.worries.some((worry) => worry.cause === cause),
        )
  for (const alarm of over) await end(ground, alarm)
  if (looked === 'unwatched') return
  for (const worry of looked.worries)
    if (!open.some(({ database, cause }) => database === looked.database && cause === worry.cause))
      await begin(ground, looked, worry)
}

async function begin({ db }: Ground, { database, page }: Looked, { cause, detail }: Worry): Promise<void> {
  await transaction(db, async (tx) => {
    const alarm = await openAlarm(tx, { database, cause, detail, paged: page })
    if (alarm === undefined) return
    await showBackupAlarm(tx, alarm.id)
    if (page) await pageBackupAlarm(tx, alarm.id)
    await appendAudit(tx, { kind: 'backup_alarm', actor: backupsWatcher, data: { database, cause, ...detail } })
  })
}

async function end({ db }: Ground, { id }: BackupAlarm): Promise<void> {
  await transaction(db, async (tx) => {
    const alarm = await endAlarm(tx, id)
    if (alarm === undefined) return
    await showBackupAlarm(tx, id)
    if (alarm.paged) await endBackupPage(tx, id)
    const { database, cause } = alarm
    await appendAudit(tx, { kind: 'backup_alarm_over', actor: backupsWatcher, data: { database, cause } })
  })
}
