import { describe, expect, it } from 'vitest'
import { type Catalog, catalogSchema } from '../../../src/catalog/schema.ts'
import { recoverRequest } from '../../../src/surface/recover-request.ts'

const catalog: Catalog = catalogSchema.parse({
  version: 1,
  people: {},
  channels: { operations: 'C0OPS' },
  clusters: {},
  apps: {},
  databases: {
    ships: { engine: 'postgres', url: { env: 'SHIPS' } },
    papers: { engine: 'mongodb', url: { env: 'PAPERS' } },
  },
})

describe('a restore goes to the operation of the engine that the catalog tells', () => {
  it.each([
    ['ships', { point: 'a/b', copy: false, users: false }, { database: 'ships', point: 'a/b' }, 'recover-postgres'],
    [
      'papers',
      { users: true, onlyLive: 'aside' },
      { database: 'papers', users: true, onlyLive: 'aside' },
      'recover-mongo',
    ],
  ] as const)('%s', (database, wishes, params, operation) => {
    expect(recoverRequest(catalog, database, wishes, undefined)).toEqual({ kind: 'request', operation, params })
  })

  it.each([
    ['ship', {}, undefined, { kind: 'unknown_name', value: 'ship', allowed: ['ships', 'papers'], nearest: 'ships' }],
    ['ships', {}, 'mongodb', { kind: 'bad_input', field: 'database', value: 'ships', allowed: ['papers'] }],
    ['constructor', {}, undefined, { kind: 'unknown_name' }],
    ['ships', { users: true }, undefined, { kind: 'bad_input', field: 'users', value: 'users' }],
    ['ships', { onlyLive: 'keep' }, undefined, { kind: 'bad_input', field: 'onlyLive', value: 'only-live keep' }],
    [
      'papers',
      { scope: { kind: 'table', name: 'x.y' } },
      undefined,
      { kind: 'bad_input', field: 'scope', value: 'table x.y' },
    ],
  ] as const)('%s with %o is a fault that says what is allowed', (database, wishes, only, fault) => {
    expect(recoverRequest(catalog, database, wishes, only)).toMatchObject(fault)
  })
})
