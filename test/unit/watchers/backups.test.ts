import { describe, expect, it } from 'vitest'
import { judgeBackups, type Seen } from '../../../src/watchers/backups/judge.ts'

const now = new Date('2026-11-24T12:00:00Z')
const ago = (hours: number): string => new Date(now.getTime() - hours * 3_600_000).toISOString()
const limits = { olderThanHours: 36, unverifiedHours: 168 }

const point = (hours: number, more: Partial<Seen['points'][number]> = {}): Seen['points'][number] => ({
  id: `nightly/${hours}.dump`,
  name: `${hours}.dump`,
  dataAt: ago(hours),
  ...more,
})
const verified = (hours: number) => ({ verified: { at: ago(hours), good: true } })
const causes = (seen: Partial<Seen>) =>
  judgeBackups({ points: [], away: [], provenAt: undefined, since: new Date(ago(1)), ...seen }, limits, now).map(
    ({ cause }) => cause,
  )

describe('backups are a worry', () => {
  const bad = { problem: { reason: 'empty', detail: '' } } as const
  const old = new Date(ago(169))
  it.each([
    ['fresh and never verified, looked at since an hour', { points: [point(2)] }, []],
    ['fresh and verified', { points: [point(2, verified(1))], since: old }, []],
    ['an hour too old', { points: [point(37)] }, ['too_old']],
    ['just young enough', { points: [point(35.9)] }, []],
    ['none at all', {}, ['none']],
    ['only a bad one', { points: [point(1, bad)] }, ['none']],
    ['a fresh bad one before an old good one', { points: [point(1, bad), point(40)] }, ['too_old']],
    ['one that was read and is bad', { points: [point(1, { verified: { at: ago(1), good: false } })] }, ['none']],
    [
      'only what the bot made of what it replaced',
      { points: [point(1, { name: 'safety-R-0001-x-1.dump' })] },
      ['none'],
    ],
    ['never verified in a week of looking', { points: [point(2)], since: old }, ['unverified']],
    ['verified eight days ago', { points: [point(2), point(200, verified(192))], since: old }, ['unverified']],
    [
      'not read, but a restore was proved yesterday',
      { points: [point(2)], since: old, provenAt: new Date(ago(24)) },
      [],
    ],
    ['too old and unverified', { points: [point(50)], since: old }, ['too_old', 'unverified']],
    ['a place is away and nothing fresh elsewhere', { points: [point(50)], away: ['cloud'] }, ['unreadable']],
    ['a place is away and a fresh one elsewhere', { points: [point(2)], away: ['cloud'] }, []],
  ] as const)('%s: %s', (_what, seen, expected) => {
    expect(causes(seen)).toEqual(expected)
  })
})
