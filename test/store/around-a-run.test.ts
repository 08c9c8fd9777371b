import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyAudit } from '../../src/store/audit.ts'
import { StoreAwayError } from '../../src/store/away.ts'
import { type Db, openDb, transaction } from '../../src/store/db.ts'
import { evidenceLimits, listEvidence, readEvidence, saveEvidence } from '../../src/store/evidence.ts'
import {
  addIncidentEntry,
  incidentOfChannel,
  incidentTimeline,
  listIncidents,
  openOrJoinIncident,
  resolveIncident,
  runsOfIncident,
  setIncidentChannel,
} from '../../src/store/incidents.ts'
import { findMessage, forgetMessage, listMessages, messageAt, rememberMessage } from '../../src/store/messages.ts'
import { migrate } from '../../src/store/migrations.ts'
import { enqueue } from '../../src/store/outbox.ts'
import { findPerson, savePerson } from '../../src/store/people.ts'
import { noteFailed, noteHealthy, noteRelease, releasesOf } from '../../src/store/releases.ts'
import { removeOld } from '../../src/store/retention.ts'
import { endRun, getRun } from '../../src/store/runs.ts'
import { ana, freshName, luis, silent, someRun, startTestServer, type TestServer } from './helpers/store.ts'

let server: TestServer
let db: Db
beforeAll(async () => {
  server = await startTestServer()
  db = await server.freshStore()
})
afterAll(() => server.stop())

describe('evidence', () => {
  it('is read back as it was captured, without secrets, in order', async () => {
    const run = await someRun(db)
    const log = 'línea 1 👩‍🚒\n'.repeat(3)
    await saveEvidence(db, run, [
      { name: 'pod-a', kind: 'log', content: log },
      { name: 'events', kind: 'events', content: 'postgres://app:hunter2@db/x is away' },
    ])
    expect(await listEvidence(db, run)).toMatchObject([
      { position: 0, name: 'pod-a', kind: 'log', size: Buffer.byteLength(log), truncated: false },
      { position: 1, name: 'events' },
    ])
    expect((await readEvidence(db, run, 0))?.content).toBe(log)
    expect((await readEvidence(db, run, 1))?.content).toBe('postgres://app:[password]@db/x is away')
    expect(await readEvidence(db, run, 2)).toBeUndefined()
  })

  it('of an item that is too large keeps the end and says what is missing, never half a character', async () => {
    const run = await someRun(db)
    const content = `${'é'.repeat(evidenceLimits.item)}\nexit 137`
    await saveEvidence(db, run, [{ name: 'pod-a', kind: 'previous-log', content: `x${content}` }])
    const kept = await readEvidence(db, run, 0)
    expect(kept).toMatchObject({ truncated: true, size: Buffer.byteLength(content) + 1 })
    const [first = '', rest = ''] = kept?.content.split(/\n(.*)/s) ?? []
    expect(first).toMatch(/^\[the first \d+ of \d+ bytes were not kept\]$/)
    expect(rest).toMatch(/^é+\nexit 137$/)
    expect(Buffer.byteLength(rest)).toBeLessThanOrEqual(evidenceLimits.item)
  })

  it('of one run is bounded, and saving again replaces it', async () => {
    const run = await someRun(db)
    const items = Array.from(
      { length: 12 },
      (_, n) => ({ name: `pod-${n}`, kind: 'log', content: 'x'.repeat(evidenceLimits.item) }) as const,
    )
    await saveEvidence(db, run, items)
    const all = await listEvidence(db, run)
    expect(all.map((row) => row.truncated)).toEqual([...Array<boolean>(10).fill(false), true, true])
    await saveEvidence(db, run, items.slice(0, 1))
    expect(await listEvidence(db, run)).toHaveLength(1)
  })
})

