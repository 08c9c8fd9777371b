import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { actionIds } from '../../../src/texts/actions.ts'
import { operationPresentations } from '../../../src/texts/operation-texts.ts'

const source = resolve(import.meta.dirname, '../../../src')

const files = readdirSync(source, { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => join(entry.parentPath, entry.name))

describe('texts', () => {
  it('only blocks.ts builds text objects of Slack, so that nothing reaches Slack unescaped', () => {
    const builders = files
      .filter((file) => /type:\s*['"](mrkdwn|plain_text|markdown)['"]/.test(readFileSync(file, 'utf8')))
      .map((file) => relative(source, file))
    expect(builders).toEqual(['texts/blocks.ts'])
  })

  it('every operation tells people what it does', () => {
    expect(Object.keys(operationPresentations).toSorted()).toEqual(operations.map(({ name }) => name).toSorted())
  })

  it.each(Object.entries(operationPresentations))(
    '%s has a name for each of its steps, in both languages',
    (name, texts) => {
      const steps: readonly string[] = operations.find((operation) => operation.name === name)?.steps ?? []
      expect(steps).not.toEqual([])
      const now = new Date()
      const named = steps.flatMap((step) => [
        texts.step(step, { language: 'es', now }),
        texts.step(step, { language: 'en', now }),
      ])
      expect(named.filter((word) => steps.includes(word))).toEqual([])
      expect(named).toHaveLength(steps.length * 2)
    },
  )

  it('ids of actions are different from one another', () => {
    const ids = Object.values(actionIds)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
