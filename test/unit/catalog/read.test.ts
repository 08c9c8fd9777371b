import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseCatalog } from '../../../src/catalog/read.ts'
import { ConfigError } from '../../../src/config/faults.ts'
import { readConfig } from '../../../src/config.ts'

const example = await readFile(resolve(import.meta.dirname, '../../../rescue.example.yml'), 'utf8')

function faultsOf(text: string): string[] {
  try {
    parseCatalog(text, 'rescue.yml')
  } catch (error) {
    if (error instanceof ConfigError)
      return error.faults.map((fault) => `${fault.where} ${fault.field}: ${fault.problem}`)
    throw error
  }
  return []
}

/** The 1-based line on which `text` first stands. */
const lineOf = (whole: string, text: string) => whole.slice(0, whole.indexOf(text)).split('\n').length

describe('the catalog', () => {
  it('of the example is good', () => {
    expect(faultsOf(example)).toEqual([])
  })

  it('with several faults lists them all at once, each with its line', () => {
    const broken = example
      .replace('role: operator\n', 'role: king\n')
      .replace('workload: deployment/porttrack-worker', 'workload: porttrack-worker')
      .replace(
        'cluster: main\n    namespace: porttrack\n    workload: deployment/porttrack-app',
        'cluster: mian\n    namespace: porttrack\n    workload: deployment/porttrack-app',
      )
      .replace('progress: plan', 'progres: plan')
    const faults = faultsOf(broken)
    expect(faults).toContainEqual(
      expect.stringMatching(
        new RegExp(
          `^rescue.yml:${lineOf(broken, 'role: king')} people.marta.role: must be one of "viewer", "operator", "approver" .*king`,
        ),
      ),
    )
    expect(faults).toContainEqual(
      expect.stringMatching(
        new RegExp(`^rescue.yml:${lineOf(broken, 'progres: plan')} channels.progres: no such setting`),
      ),
    )
    expect(faults).toContainEqual(
      expect.stringMatching(
        new RegExp(
          `^rescue.yml:${lineOf(broken, 'workload: porttrack-worker')} apps.porttrack-worker.workload: KIND/NAME`,
        ),
      ),
    )
  })

  it('with names that point nowhere says which exist', () => {
    const broken = example.replace('owners: [ana, luis] ', 'owners: [ana, pedro] ')
    expect(faultsOf(broken)).toEqual([
      expect.stringMatching(/apps\.porttrack-app\.owners\.1: no person is called "pedro".*ana, luis, marta, invitado/),
    ])
  })

  it('that gives one Slack id to two people is refused', () => {
    expect(faultsOf(example.replace('slack: U0LUIS', 'slack: U0ANA'))).toEqual([
      expect.stringMatching(/people\.luis\.slack: "U0ANA" already belongs to ana/),
    ])
  })

  it('that is no YAML says where', () => {
    expect(faultsOf('version: 1\npeople: {\n')[0]).toMatch(/^rescue\.yml:\d+ YAML: /)
  })
})

describe('the configuration', () => {
  const write = async (text: string) => {
    const path = join(await mkdtemp(join(tmpdir(), 'rescue-config-')), 'rescue.yml')
    await writeFile(path, text)
    return path
  }
  const good = { PORTTRACK_DATABASE_URL: 'postgres://x', PORTTRACK_MONGO_URL: 'mongodb://x' }

  it('lists faults of the environment and of the catalog together, and shows no secret', async () => {
    const path = await write(example.replace('version: 1', 'version: 2'))
    const refused = await readConfig({ RESCUE_CATALOG: path, SLACK_BOT_TOKEN: 'super-secret', PORT: 'eighty' }).catch(
      (error: unknown) => error,
    )
    expect(refused).toBeInstanceOf(ConfigError)
    const text = String(refused)
    expect(text).toContain('SLACK_BOT_TOKEN')
    expect(text).toContain('PORT')
    expect(text).toContain('rescue.yml:3: version')
    expect(text).not.toContain('super-secret')
  })

  it('wants the secrets that the catalog names to be there', async () => {
    const refused = await readConfig({
      RESCUE_CATALOG: await write(example),
      PORTTRACK_MONGO_URL: 'mongodb://x',
    }).catch((error: unknown) => String(error))
    expect(refused).toContain('PORTTRACK_DATABASE_URL: is missing')
  })

  it('wants the other half of a pair of variables', async () => {
    const refused = await readConfig({
      ...good,
      RESCUE_CATALOG: await write(example),
      SLACK_APP_TOKEN: 'xapp-1',
    }).catch((error: unknown) => String(error))
    expect(refused).toContain('SLACK_BOT_TOKEN: is missing')
  })

  it('takes an empty variable for one that is not set', async () => {
    const config = await readConfig({ ...good, RESCUE_CATALOG: await write(example), DATABASE_URL: '', LOG_LEVEL: '' })
    expect(config.environment.DATABASE_URL).toBeUndefined()
    expect(config.environment.LOG_LEVEL).toBe('info')
  })
})
