import { describe, expect, it } from 'vitest'
import type { MongoCollection, MongoContents } from '../../src/backups/mongo/types.ts'
import { exchangeOf, wayBackOf } from '../../src/operations/recover-mongo/exchange.ts'
import { type Ground, misfit } from '../../src/operations/recover-mongo/fits.ts'
import { hasReplaced } from '../../src/operations/recover-mongo/kept.ts'
import type { Kept } from '../../src/operations/recover-mongo/types.ts'
import { databaseIn, urlForTools } from '../../src/services/mongodb/address.ts'
import { ownName, prefixOf } from '../../src/services/mongodb/names.ts'
import type { LiveCollection } from '../../src/services/mongodb/server.ts'
import { reversed, viewChanges } from '../../src/services/mongodb/views.ts'

const live = (name: string, uuid: string, more: Partial<LiveCollection> = {}): LiveCollection => ({
  name,
  uuid,
  type: 'collection',
  options: '{}',
  ...more,
})

describe('the exchange', () => {
  const inUse = [live('a', '1'), live('b', '2'), live('mine', '3')]
  const coming = [
    { uuid: '12', from: '__r42__b', name: 'b' },
    { uuid: '11', from: '__r42__a', name: 'a' },
    { uuid: '13', from: '__r42__new', name: 'new' },
  ]
  const common = { run: 'R-0042', inUse, coming, leaving: new Set<string>() }
  const swap = [
    { uuid: '1', from: 'a', to: '__old42__a' },
    { uuid: '11', from: '__r42__a', to: 'a' },
    { uuid: '2', from: 'b', to: '__old42__b' },
    { uuid: '12', from: '__r42__b', to: 'b' },
    { uuid: '13', from: '__r42__new', to: 'new' },
  ]

  it('frees each name just before the other collection takes it, and leaves what the backup does not have', () => {
    expect(exchangeOf({ ...common, onlyLive: 'keep' })).toMatchObject({ renames: swap, onlyLive: ['mine'] })
  })

  it('sets aside what the backup does not have, when people say so', () => {
    const aside = { uuid: '3', from: 'mine', to: '__old42__mine' }
    expect(exchangeOf({ ...common, onlyLive: 'aside' }).renames).toEqual([...swap, aside])
  })

  it('is undone name by name; what it had brought goes, what was made since stays', () => {
    const kept = { run: 'R-0042', dropAfter: '', renames: swap, views: [] }
    const now = [live('a', '11'), live('b', '12'), live('new', '13'), live('mine', '3'), live('since', '4')]
    expect(wayBackOf('R-0043', now, kept).renames).toEqual([
      { uuid: '11', from: 'a', to: '__old43__a' },
      { uuid: '1', from: '__old42__a', to: 'a' },
      { uuid: '12', from: 'b', to: '__old43__b' },
      { uuid: '2', from: '__old42__b', to: 'b' },
      { uuid: '13', from: 'new', to: '__old43__new' },
    ])
  })
})

describe('the way back of a restore', () => {
  const asked = (renames: Kept['renames'], views: Kept['views'] = []) =>
    hasReplaced({ run: 'R-0042', dropAfter: '2026-01-01T00:00:00.000Z', renames, views })

  it('is there when a collection or a view of those in use was set aside', () => {
    expect(asked([{ uuid: '1', from: 'a', to: '__old42__a' }])).toBe(true)
    expect(
      asked([], [{ name: 'v', before: { viewOn: 'a', pipeline: '[]', collation: undefined }, after: undefined }]),
    ).toBe(true)
  })

  it('is none when the database was gone: it would lead to an empty one', () => {
    expect(asked([{ uuid: '13', from: '__r42__new', to: 'new' }])).toBe(false)
  })
})

