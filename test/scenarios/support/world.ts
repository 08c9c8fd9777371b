import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { pino } from 'pino'
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts'
import { connectCluster } from '../../../src/services/kubernetes/client.ts'
import { buttonsOf, type Message, ops, type Person, person, textOf, until } from './person.ts'

const root = resolve(import.meta.dirname, '../../..')

export type World = {
  readonly sandbox: Sandbox
  readonly page: string
  readonly log: readonly string[]
  as(name: string): Person
  scenario(name: string): Promise<void>
  /** Runs the terminal program as this person. */
  cli(person: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>
  /** The image that an app's Deployment asks for now, and its revision. */
  release(app?: string): Promise<{ image: string; revision: number; ready: number; uid: string }>
  stop(): Promise<void>
}

/** The whole sandbox with the bot as a real process; pods live ten times faster than in life. */
export async function startWorld(
  options: { replicas?: number; environment?: Record<string, string>; speed?: number } = {},
): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-world-'))
  const log: string[] = []
  const sandbox = await startSandbox({
    port: 0,
    folder,
    speed: options.speed ?? 10,
    onLog: (line) => log.push(line),
    ...options,
  })
  const { page, kubeconfig } = sandbox.facts
  const cluster = connectCluster({ kubeconfig, impersonate: false }, { log: pino({ level: 'silent' }) })
  return {
    sandbox,
    page,
    log,
    as: (name) => person(page, name),
    scenario: async (name) => {
      const answer = await fetch(new URL(`scenarios/${name}`, page), { method: 'POST' })
      if (!answer.ok) throw new Error(`scenario ${name}: ${answer.status} ${await answer.text()}`)
    },
    cli: (who, ...args) => runCli({ ...sandbox.environment, RESCUE_ACTOR: who }, args),
    release: async (app = 'porttrack-app') => {
      const raw = JSON.parse(JSON.stringify(await cluster.get(`/apis/apps/v1/namespaces/porttrack/deployments/${app}`)))
      return {
        image: raw.spec.template.spec.containers[0].image,
        revision: Number(raw.metadata.annotations['deployment.kubernetes.io/revision']),
        ready: raw.status.readyReplicas ?? 0,
        uid: raw.metadata.uid,
      }
    },
    stop: async () => {
      await cluster.close()
      await sandbox.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function runCli(
  env: Record<string, string>,
  args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(root, 'src/cli.ts'), ...args], {
      env,
      timeout: 60_000,
    })
    return { code: 0, stdout, stderr }
  } catch (error) {
    const failed = error as { code?: number; stdout?: string; stderr?: string }
    return {
      code: typeof failed.code === 'number' ? failed.code : -1,
      stdout: failed.stdout ?? '',
      stderr: failed.stderr ?? '',
    }
  }
}

/** The newest message of the bot in a channel that holds a button with this action. */
export async function cardWith(who: Person, action: string, channel = ops): Promise<Message> {
  return until(`a card with ${action}`, async () =>
    (await who.messages(channel)).findLast(
      (message) => !message.is_ephemeral && buttonsOf(message).some((button) => button.action_id === action),
    ),
  )
}

/** A message that says this, private ones included. */
export async function says(who: Person, pattern: RegExp, channel = ops, seconds = 20): Promise<Message> {
  return until(
    `a message like ${pattern}`,
    async () => (await who.messages(channel)).findLast((message) => pattern.test(textOf(message))),
    seconds,
  )
}

/** Types `/rollback APP to N` and gives the plan card. */
export async function planned(who: Person, text: string): Promise<Message> {
  const before = new Set((await who.messages(ops)).map((message) => message.ts))
  await who.command(text)
  return until(`a plan for ${text}`, async () =>
    (await who.messages(ops)).find(
      (message) => !before.has(message.ts) && buttonsOf(message).some((button) => button.action_id === 'run:confirm'),
    ),
  )
}
