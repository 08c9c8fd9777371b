import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { program } from './support/terminal.ts'

let folder: string
let env: Record<string, string>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rescue-completion-'))
  const catalog = {
    version: 1,
    people: { ana: { slack: 'U0ANA', role: 'operator' } },
    channels: { operations: 'C0OPS' },
    clusters: { main: {} },
    apps: { 'shop-web': { cluster: 'main', namespace: 'shop', workload: 'deployment/web' } },
    databases: { papers: { engine: 'mongodb', url: { env: 'PAPERS' } } },
  }
  await writeFile(join(folder, 'rescue.yml'), stringify(catalog))
  const command = join(folder, 'rescue')
  await writeFile(command, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`)
  await chmod(command, 0o755)
  env = {
    PATH: `${folder}:${process.env['PATH'] ?? ''}`,
    HOME: folder,
    RESCUE_CATALOG: join(folder, 'rescue.yml'),
    LANG: 'C.UTF-8',
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** What a real shell offers; undefined where there is no such shell. */
async function offered(shell: string, script: string): Promise<string | undefined> {
  try {
    return (await promisify(execFile)(shell, shell === 'zsh' ? ['-f', '-c', script] : ['-c', script], { env })).stdout
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

const bashTab = (words: string, at: number) =>
  `source <(rescue completion bash); COMP_WORDS=(${words}); COMP_CWORD=${at}; _rescue; echo "\${COMPREPLY[@]}"`

describe('completion in real shells', { timeout: 120_000 }, () => {
  it('bash completes commands, options and the apps of the catalog', async () => {
    expect(await offered('bash', 'source <(rescue completion bash); complete -p rescue')).toContain('-F _rescue rescue')
    expect(await offered('bash', bashTab('rescue ro', 1))).toBe('rollback\n')
    expect(await offered('bash', bashTab('rescue rollback sho', 2))).toBe('shop-web\n')
    expect(await offered('bash', bashTab('rescue rollback shop-web --em', 3))).toBe('--emergency\n')
    expect(await offered('bash', bashTab('rescue recover mo', 2))).toBe('mongo\n')
    expect(await offered('bash', bashTab('rescue recover mongo pa', 3))).toBe('papers\n')
    expect(await offered('bash', bashTab('rescue recover mongo papers --only', 4))).toBe('--only-live\n')
  })

  it('zsh and fish load their scripts and know the command', async () => {
    const zsh = `autoload -U compinit; compinit -u -d ${folder}/dump; source <(rescue completion zsh); print $_comps[rescue]`
    expect(['_rescue\n', undefined]).toContain(await offered('zsh', zsh))
    const fish = await offered('fish', 'rescue completion fish | source; complete -C "rescue rollback sho"')
    expect(['shop-web\n', undefined]).toContain(fish)
  })

  it('another shell is bad input that names the shells there are', async () => {
    const end = await promisify(execFile)('rescue', ['completion', 'tcsh'], { env }).catch((error: unknown) => error)
    expect(end).toMatchObject({ code: 2, stderr: expect.stringMatching(/bash, zsh (and|y) fish/) })
  })
})
