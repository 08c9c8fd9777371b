import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { environmentSchema } from '../../src/config/environment.ts'

const root = resolve(import.meta.dirname, '../..')

describe('.env.example and the schema of the environment', () => {
  it('list the same names', () => {
    const example = readFileSync(resolve(root, '.env.example'), 'utf8')
    const names = [...example.matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1])
    expect(names.toSorted()).toEqual(Object.keys(environmentSchema.shape).toSorted())
  })

  it('give the same defaults', () => {
    const example = readFileSync(resolve(root, '.env.example'), 'utf8')
    const defaults = environmentSchema.parse({})
    for (const [name, value] of Object.entries(defaults)) expect(example, name).toContain(`${name}=${value}\n`)
  })
})
