import { describe, expect, it } from 'vitest'
import type { RestorePoint } from '../../../src/backups/types.ts'
import { decideRecoverMongo } from '../../../src/operations/recover-mongo/plan.ts'
import type { RecoverMongoFacts } from '../../../src/operations/recover-mongo/types.ts'
import { decideRecovery } from '../../../src/operations/recover-postgres/plan.ts'
import { outcomeWords } from '../../../src/operations/recover-postgres/texts/outcome-words.ts'
import type { RecoverFacts } from '../../../src/operations/recover-postgres/types.ts'
import { plainText } from '../../../src/texts/plain.ts'

const point = (name: string, more: Partial<RestorePoint> = {}): RestorePoint => ({
  id: `nightly/${name}`,
  place: 'nightly',
  name,
  kind: 'pg-custom',
  wrapping: 'none',
  sums: true,
  sizeBytes: 1_000,
  modifiedAt: '2026-11-24T02:00:00Z',
  dataAt: '2026-11-24T02:00:00Z',
  identity: name,
  ...more,
})
const verified = (reason: string) => ({ at: '2026-11-24T03:00:00Z', good: false, reason })
const days = Array.from({ length: 9 }, (_, n) => point(`day-${9 - n}.dump`))
const points = [
  point('safety-R-0028-ports-20261124T171500Z.dump'),
  point('foreign.dump', { problem: { reason: 'foreign', detail: 'it is no backup' } }),
  point('changed.dump', { verified: verified('checksum_mismatch') }),
  ...days,
]
const usual = days.map(({ id }) => id)
const common = {
  database: 'ports',
  environment: 'production',
  readAt: '2026-11-24T04:00:00Z',
  name: 'ports',
  points,
  kept: undefined,
  apps: [],
  appMode: 'keep',
  keepHours: 72,
} as const

const postgres: RecoverFacts = {
  ...common,
  live: { kind: 'gone' },
  surroundings: undefined,
  server: { preparedTransactions: [], replication: [], inactiveSlots: [] },
  rights: { user: 'bot', superuser: false, missing: [] },
  safetyPlace: undefined,
}
const mongo: RecoverMongoFacts = {
  ...common,
  server: { version: '7.0.0', kind: 'mongod', replicaSet: false, nameBytes: 255 },
  rights: { user: 'bot', missing: [] },
  tools: { kind: 'found', tools: { folder: '/usr/bin', version: '100.10.0' } },
  live: { kind: 'empty' },
  collections: [],
  beside: [],
  safety: false,
}

describe.each([
  ['PostgreSQL', (wanted?: string) => decideRecovery({ database: 'ports', point: wanted }, postgres)],
  ['MongoDB', (wanted?: string) => decideRecoverMongo({ database: 'ports', point: wanted }, mongo)],
])('the backup of %s', (_, decide) => {
  it('that nobody knows is answered with those that can be restored, all of them', () => {
    expect(decide('nigthly/day-9.dump')).toMatchObject({ reason: 'no_such_point', detail: { available: usual } })
  })

  it('that was not named is the newest that can be restored', () => {
    expect(decide()).toMatchObject({ kind: 'proceed', plan: { point: { id: 'nightly/day-9.dump' } } })
  })
})

it('missing tools are told without where they were looked for', () => {
  const none = { kind: 'missing', looked: ['/home/ana/bin', '/usr/bin'] } as const
  const decided = decideRecoverMongo({ database: 'ports' }, { ...mongo, tools: none })
  expect(decided).toMatchObject({ reason: 'tool_missing' })
  expect(JSON.stringify(decided)).not.toContain('bin')
})

it('why a backup could not be judged is told in words', () => {
  const outcome = {
    kind: 'refused',
    reason: 'not_judged',
    detail: { why: 'tool_older', says: 'pg_restore 15' },
  } as const
  const { lines } = outcomeWords({ outcome, params: {}, plan: {} }, { language: 'es', now: new Date() })
  expect(lines.map((line) => plainText(line)).join()).toMatch(
    /los programas instalados aquí son más viejos que el que lo hizo/,
  )
  expect(lines.map((line) => plainText(line)).join()).not.toContain('tool_older')
})
