import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { commands } from '../../src/cli/commands.ts'
import { makeIo } from '../../src/cli/screen/io.ts'
import { helpWords } from '../../src/cli/words/help.ts'
import { type Environment, type Ran, rescue } from './support/terminal.ts'

/** Ends that need no cluster: the command line, the configuration, the store that is away. */
const spanish: Environment = { LANG: 'es_ES.UTF-8' }
let folder: string
let env: Environment

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rescue-endings-'))
  const catalog = {
    version: 1,
    language: 'es',
    people: { ana: { slack: 'U0ANA', role: 'operator' } },
    channels: { operations: 'C0OPS' },
    clusters: { main: { kubeconfig: join(folder, 'kubeconfig') } },
    apps: { shop: { cluster: 'main', namespace: 'shop', workload: 'deployment/shop' } },
  }
  await writeFile(join(folder, 'rescue.yml'), stringify(catalog))
  await writeFile(
    join(folder, 'bad.yml'),
    stringify({ ...catalog, apps: { shop: { cluster: 'nowhere', namespace: 'shop', workload: 'deployment/shop' } } }),
  )
  env = {
    PATH: process.env['PATH'] ?? '',
    RESCUE_ACTOR: 'ana',
    RESCUE_CATALOG: join(folder, 'rescue.yml'),
    RESCUE_DATA: folder,
    // A port of this machine where nobody listens.
    DATABASE_URL: 'postgres://rescue:secret-of-the-store@127.0.0.1:1/rescue',
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

type Case = {
  readonly args: readonly string[]
  readonly env?: () => Environment
  readonly code: number
  readonly kind: string
  readonly reason: string
  readonly says: RegExp
}
const cases: readonly Case[] = [
  { args: ['rolback', 'shop'], code: 2, kind: 'bad_input', reason: 'unknown_command', says: /"rolback".*rollback/ },
  { args: ['rollback'], code: 2, kind: 'bad_input', reason: 'missing_argument', says: /Falta APP/ },
  {
    args: ['rollback', 'shop', '--too', '3'],
    code: 2,
    kind: 'bad_input',
    reason: 'unknown_option',
    says: /--too.*--to/,
  },
  { args: ['rollback', 'shop', '--to'], code: 2, kind: 'bad_input', reason: 'missing_value', says: /--to.*necesita/ },
  { args: ['run', '1', '2'], code: 2, kind: 'bad_input', reason: 'too_many_arguments', says: /más palabras/ },
  {
    args: ['status'],
    env: () => ({ RESCUE_CATALOG: join(folder, 'none.yml') }),
    code: 2,
    kind: 'bad_input',
    reason: 'configuration',
    says: /RESCUE_CATALOG/,
  },
  {
    args: ['runs'],
    env: () => ({ RESCUE_CATALOG: join(folder, 'bad.yml') }),
    code: 2,
    kind: 'bad_input',
    reason: 'configuration',
    says: /bad\.yml:\d+.*nowhere/,
  },
  {
    args: ['runs'],
    env: () => ({ RESCUE_LANG: 'fr' }),
    code: 2,
    kind: 'bad_input',
    reason: 'configuration',
    says: /RESCUE_LANG/,
  },
  {
    args: ['rollback', 'shop', '--yes'],
    code: 1,
    kind: 'failed',
    reason: 'store_away',
    says: /almacén.*No se ha cambiado nada/,
  },
  { args: ['audit', 'verify'], code: 1, kind: 'failed', reason: 'store_away', says: /almacén/ },
]

describe.concurrent('every ending has its code, a sentence for people and one object for programs', {
  timeout: 120_000,
}, () => {
  it.each(cases)('$args: $reason', async ({ args, env: more, code, kind, reason, says }) => {
    const ran = await rescue({ ...env, ...spanish, ...more?.() }, [...args, '--json'])
    expect(ran.code, ran.stderr).toBe(code)
    expect(onlyObject(ran)).toMatchObject({ run: null, outcome: { kind, reason }, plan: null, steps: [] })
    expect(ran.stderr).toMatch(says)
    expect(ran.stdout + ran.stderr).not.toContain('secret-of-the-store')
  })

  it('doctor: what is wrong, where and what to do, without asking anything to work', async () => {
    const ran = await rescue({ ...env, ...spanish, RESCUE_ACTOR: 'nobody' }, ['doctor', '--json'])
    expect(ran.code).toBe(1)
    expect(onlyObject(ran)).toMatchObject({
      ok: false,
      checks: expect.arrayContaining([
        expect.objectContaining({
          name: 'quién actúa',
          state: 'failed',
          detail: expect.stringContaining('RESCUE_ACTOR'),
        }),
        expect.objectContaining({ name: 'almacén', state: 'failed' }),
      ]),
    })
  })

  it('without --json stdout is empty when there is no answer', async () => {
    expect(await rescue({ ...env, ...spanish }, ['rollback'])).toMatchObject({ code: 2, stdout: '' })
    expect(await rescue({ ...env, ...spanish }, [])).toMatchObject({ code: 2, stdout: '' })
  })
})

function onlyObject(ran: Ran): unknown {
  expect(ran.stdout.endsWith('\n') && ran.stdout.trimEnd().split('\n').length === 1, ran.stdout).toBe(true)
  return JSON.parse(ran.stdout)
}

describe('help', { timeout: 120_000 }, () => {
  const helpOf = (language: 'en' | 'es') => {
    const cli = commands(makeIo([]), helpWords[language], async () => undefined)
    return [cli, ...cli.commands]
      .filter((command) => command.name() !== 'names')
      .map((command) => command.helpInformation())
  }

  it('is all in the language of the reader', () => {
    const english = /\b(Usage|Options|Arguments|Commands|display|default|the|of|with|this)\b/
    for (const text of helpOf('es')) expect(text).not.toMatch(english)
    const spanishWords = /\b(Uso|Opciones|Argumentos|Comandos|el|los|una|muestra)\b/
    for (const text of helpOf('en')) expect(text).not.toMatch(spanishWords)
  })

  it('answers in the language of the locale, else of the catalog, also where that is broken', async () => {
    const first = async (more: Environment) => (await rescue({ ...env, ...more }, ['--help'])).stdout.split(':')[0]
    expect(await first({ LANG: 'C.UTF-8' })).toBe('Uso')
    expect(await first({ LANG: 'en_US.UTF-8', RESCUE_CATALOG: join(folder, 'bad.yml') })).toBe('Usage')
    expect(await first({ LANG: 'en_US.UTF-8', RESCUE_LANG: 'es' })).toBe('Uso')
    expect(await first({ RESCUE_CATALOG: join(folder, 'bad.yml') })).toBe('Uso')
    expect(await first({ LC_ALL: 'C', LANG: 'es_ES.UTF-8', RESCUE_CATALOG: '/none' })).toBe('Usage')
  })
})
