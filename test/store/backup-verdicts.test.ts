import { afterAll, beforeAll, expect, it } from 'vitest'
import { findBackupVerdict, rememberBackupVerdict } from '../../src/store/backup-verdicts.ts'
import type { Db } from '../../src/store/db.ts'
import { startTestServer, type TestServer } from './helpers/store.ts'

let server: TestServer
let db: Db
beforeAll(async () => {
  server = await startTestServer()
  db = await server.freshStore()
})
afterAll(() => server.stop())

const point = { id: 'nightly/a.dump', identity: 'one' }

it('what was found in the bytes of a backup is told of the same bytes only', async () => {
  expect(await findBackupVerdict(db, point)).toBeUndefined()
  await rememberBackupVerdict(db, point, { good: true, sha256: 'aa' })
  expect(await findBackupVerdict(db, point)).toMatchObject({ good: true, reason: undefined })
  expect(await findBackupVerdict(db, { ...point, identity: 'other' })).toBeUndefined()
})

it('a newer verdict replaces an older one, and a bad one is forgotten after a day', async () => {
  await rememberBackupVerdict(db, point, { good: false, reason: 'damaged' })
  expect(await findBackupVerdict(db, point)).toMatchObject({ good: false, reason: 'damaged' })
  await db.query(`update backup_verdicts set judged_at = judged_at - interval '25 hours'`)
  expect(await findBackupVerdict(db, point)).toBeUndefined()
  await rememberBackupVerdict(db, point, { good: true, sha256: 'aa' })
  await db.query(`update backup_verdicts set judged_at = judged_at - interval '25 hours'`)
  expect(await findBackupVerdict(db, point)).toMatchObject({ good: true })
})

it('bytes that are not what their sidecar says are bad while it says so', async () => {
  const bytes = { id: 'nightly/b.dump', identity: 'two' }
  await rememberBackupVerdict(db, bytes, { good: false, reason: 'checksum_mismatch' }, 'bb')
  expect(await findBackupVerdict(db, { ...bytes, sha256: 'bb' })).toMatchObject({ reason: 'checksum_mismatch' })
  for (const mended of [{ sha256: 'cc' }, {}, { sha256: 'bb', identity: 'other' }])
    expect(await findBackupVerdict(db, { ...bytes, ...mended })).toBeUndefined()
  await rememberBackupVerdict(db, bytes, { good: true, sha256: 'cc' })
  expect(await findBackupVerdict(db, { ...bytes, sha256: 'cc' })).toMatchObject({ good: true })
  expect(await findBackupVerdict(db, { ...bytes, sha256: 'bb' })).toMatchObject({ good: false })
})