describe('an incident', () => {
  const subject = { kind: 'app', name: 'porttrack-app' }

  it('is one per subject while it is open, however many runs fail at once', async () => {
    const store = await server.freshStore()
    const runs = await Promise.all(Array.from({ length: 8 }, () => someRun(store)))
    const opened = await Promise.all(
      runs.map((runId) => openOrJoinIncident(store, { subject, severity: 'SEV2', language: 'es', runId })),
    )
    expect(opened.filter((result) => result.opened)).toHaveLength(1)
    const id = opened[0]?.incident.id ?? ''
    expect(new Set(opened.map((result) => result.incident.id)).size).toBe(1)
    expect(id).toBe(`INC-${new Date().toISOString().slice(0, 10).replaceAll('-', '')}-01`)
    expect((await runsOfIncident(store, id)).map((run) => run.id)).toEqual(runs.sort())
    expect((await getRun(store, runs[0] ?? 'R-'))?.incidentId).toBe(id)
  })

  it('grows more severe and never less, has one channel, and is another one after it was resolved', async () => {
    const store = await server.freshStore()
    const open = (severity: 'SEV1' | 'SEV2' | 'SEV3') =>
      openOrJoinIncident(store, { subject, severity, language: 'es' })
    const { incident } = await open('SEV2')
    expect((await open('SEV1')).incident.severity).toBe('SEV1')
    expect((await open('SEV3')).incident.severity).toBe('SEV1')
    await setIncidentChannel(store, incident.id, { id: 'C1', name: 'inc-one' })
    await setIncidentChannel(store, incident.id, { id: 'C2', name: 'inc-two' })
    expect(await incidentOfChannel(store, 'C1')).toMatchObject({
      id: incident.id,
      channelName: 'inc-one',
      language: 'es',
    })
    await addIncidentEntry(store, incident.id, { kind: 'note', actor: luis, data: { text: 'looking' } })
    expect(await resolveIncident(store, incident.id, ana)).toMatchObject({ state: 'resolved', key: incident.key })
    expect(await resolveIncident(store, incident.id, luis)).toBeUndefined()
    const next = await open('SEV3')
    expect(next).toMatchObject({ opened: true, incident: { severity: 'SEV3', channel: undefined } })
    expect(next.incident.id.slice(-3)).toBe('-02')
    expect(next.incident.key).not.toBe(incident.key)
    expect((await incidentTimeline(store, incident.id)).map((entry) => [entry.kind, entry.actor.name])).toEqual([
      ['opened', 'rescue'],
      ['channel', 'rescue'],
      ['note', 'luis'],
      ['resolved', 'ana'],
    ])
    expect((await listIncidents(store, { state: 'open' })).map((row) => row.id)).toEqual([next.incident.id])
    expect(await listIncidents(store, { subject: { kind: 'app', name: 'other' } })).toEqual([])
  })

  it('is given up with its transaction', async () => {
    const store = await server.freshStore()
    await transaction(store, async (tx) => {
      await openOrJoinIncident(tx, { subject, severity: 'SEV1', language: 'en' })
      throw new Error('given up')
    }).catch(() => undefined)
    expect(await listIncidents(store)).toEqual([])
  })
})

describe('what the bot remembers', () => {
  it('a message is found by its owner and by its place, and replaced when it is posted anew', async () => {
    const message = { owner: 'run/R-0001', role: 'card', channel: 'C1', ts: '1.1' }
    await rememberMessage(db, message)
    await rememberMessage(db, { ...message, role: 'thread', ts: '1.2' })
    expect(await findMessage(db, 'run/R-0001', 'card')).toEqual(message)
    await rememberMessage(db, { ...message, ts: '2.1' })
    expect((await listMessages(db, 'run/R-0001')).map((row) => row.ts).sort()).toEqual(['1.2', '2.1'])
    expect(await messageAt(db, 'C1', '1.1')).toBeUndefined()
    expect((await messageAt(db, 'C1', '2.1'))?.role).toBe('card')
    await forgetMessage(db, 'run/R-0001', 'card')
    expect(await findMessage(db, 'run/R-0001', 'card')).toBeUndefined()
  })

  it('how long each release was healthy, through renumbering, and what failed', async () => {
    const key = { app: 'a', uid: 'u1', templateHash: 'h1' }
    await noteRelease(db, { ...key, revision: 41, image: 'app:2.7.3' })
    await noteRelease(db, { ...key, templateHash: 'h2', revision: 42, image: 'app:2.8.0' })
    await noteHealthy(db, key, 30.5)
    await noteHealthy(db, key, 30)
    await noteFailed(db, { ...key, templateHash: 'h2' }, 'crash_loop')
    await noteRelease(db, { ...key, revision: 43, image: 'app:2.7.3' })
    expect(await releasesOf(db, 'a', 'u1')).toMatchObject([
      {
        revision: 43,
        templateHash: 'h1',
        healthySeconds: 60.5,
        lastHealthyAt: expect.any(Date),
        failedReason: undefined,
      },
      { revision: 42, templateHash: 'h2', healthySeconds: 0, failedReason: 'crash_loop', failedAt: expect.any(Date) },
    ])
    expect(await releasesOf(db, 'a', 'u2')).toEqual([])
  })

  it("a person's language and time zone", async () => {
    await savePerson(db, { slackUser: 'U1', language: 'es', timeZone: 'Europe/Madrid' })
    await savePerson(db, { slackUser: 'U1', language: 'en', timeZone: 'America/Bogota' })
    expect(await findPerson(db, 'U1')).toMatchObject({
      language: 'en',
      timeZone: 'America/Bogota',
      updatedAt: expect.any(Date),
    })
    expect(await findPerson(db, 'U2')).toBeUndefined()
  })
})

