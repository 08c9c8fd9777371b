import type { BackupAlarm } from '../../store/types.ts'
import { actionIds } from '../actions.ts'
import { ageOf, duration, listed, moment } from '../amounts.ts'
import { actions, button, type Card, card, context, section } from '../blocks.ts'
import { numberIn, textIn } from '../data.ts'
import { bold, code, lines, type Mrkdwn, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { backupAlarmWords } from '../words/backup-alarm.ts'
import { statusWords } from '../words/status.ts'

/** What is wrong with the backups, what that means, and what to do; when it is over, from when to when it was. */
export function backupAlarmCard(alarm: BackupAlarm, engine: 'postgres' | 'mongodb', look: Look): Card {
  const words = inLanguage(backupAlarmWords, look)
  const { database, cause, endedAt } = alarm
  const head = backupAlarmHead(alarm, look)
  if (endedAt !== undefined) return card(head, [section(lines([head, seen(alarm, look)]))])
  const status = inLanguage(statusWords, look)
  return card(head, [
    section(lines([bold(head), seen(alarm, look), mrkdwn`${words.means[cause]}`, next(alarm, engine, look)])),
    context(mrkdwn`${words.once}`),
    actions(`backup-alarm:${alarm.id}`, [
      button({ action: actionIds.statusDetail, label: status.details, value: `database/${database}` }),
    ]),
  ])
}

/** Below the card, so that somebody sees it. */
export function backupAlarmOverCard(alarm: BackupAlarm, look: Look): Card {
  const told = over(alarm, look)
  return card(told, [section(told)])
}

/** "△ The newest backup of porttrack is too old.", or that it is over. */
export function backupAlarmHead(alarm: BackupAlarm, look: Look): Mrkdwn {
  const told = inLanguage(backupAlarmWords, look).causes[alarm.cause](mrkdwn`${alarm.database}`)
  return alarm.endedAt === undefined ? mrkdwn`△ ${told}.` : mrkdwn`${over(alarm, look)} ${told}.`
}

function over({ since, endedAt }: BackupAlarm, look: Look): Mrkdwn {
  return inLanguage(backupAlarmWords, look).over(moment(since, look), moment(endedAt ?? look.now, look))
}

function seen({ cause, detail }: BackupAlarm, look: Look): Mrkdwn {
  const words = inLanguage(backupAlarmWords, look)
  const limit = duration((numberIn(detail, 'limit') ?? 0) * 3600, look)
  switch (cause) {
    case 'none':
      return mrkdwn`${words.none(numberIn(detail, 'unfit') ?? 0)}`
    case 'too_old':
      return words.tooOld(code(textIn(detail, 'point')), ageOf(textIn(detail, 'dataAt'), look) ?? '—', limit)
    case 'unverified':
      return mrkdwn`${words.unverified(ageOf(textIn(detail, 'at'), look), limit)}`
    case 'unreadable': {
      const places = Array.isArray(detail['places']) ? detail['places'].map((place) => code(String(place))) : []
      return words.unreadable(listed(places, look))
    }
  }
}

function next({ cause, database }: BackupAlarm, engine: 'postgres' | 'mongodb', look: Look): Mrkdwn {
  const words = inLanguage(backupAlarmWords, look)
  if (cause !== 'unverified') return mrkdwn`${words.next[cause]}`
  const kind = engine === 'mongodb' ? 'mongo' : 'db'
  return words.next.unverified(code(`/recover ${kind} ${database} ${words.newestCopy}`))
}
