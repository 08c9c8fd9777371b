import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

/** Which rooms a room may import from; itself always. ARCHITECTURE.md tells why. */
const arrows: Record<string, readonly string[]> = {
  config: ['catalog'],
  catalog: ['config'],
  services: ['catalog', 'config'],
  backups: ['catalog', 'config', 'services'],
  store: ['catalog', 'config'],
  engine: ['store', 'config', 'catalog', 'operations/types'],
  texts: [
    'catalog',
    'store/types',
    'operations/types',
    'operations/plan-view',
    'operations/rollback',
    'operations/recover-postgres',
    'operations/recover-mongo',
    'backups/types',
    'operations/switch-color',
  ],
  delivery: ['texts', 'services', 'store', 'catalog', 'config', 'operations/types', 'operations/rollback'],
  status: [
    'services',
    'store',
    'catalog',
    'operations/services',
    'operations/automatic-mode',
    'operations/restoring/points',
    'operations/switch-color',
    'operations/recover-postgres',
    'texts/views',
  ],
  operations: ['engine', 'services', 'store', 'catalog', 'config', 'delivery/enqueue', 'texts', 'backups'],
  commands: ['operations', 'status', 'texts', 'store/types', 'interactions', 'surface'],
  interactions: ['operations', 'status', 'texts', 'store', 'catalog', 'surface'],
  surface: ['operations', 'status/read', 'texts', 'store', 'catalog', 'services'],
  watchers: ['operations', 'engine', 'services', 'store', 'catalog', 'delivery/enqueue'],
  cli: [
    'core',
    'surface',
    'services',
    'log',
    'operations',
    'status',
    'texts',
    'store',
    'catalog',
    'config',
    'watchers/bad-releases',
  ],
}

/** These compose: they may import every room. */
const composers = [
  'main.ts',
  'rescue.ts',
  'core.ts',
  'app.ts',
  'slack-app.ts',
  'cli.ts',
  'config.ts',
  'log.ts',
  'metrics.ts',
]

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) =>
    resolve(dirname(file), match[1] ?? ''),
  )
}

const source = join(root, 'src')

describe('imports go one way', () => {
  it.each(files(source).map((file) => relative(source, file)))('%s', (name) => {
    const room = name.split('/')[0] ?? ''
    if (composers.includes(name)) return
    const allowed = arrows[room]
    expect(allowed, `the room ${room} is not in the list of arrows`).toBeDefined()
    const strays = importsOf(join(source, name))
      .map((target) => relative(source, target))
      .filter((target) => !target.startsWith(`${room}/`))
      .filter((target) => target !== 'log.ts' && target !== 'metrics.ts' && target !== '../package.json')
      .filter((target) => !(allowed ?? []).some((place) => target === `${place}.ts` || target.startsWith(`${place}/`)))
    expect(strays, `${name} reaches into rooms that it may not know`).toEqual([])
  })

  it('the program never imports the sandbox or the tests', () => {
    const strays = files(source).flatMap((file) =>
      importsOf(file)
        .filter((target) => !target.startsWith(source))
        .map((target) => `${relative(root, file)} -> ${relative(root, target)}`),
    )
    expect(strays.filter((stray) => !stray.endsWith('package.json'))).toEqual([])
  })

  it('only the configuration reads process.env', () => {
    const readers = files(source)
      .filter((file) => /process\.env\b/.test(readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')))
      .map((file) => relative(source, file))
    expect(readers).toEqual(['config.ts', 'config/terminal.ts'])
  })
})
