import { resolve, trigger } from '../../services/pagerduty/events.ts'
import { findAlarm } from '../../store/backup-alarms.ts'
import type { Claimed } from '../../store/outbox.ts'
import type { BackupAlarm } from '../../store/types.ts'
import { backupAlarmHead } from '../../texts/cards/backup-alarm.ts'
import { plainText } from '../../texts/plain.ts'
import { type Delivered, done, type PagerDutyContext } from '../types.ts'
import { wait } from './page-told.ts'

/** Has somebody called for an alarm about backups, or ends the call: whichever is right now. Nobody is woken for what is over. */
export async function deliverBackupPage(context: PagerDutyContext, entry: Claimed): Promise<Delivered> {
  const alarm = await findAlarm(context.db, String(entry.payload['alarm'] ?? ''))
  if (alarm === undefined || context.events === undefined) return done
  const key = `rescue-backup-alarm-${alarm.database}-${alarm.cause}-${alarm.id}`.slice(0, 255)
  const { events } = context
  const sent = await (alarm.endedAt === undefined
    ? trigger(events, eventOf(context, alarm, key))
    : resolve(events, key))
  if (sent.kind === 'away' || sent.kind === 'rate_limited') return wait(sent, entry)
  if (sent.kind === 'refused')
    context.log.warn({ alarm: alarm.id, error: sent.error }, 'a page about backups was refused')
  return done
}

function eventOf({ catalog }: PagerDutyContext, alarm: BackupAlarm, dedupKey: string) {
  const { database, cause, detail } = alarm
  const environment = catalog.databases[database]?.environment ?? 'production'
  return {
    dedupKey,
    summary: plainText(backupAlarmHead(alarm, { language: catalog.language, now: new Date() })),
    source: `database/${database}`,
    severity: 'error' as const,
    component: database,
    group: environment,
    details: { cause, ...detail },
  }
}
