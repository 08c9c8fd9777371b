import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sandboxCatalog } from '../../sandbox/catalog.ts'
import { startCluster } from '../../sandbox/cluster/start.ts'
import { createServer } from '../../sandbox/http/server.ts'
import { channels, people } from '../../sandbox/people.ts'
import { startWorkspace } from '../../sandbox/slack/start.ts'
import { descendantsOf, memoryOf } from './memory.ts'
import { freePort } from './ports.ts'
import { program, sparingly } from './program.ts'
import type { Row } from './rows.ts'
import type { Size } from './sizes.ts'
import { pause, spreadOf, timed, until } from './stats.ts'

const manifest = fileURLToPath(new URL('../../manifest.yml', import.meta.url))

/** The bot as it starts in production without DATABASE_URL: its own embedded store, Slack by Socket Mode, one cluster. */
export async function measureStart(size: Size): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-bench-start-'))
  // So that the user of the database can reach its part.
  await chmod(folder, 0o711)
  const cluster = await startCluster({ folder })
  const server = await createServer()
  const workspace = await startWorkspace({ server, manifest, people, channels })
  const catalog = join(folder, 'rescue.yml')
  await writeFile(catalog, sandboxCatalog({ kubeconfig: cluster.kubeconfig, edge: 'http://127.0.0.1:9' }))
  const port = await freePort()
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    SLACK_BOT_TOKEN: workspace.botToken,
    SLACK_APP_TOKEN: workspace.appToken,
    SLACK_API_URL: workspace.slackApi,
    RESCUE_DATA: join(folder, 'data'),
    RESCUE_CATALOG: catalog,
    PORTTRACK_DATABASE_URL: 'postgres://nobody@127.0.0.1:9/porttrack',
    METRICS_PORT: String(port),
    PORT: '0',
    LOG_LEVEL: 'error',
  }
  try {
    return await measure(size, environment, port)
  } finally {
    await workspace.stop()
    await server.close()
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(size: Size, environment: Record<string, string>, port: number): Promise<readonly Row[]> {
  const first = await started(environment, port)
  await ended(first.bot)
  const warm: number[] = []
  for (let n = 1; n < size.starts; n++) {
    const { bot, ms } = await started(environment, port)
    warm.push(ms)
    await ended(bot)
  }
  const last = await started(environment, port)
  warm.push(last.ms)
  await pause(size.restSeconds * 1000)
  const pid = last.bot.pid ?? 0
  const bot = await memoryOf(pid)
  const children = await Promise.all((await descendantsOf(pid)).map((child) => memoryOf(child)))
  await ended(last.bot)
  return [
    { what: 'start to ready with a new embedded store', measured: first.ms / 1000, unit: 's' },
    {
      what: `start to ready with the embedded store warm, p50 of ${warm.length}`,
      measured: spreadOf(warm).p50 / 1000,
      unit: 's',
      limit: { kind: 'time', most: 2 },
    },
    {
      what: `the bot at rest for ${size.restSeconds} s: resident memory`,
      measured: bot.resident,
      unit: 'MB',
      limit: { kind: 'memory', most: 150 },
    },
    {
      what: 'its embedded store: resident memory, shared pages counted each time',
      measured: sum(children.map((one) => one.resident)),
      unit: 'MB',
    },
  ]
}

const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0)

async function started(environment: Record<string, string>, port: number): Promise<{ bot: ChildProcess; ms: number }> {
  const bot = spawn(process.execPath, [...sparingly, program], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ready = async () => {
    if (bot.exitCode !== null) throw new Error(`the bot ended with ${bot.exitCode} as it started`)
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined)
    return answer?.ok === true ? true : undefined
  }
  return { bot, ms: await timed(() => until('the bot is ready', ready, { everyMs: 5 })) }
}

async function ended(bot: ChildProcess): Promise<void> {
  const exit = once(bot, 'exit')
  bot.kill('SIGTERM')
  await exit
}
