import { execFile } from 'node:child_process'
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Alone, startAlone } from '../../cli/support/alone.ts'
import { program } from '../../cli/support/terminal.ts'
import { firstImage, secondImage } from '../../scenarios/support/shop.ts'
import { programPath, realPartsMissing } from '../kubernetes/programs.ts'

const missing = realPartsMissing('kubectl')
const examples = resolve(import.meta.dirname, '../../../examples/pipeline')
const read = async (name: string) => parse(await readFile(join(examples, name), 'utf8'))

type Pipeline = { readonly variables: Readonly<Record<string, string>>; readonly lines: readonly string[] }

/** The lines of shell of the GitHub workflow that touch the cluster, in order. */
async function github(): Promise<Pipeline> {
  const workflow = await read('github-actions.yml')
  const steps: { name?: string; run?: string }[] = workflow.jobs.deploy.steps
  const lines = steps.flatMap(({ name, run }) =>
    run === undefined || name === 'Program' || name === 'Cluster access' ? [] : run.trim().split('\n'),
  )
  return { variables: workflow.env, lines }
}

async function gitlab(): Promise<Pipeline> {
  const { deploy } = await read('gitlab-ci.yml')
  return { variables: deploy.variables, lines: deploy.script }
}

describe('the examples', () => {
  it('deploy, watch and undo with the same lines, and keep what was seen', async () => {
    const [one, other] = [await github(), await gitlab()]
    expect(one.lines).toEqual(other.lines)
    expect(one.lines.at(-1)).toBe('rescue guard "$APP" --timeout 10m --settle 30s --undo --json > release.json')
    const { jobs } = await read('github-actions.yml')
    expect(jobs.deploy.steps.at(-1)).toMatchObject({ if: 'always()', with: { path: 'release.json' } })
    expect((await read('gitlab-ci.yml')).deploy.artifacts).toMatchObject({ when: 'always', paths: ['release.json'] })
  })
})

describe.skipIf(missing !== undefined)(
  `their lines in a shell, with real kubectl ${missing ?? ''}`,
  { timeout: 180_000 },
  () => {
    let alone: Alone
    beforeAll(async () => {
      alone = await startAlone(2)
      const bin = join(alone.folder, 'bin')
      await mkdir(bin)
      await symlink(programPath('kubectl') ?? '', join(bin, 'kubectl'))
      await writeFile(join(bin, 'rescue'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`)
      await chmod(join(bin, 'rescue'), 0o755)
    }, 120_000)
    afterAll(async () => {
      await alone?.stop()
    })

    /** As a runner does: one shell that stops at the first line that fails. Only what differs between the worlds is put in. */
    async function runs({ variables, lines }: Pipeline, app: string, image: string) {
      const folder = join(alone.folder, app)
      await mkdir(folder)
      const env = alone.as('ana', {
        ...variables,
        PATH: `${join(alone.folder, 'bin')}:${process.env['PATH'] ?? ''}`,
        KUBECONFIG: alone.cluster.kubeconfig,
        RESCUE_ACTOR: 'ana',
        RESCUE_CATALOG: join(alone.folder, 'rescue.yml'),
        APP: app,
        NAMESPACE: 'shop',
        IMAGE: image,
      })
      const { DATABASE_URL: _theirs, ...own } = env as Record<string, string>
      const script = lines.join('\n').replaceAll('"app=', '"web=').replace('--settle 30s', '--settle 1s')
      const code = await new Promise<number>((done) =>
        execFile('bash', ['-e', '-c', script], { cwd: folder, env: own }, (error) => done(Number(error?.code ?? 0))),
      )
      return { code, seen: JSON.parse(await readFile(join(folder, 'release.json'), 'utf8')) }
    }

    it('GitHub: a healthy release passes', async () => {
      const { code, seen } = await runs(await github(), alone.apps[0] ?? '', firstImage.replace('1.0.0', '1.4.0'))
      expect(code).toBe(0)
      expect(seen).toMatchObject({ release: { state: 'healthy' }, undo: null })
    })

    it('GitLab: a bad release fails the job and is taken back', async () => {
      const app = alone.apps[1] ?? ''
      const { code, seen } = await runs(await gitlab(), app, 'registry.example/shop:1.2.0-crash')
      expect(code).toBe(1)
      expect(seen).toMatchObject({ release: { state: 'bad' }, undo: { outcome: { kind: 'verified' } } })
      expect(await alone.image(app)).toBe(secondImage)
    })
  },
)
