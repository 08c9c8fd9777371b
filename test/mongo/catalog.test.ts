import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { parseCatalog } from '../../src/catalog/read.ts'
import { ConfigError } from '../../src/config/faults.ts'

const example = await readFile(resolve(import.meta.dirname, '../../rescue.example.yml'), 'utf8')

it('what only PostgreSQL knows is a fault at a MongoDB database, not a rule that is silently not applied', () => {
  const broken = example.replace(
    'engine: mongodb\n',
    'engine: mongodb\n    restore: { migration: select 1, keepHours: 48 }\n',
  )
  expect(() => parseCatalog(broken, 'rescue.yml')).toThrow(ConfigError)
  try {
    parseCatalog(broken, 'rescue.yml')
  } catch (error) {
    const faults = error instanceof ConfigError ? error.faults : []
    expect(faults.map(({ field, problem }) => `${field}: ${problem}`)).toEqual([
      'databases.porttrack_nosql.restore.migration: is only for PostgreSQL, not for mongodb',
    ])
  }
})
