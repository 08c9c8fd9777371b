import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { parseCatalog } from '../../../src/catalog/read.ts'
import { parseRollback } from '../../../src/commands/parse-rollback.ts'
import { colorWords, wayBack, withNames } from '../../../src/surface/way-back.ts'

const place = { cluster: 'main', namespace: 'shop' }
const catalog = parseCatalog(
  stringify({
    version: 1,
    people: { ana: { slack: 'U0ANA' } },
    channels: { operations: 'C0OPS' },
    clusters: { main: {} },
    apps: {
      api: { ...place, workload: 'deployment/api' },
      web: { ...place, colors: { service: 'web', blue: 'deployment/b', green: 'deployment/g' } },
      shop: { ...place, colors: { service: 'shop', old: 'deployment/o', new: 'deployment/n' } },
    },
  }),
  'rescue.yml',
)
const parse = (text: string) => parseRollback(text, colorWords(catalog))

describe('a colour in /rollback', () => {
  it.each([
    'web to green',
    'web a verde',
    'web a VERDE',
    'web --to=green',
    'web green',
    'web to green reason 500 on every page',
  ])('%s', (text) => {
    expect(parse(text)).toMatchObject({ kind: 'go', app: 'web', toColor: 'green', toRevision: undefined })
  })

  it('a word that is no colour of the catalog is told like any other', () => {
    expect(parse('web to purple')).toMatchObject({ kind: 'bad_input', field: 'revision', value: 'purple' })
    expect(parse('web')).toEqual({ kind: 'ask', app: 'web' })
  })

  it('an unknown colour of an app that has two is answered with those two, a bad revision of another with what a revision is', () => {
    const named = (text: string) => {
      const asked = parse(text)
      if (asked.kind !== 'bad_input') throw new Error(`${text} was understood`)
      return withNames(asked, catalog)
    }
    expect(named('shop to purple')).toMatchObject({ field: 'color', value: 'purple', allowed: ['old', 'new'] })
    expect(named('api to purple')).toMatchObject({ field: 'revision', value: 'purple', allowed: [] })
  })

  it('alone opens the form, and without an app it is asked for', () => {
    expect(parse('to green')).toMatchObject({ kind: 'bad_input', field: 'app' })
  })
})

describe('what undoes a release', () => {
  it('is a switch where the app has two colours, else a rollback', () => {
    expect(wayBack(catalog, { app: 'web', toColor: 'green', reason: 'errors' })).toEqual({
      kind: 'way_back',
      operation: 'switch-color',
      params: { app: 'web', to: 'green', reason: 'errors' },
    })
    expect(wayBack(catalog, { app: 'api', toRevision: 3, emergency: true, reason: 'errors' })).toEqual({
      kind: 'way_back',
      operation: 'rollback',
      params: { app: 'api', toRevision: 3, emergency: true, reason: 'errors' },
    })
  })

  it('an emergency of a coloured app is the switch itself', () => {
    expect(wayBack(catalog, { app: 'web', emergency: true })).toMatchObject({
      operation: 'switch-color',
      params: { app: 'web' },
    })
  })

  it('a revision of a coloured app, a colour of another, or of an app that has none, is told with what is allowed', () => {
    const there = { kind: 'bad_input', field: 'color', allowed: ['blue', 'green'] }
    expect(wayBack(catalog, { app: 'web', toRevision: 3 })).toMatchObject({ ...there, value: '3' })
    expect(wayBack(catalog, { app: 'web', toColor: 'old' })).toMatchObject({ ...there, value: 'old' })
    expect(wayBack(catalog, { app: 'api', toColor: 'green' })).toMatchObject({ field: 'revision', value: 'green' })
  })

  it('an app that nobody knows is left to the rollback, which says so', () => {
    expect(wayBack(catalog, { app: 'constructor' })).toMatchObject({ operation: 'rollback' })
  })
})
