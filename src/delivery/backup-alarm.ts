import { findAlarm } from '../store/backup-alarms.ts'
import type { Claimed } from '../store/outbox.ts'
import { backupAlarmCard, backupAlarmOverCard } from '../texts/cards/backup-alarm.ts'
import { laterOrNever } from './later.ts'
import { ensureMessage } from './message.ts'
import { type Delivered, done, type SlackContext } from './types.ts'

/** The card of an alarm in the operations channel, edited when it is over; and then a line below it, which people see. */
export async function deliverBackupAlarm(context: SlackContext, entry: Claimed): Promise<Delivered> {
  const alarm = await findAlarm(context.db, String(entry.payload['alarm'] ?? ''))
  if (alarm === undefined) return done
  const look = { language: context.catalog.language, now: new Date() }
  const engine = context.catalog.databases[alarm.database]?.engine ?? 'postgres'
  const common = { owner: `backup-alarm/${alarm.id}`, channel: context.catalog.channels.operations }
  const card = await ensureMessage(context, entry, {
    ...common,
    role: 'card',
    card: () => backupAlarmCard(alarm, engine, look),
    state: alarm.endedAt === undefined ? 'open' : 'over',
    since: alarm.since,
  })
  if (card.kind === 'failed') return laterOrNever(card.failure, entry) ?? done
  if (alarm.endedAt === undefined) return done
  const over = await ensureMessage(context, entry, {
    ...common,
    role: 'over',
    threadTs: card.place.ts,
    card: () => backupAlarmOverCard(alarm, look),
    state: 'said',
    since: alarm.endedAt,
  })
  return (over.kind === 'failed' ? laterOrNever(over.failure, entry) : undefined) ?? done
}
