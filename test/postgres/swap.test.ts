import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { withClient } from '../../src/services/postgres/client.ts'
import { closeKept, listKept } from '../../src/services/postgres/kept.ts'
import { createShadow, dropShadow, keptName, shadowName, shadowsOf } from '../../src/services/postgres/shadow.ts'
import { dress, readSurroundings, surroundingsMissing } from '../../src/services/postgres/surroundings.ts'
import { lookAtSwap, type SwapPlan, swap } from '../../src/services/postgres/swap.ts'
import { type Server, startServer } from './support/server.ts'

let server: Server
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.stop())

let plan: SwapPlan
beforeEach(async () => {
  for (const name of Object.keys(await server.databases('shop')))
    await server.admin(`drop database "${name}" with (force)`)
  await server.admin('create database shop owner keeper', 'create database shop_next owner keeper')
  await server.in('shop', `create table which as select 'old' as one`)
  await server.in('shop_next', `create table which as select 'new' as one`)
  const { shop, shop_next } = await server.databases('shop')
  plan = {
    url: server.url(),
    maintenance: 'postgres',
    live: 'shop',
    kept: 'shop_old_0042',
    liveOid: shop,
    next: { name: 'shop_next', oid: shop_next ?? 0 },
  }
})

const which = async (database = 'shop') => (await server.in(database, 'select one from which'))[0]?.rows[0]?.one

describe('two databases are exchanged', () => {
  it('while an application keeps asking: it sees the old one or the new one, never none for long', async () => {
    const pool = new pg.Pool({ connectionString: server.url('shop'), max: 3 })
    pool.on('error', () => undefined)
    const seen: string[] = []
    let asking = true
    const app = (async () => {
      while (asking) {
        const answer = await pool.query('select one from which').catch(() => undefined)
        if (answer !== undefined) seen.push(answer.rows[0].one)
      }
    })()
    await until(() => seen.length > 20)
    expect(await swap(plan)).toMatchObject({ kind: 'swapped' })
    await until(() => seen.at(-1) === 'new')
    asking = false
    await app
    await pool.end()
    expect(seen.indexOf('new')).toBeGreaterThan(seen.lastIndexOf('old'))
    expect(await which()).toBe('new')
    expect(await which('shop_old_0042')).toBe('old')
  })

  it('not while a session stays that may not be ended; it is named and nothing is changed', {
    timeout: 90_000,
  }, async () => {
    const stays = await server.stay('shop')
    await stays.query(`set application_name = 'night report'`)
    try {
      const ended = await swap(plan)
      expect(ended).toMatchObject({ kind: 'sessions_stay' })
      expect(JSON.stringify(ended)).toContain('night report')
      expect(await lookAtSwap(plan)).toBe('not_swapped')
      expect(await which()).toBe('old')
    } finally {
      await stays.end()
    }
  })

  it('not when the live database is another one than before', async () => {
    await server.admin('alter database shop rename to shop_away', 'create database shop owner keeper')
    expect(await swap(plan)).toMatchObject({ kind: 'moved' })
    expect(Object.keys(await server.databases('shop')).toSorted()).toEqual(['shop', 'shop_away', 'shop_next'])
  })

  it('and exchanged back by the same renames; the world is told by OID', async () => {
    await swap(plan)
    expect(await lookAtSwap(plan)).toBe('swapped')
    const { shop, shop_old_0042 } = await server.databases('shop')
    const back = {
      ...plan,
      kept: 'shop_old_0043',
      liveOid: shop,
      next: { name: 'shop_old_0042', oid: shop_old_0042 ?? 0 },
    }
    expect(await lookAtSwap(back)).toBe('not_swapped')
    await swap(back)
    expect(await which()).toBe('old')
    expect(await lookAtSwap(back)).toBe('swapped')
    // Seen with the first plan neither its old nor its new state stands.
    expect(await lookAtSwap(plan)).toBe('unknown')
  })

  it('where the live one is gone, the new one only gets its name', async () => {
    await server.admin('drop database shop')
    const { liveOid: _, ...rest } = plan
    expect(await swap({ ...rest, liveOid: undefined })).toMatchObject({ kind: 'swapped' })
    expect(await which()).toBe('new')
  })

  it('the old one is closed, and says what it is and until when it stays', async () => {
    await swap(plan)
    const note = { run: 'R-0042', at: '2026-11-24T12:00:00.000Z', dropAfter: '2026-11-27T12:00:00.000Z' }
    await closeKept(plan, note)
    await closeKept(plan, note)
    await expect(which('shop_old_0042')).rejects.toThrow(/not currently accepting connections/)
    const kept = await withClient(server.url(), {}, listKept)
    expect(kept).toMatchObject([{ name: 'shop_old_0042', oid: plan.liveOid, note }])
  })
})

describe('a copy beside', () => {
  it('gets everything that is in no dump: grants, settings, limit, comment, owner', async () => {
    await server.admin(
      'revoke connect on database shop from public',
      'grant connect on database shop to clerk with grant option',
      `alter database shop set search_path to "odd, name", public`,
      `alter database shop set "DateStyle" to 'German, DMY'`,
      `alter database shop set application_name to 'it''s "quoted"'`,
      'alter database shop connection limit 17',
      `comment on database shop is 'the shop''s own'`,
    )
    await withClient(server.url(), {}, async (client) => {
      const live = await readSurroundings(client, 'shop')
      if (live === undefined) throw new Error('no shop')
      const name = shadowName('shop', 'R-0042')
      await createShadow(client, name, live, 'a test')
      const before = await readSurroundings(client, name)
      expect(before && surroundingsMissing(live, before)).toEqual(['connection limit', 'comment', 'settings', 'grants'])
      await dress(client, name, live)
      const after = await readSurroundings(client, name)
      expect(after && surroundingsMissing(live, after)).toEqual([])
      expect(await shadowsOf(client, 'shop', 'R-0042')).toEqual([name])
      await dropShadow(client, name)
      expect(await shadowsOf(client, 'shop', 'R-0042')).toEqual([])
    })
  })

  it('has a name that PostgreSQL does not cut, however long the live one is', () => {
    const long = 'd'.repeat(63)
    for (const name of [shadowName(long, 'R-123456'), keptName(long, 'R-123456')]) {
      expect(name.length).toBeLessThanOrEqual(63)
      expect(name).toContain('123456')
    }
  })
})

async function until(seen: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!seen()) {
    if (Date.now() > deadline) throw new Error('not seen')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
