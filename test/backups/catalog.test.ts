import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseCatalog } from '../../src/catalog/read.ts'
import { ConfigError } from '../../src/config/faults.ts'
import { checkSecretNames } from '../../src/config/secrets.ts'

const example = readFileSync(new URL('../../rescue.example.yml', import.meta.url), 'utf8')
const place = 'nightly: { kind: folder, path: /backups }'
const bucket =
  'nightly: { kind: s3, bucket: dumps, endpoint: "https://s3.example", accessKey: { env: KEY }, secretKey: { env: SECRET } }'

function faultsOf(text: string): string[] {
  try {
    parseCatalog(text, 'rescue.yml')
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.faults.map(({ field, problem }) => `${field}: ${problem}`)
  }
}

describe('places of backups in the catalog', () => {
  it.each([
    ['nightly: { kind: floppy }', 'places.nightly.kind: must have a kind: folder or s3'],
    ['nightly: { kind: folder, path: backups }', 'places.nightly.path: must be an absolute path (it is "backups")'],
    ['nightly: { kind: folder, path: /b, deep: 3 }', 'places.nightly.deep: no such setting (misspelt?)'],
    [bucket.replace('https', 'ftp'), 'places.nightly.endpoint: Invalid URL (it is "ftp://s3.example")'],
    [`${place}\n      timezone: UTC`, 'backups.timezone: no such setting (misspelt?)'],
  ])('%s is a fault that names the field', (instead, fault) => {
    const [found] = faultsOf(example.replace(place, instead))
    expect(found).toContain(`databases.porttrack.backups`)
    expect(found).toContain(fault)
  })

  it('a zone that is none is a fault', () => {
    const [found] = faultsOf(example.replace(/(places:[\s\S]*?timeZone: )Europe\/Madrid/, '$1Europe/Madird'))
    expect(found).toContain('databases.porttrack.backups.timeZone: "Europe/Madird" is not a time zone')
  })

  it("a bucket's secrets must be there at the start", async () => {
    const catalog = parseCatalog(example.replace(place, bucket), 'rescue.yml')
    const faults = await checkSecretNames(catalog, { PORTTRACK_DATABASE_URL: 'x', PORTTRACK_MONGO_URL: 'x', KEY: 'x' })
    expect(faults).toEqual([
      {
        where: 'environment',
        field: 'SECRET',
        problem: 'is missing; the catalog names it in databases.porttrack.backups.places.nightly.secretKey',
      },
    ])
  })
})