describe('a backup that cannot be exchanged here is refused before anything is restored', () => {
  const collection = (name: string, more: Partial<MongoCollection> = {}): MongoCollection => ({
    name,
    type: 'collection',
    uuid: undefined,
    options: '{}',
    indexes: [],
    metadata: true,
    file: undefined,
    documents: 0,
    bytes: 0,
    sha256: '',
    ...more,
  })
  const contents = (collections: readonly MongoCollection[], more: Partial<MongoContents> = {}): MongoContents => ({
    kind: 'mongo-archive',
    database: 'pt',
    databases: ['pt'],
    collections,
    views: [],
    documents: 0,
    dataBytes: 0,
    accounts: undefined,
    oplog: false,
    leftOut: [],
    concurrentCollections: 1,
    gzip: false,
    newestId: undefined,
    ...more,
  })
  const mongod = { version: '7.0.14', kind: 'mongod', replicaSet: true, nameBytes: 255 } as const
  const ferret = { ...mongod, kind: 'ferretdb', nameBytes: 235 } as const
  const ground: Ground = { server: mongod, database: 'pt', run: 'R-0042', onlyLive: 'keep', users: false, inUse: [] }
  const view = { name: 'v', viewOn: 'a', pipeline: '[]', collation: undefined }
  const long = (bytes: number) => 'x'.repeat(bytes - 'pt.'.length - '__late42__'.length)
  const series = live('s', '9', { type: 'timeseries' })

  it.each<[string, MongoContents, Partial<Ground>, string]>([
    ['a time series in it', contents([collection('s', { type: 'timeseries' })]), {}, 'time_series'],
    ['a time series in use', contents([collection('s')]), { inUse: [series] }, 'time_series'],
    ['a time series that would be set aside', contents([]), { inUse: [series], onlyLive: 'aside' }, 'time_series'],
    ['a name too long with the prefix', contents([collection(long(256))]), {}, 'names_too_long'],
    ['a name of two lines', contents([collection('a\nb')]), {}, 'names_refused'],
    ['a view where a collection is', contents([], { views: [view] }), { inUse: [live('v', '1')] }, 'view_in_the_way'],
    ['a view on FerretDB', contents([], { views: [view] }), { server: ferret }, 'server_lacks'],
    [
      'a validator on FerretDB',
      contents([collection('a', { options: '{"validator":{}}' })]),
      { server: ferret },
      'server_lacks',
    ],
    ['a name with a dot on FerretDB', contents([collection('fs.files')]), { server: ferret }, 'server_lacks'],
    ['users that it does not have', contents([]), { users: true }, 'no_accounts'],
  ])('%s', (_, backup, here, reason) => {
    expect(misfit(backup, { ...ground, ...here })?.reason).toBe(reason)
  })

  it.each<[string, MongoContents, Partial<Ground>]>([
    ['the longest name', contents([collection(long(255))]), {}],
    [
      'a view and a validator on MongoDB',
      contents([collection('a', { options: '{"validator":{}}' })], { views: [view] }),
      {},
    ],
    ['a time series that nothing touches', contents([collection('a')]), { inUse: [series] }],
  ])('but not %s', (_, backup, here) => {
    expect(misfit(backup, { ...ground, ...here })).toBeUndefined()
  })
})

describe('views', () => {
  const options = '{"viewOn":"a","pipeline":[{"$match":{"x":{"$numberInt":"1"}}}]}'
  const same = { name: 'same', viewOn: 'a', pipeline: '[{"$match":{"x":{"$numberInt":"1"}}}]', collation: undefined }
  const there = [
    live('same', '', { type: 'view', options }),
    live('other', '', { type: 'view', options }),
    live('own', '', { type: 'view', options }),
  ]

  it('only those that differ or lack are made anew, and the way back is the same turned round', () => {
    const { name: _, ...before } = same
    const after = { ...before, viewOn: 'b' }
    const changes = viewChanges(there, [same, { name: 'other', ...after }, { name: 'lacking', ...after }])
    expect(changes).toEqual([
      { name: 'other', before, after },
      { name: 'lacking', before: undefined, after },
    ])
    expect(reversed(changes)).toEqual([
      { name: 'other', before: after, after: before },
      { name: 'lacking', before: after, after: undefined },
    ])
  })
})

describe('names and addresses', () => {
  it('what the bot puts beside is told from what people call so', () => {
    expect(prefixOf('old', 'R-0042')).toBe('__old42__')
    expect(ownName('__old42__a.b')).toEqual({ kind: 'old', run: 'R-0042', name: 'a.b' })
    for (const name of ['__roles', '__r__x', '__old42_x', 'x__old42__x', '__r42__'])
      expect(ownName(name)).toBeUndefined()
  })

  it('the tools get no database, and sign in where the driver does', () => {
    expect(urlForTools('mongodb://u:p@h:1,h2:2/pt?replicaSet=r')).toBe(
      'mongodb://u:p@h:1,h2:2/?replicaSet=r&authSource=pt',
    )
    expect(urlForTools('mongodb+srv://u:p@h/pt?authSource=admin')).toBe('mongodb+srv://u:p@h/?authSource=admin')
    expect(urlForTools('mongodb://h/pt')).toBe('mongodb://h/')
    expect(databaseIn('mongodb://u:p%40x@h/pt%5F1?x=y')).toBe('pt_1')
    for (const url of ['mongodb://secret@h', 'postgres://u:secret@h/x'])
      expect(() => databaseIn(url)).toThrow(/^(?!.*secret)/)
  })
})
