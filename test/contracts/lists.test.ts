import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scenarios } from '../../sandbox/scenarios/mount.ts'
import { commands } from '../../src/commands/index.ts'
import { buttons } from '../../src/interactions/index.ts'
import { operations } from '../../src/operations/index.ts'
import { actionIds } from '../../src/texts/actions.ts'
import { operationPresentations } from '../../src/texts/operation-texts.ts'

const source = resolve(import.meta.dirname, '../../src')
const listed = (folder: string) => readdirSync(resolve(source, folder), { withFileTypes: true })

/** Rooms of what several operations share. */
const shared = ['run', 'restoring']

describe('what a folder shows is what its list registers', () => {
  it('one file a slash command', () => {
    const files = listed('commands')
      .map((entry) => entry.name)
      .filter((name) => !['index.ts', 'types.ts'].includes(name) && !name.startsWith('parse-'))
    expect(files.map((name) => `/${name.replace('.ts', '')}`).toSorted()).toEqual(
      commands.map((command) => command.name).toSorted(),
    )
  })

  it('one folder an operation, and texts for each', () => {
    const folders = listed('operations')
      .filter((entry) => entry.isDirectory() && !shared.includes(entry.name))
      .map((entry) => entry.name)
    const names = operations.map((operation) => operation.name)
    expect(folders.toSorted()).toEqual(names.toSorted())
    expect(Object.keys(operationPresentations).toSorted()).toEqual(names.toSorted())
  })

  it('a handler for every button that a card can hold', () => {
    expect(Object.keys(buttons).toSorted()).toEqual(Object.values(actionIds).toSorted())
  })

  it('the scenarios that other programs call by name', () => {
    const names = scenarios.map((scenario) => scenario.name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of [
      'bad-release',
      'crash-loop',
      'image-missing',
      'slow-release',
      'node-down',
      'monitoring-down',
      'slack-rate-limited',
      'pagerduty-down',
    ])
      expect(names).toContain(name)
  })
})