describe('what is too old', () => {
  it('goes, but never a run under way, an open incident, an undelivered message, or the audit, which tells of it', async () => {
    const store = await server.freshStore()
    const subject = (name: string) => ({ subject: { kind: 'app', name }, severity: 'SEV2', language: 'es' }) as const
    const [gone, active, recent] = [await someRun(store), await someRun(store), await someRun(store)]
    for (const run of [gone, active, recent])
      await saveEvidence(store, run, [{ name: 'log', kind: 'log', content: 'x' }])
    const closed = await openOrJoinIncident(store, subject('closed'))
    await resolveIncident(store, closed.incident.id, ana)
    await openOrJoinIncident(store, subject('open'))
    await enqueue(store, { to: 'slack', lane: 'a', key: 'waiting', kind: 'post', payload: {} })
    await enqueue(store, { to: 'slack', lane: 'b', key: 'delivered', kind: 'post', payload: {} })
    await endRun(store, gone, { kind: 'verified', reason: 'rolled_back', detail: {} })
    await endRun(store, recent, { kind: 'verified', reason: 'rolled_back', detail: {} })
    await store.query(`update outbox set state = 'done', done_at = now() where key = 'delivered'`)
    const age = (days: number) => `now() - interval '${days} days'`
    await store.query(`update runs set ended_at = ${age(400)} where id = '${gone}'`)
    await store.query(`update runs set created_at = ${age(400)} where id = '${active}'`)
    await store.query(`update runs set ended_at = ${age(100)} where id = '${recent}'`)
    await store.query(`update incidents set opened_at = ${age(400)}, resolved_at = resolved_at - interval '400 days'`)
    await store.query(`update outbox set created_at = ${age(400)}, done_at = done_at - interval '400 days'`)
    expect(await removeOld(store, { runsDays: 365, evidenceDays: 90 })).toEqual({
      runs: 1,
      evidence: 2,
      messages: 1,
      acts: 0,
      incidents: 1,
    })
    expect(await getRun(store, gone)).toBeUndefined()
    expect((await getRun(store, active))?.state).toBe('planning')
    expect(await listEvidence(store, active)).toHaveLength(1)
    expect((await getRun(store, recent))?.state).toBe('ended')
    expect((await listIncidents(store)).map((row) => row.subject.name)).toEqual(['open'])
    const { rows } = await store.query<{ key: string }>('select key from outbox')
    expect(rows).toEqual([{ key: 'waiting' }])
    expect(await verifyAudit(store)).toMatchObject({ kind: 'intact', entries: 1 })
    expect(Object.values(await removeOld(store, { runsDays: 365, evidenceDays: 90 })), 'nothing more to do').toEqual([
      0, 0, 0, 0, 0,
    ])
    expect(await verifyAudit(store), 'and nothing to tell').toMatchObject({ entries: 1 })
  })
})

describe('the schema', () => {
  it('is made once by ten processes that start together, and again by none', async () => {
    const schema = freshName()
    const stores = Array.from({ length: 10 }, () => openDb(server.url, { log: silent, schema, max: 1 }))
    const applied = await Promise.all(stores.map((store) => migrate(store)))
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1)
    const first = stores[0]
    if (first === undefined) throw new Error('no store')
    expect(await migrate(first)).toEqual([])
    await Promise.all(stores.map((store) => store.close()))
  })

  it('of a newer program is refused by an older one', async () => {
    const store = await server.freshStore()
    await store.query(`insert into migrations (name) values ('9999-future.sql')`)
    await expect(migrate(store)).rejects.toThrow('it does not know 9999-future.sql')
  })

  it('that cannot be reached is an error with a name, and leaves transactions whole', async () => {
    const away = openDb('postgres://u:p@127.0.0.1:1/x', { log: silent })
    await expect(away.query('select 1')).rejects.toBeInstanceOf(StoreAwayError)
    await expect(transaction(away, async () => 1)).rejects.toBeInstanceOf(StoreAwayError)
    await away.close()
    await expect(db.query('select no_such_column')).rejects.not.toBeInstanceOf(StoreAwayError)
  })

  it('deadlocks of two transactions end with both done', async () => {
    const store = await server.freshStore()
    await store.query('create table pair (name text primary key, n int default 0)')
    await store.query(`insert into pair values ('a'), ('b')`)
    let arrived = 0
    const both = async (first: string, second: string) =>
      transaction(store, async (tx) => {
        await tx.query('update pair set n = n + 1 where name = $1', [first])
        arrived++
        const deadline = Date.now() + 2_000
        while (arrived < 2 && Date.now() < deadline) await new Promise((resolve) => setImmediate(resolve))
        await tx.query('update pair set n = n + 1 where name = $1', [second])
      })
    await Promise.all([both('a', 'b'), both('b', 'a')])
    const { rows } = await store.query('select n from pair')
    expect(rows).toEqual([{ n: 2 }, { n: 2 }])
    expect(arrived, 'there was a deadlock').toBeGreaterThan(2)
  })
})
