import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type Program, programPath } from './programs.ts'

export type ControlPlane = {
  readonly url: string
  /** Path of a kubeconfig with full rights. */
  readonly kubeconfig: string
  readonly token: string
  /** Writes a kubeconfig of whoever holds this token. @param name of the file and its user */
  kubeconfigWith(name: string, token: string): Promise<string>
  /** The API server is killed, `during` runs, and it is started again at the same address. */
  outage(during: () => Promise<void>): Promise<void>
  stop(): Promise<void>
}

export type ControlPlaneOptions = {
  /** A scratch folder; its content is kept, so that a failed test can be looked at. */
  readonly folder: string
  readonly controllers?: boolean
  /** More flags of kube-apiserver. */
  readonly apiFlags?: readonly string[]
}

const token = 'local-admin'

/**
 * A real etcd, kube-apiserver and kube-controller-manager on free ports of 127.0.0.1; ready in about 4 s.
 * There are no nodes: sandbox/kubelet plays them.
 * @throws Error when a program is missing, ends early, or the API is not ready after 60 s.
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { folder } = options
  await mkdir(join(folder, 'etcd'), { recursive: true })
  const [clients, peers, secure] = await freePorts(3)
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 })
  await writeFile(join(folder, 'sa.key'), key.privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 })
  await writeFile(join(folder, 'tokens.csv'), `${token},admin,admin,"system:masters"\n`, {
    mode: 0o600,
  })
  const url = `https://127.0.0.1:${secure}`
  const kubeconfig = await writeKubeconfig(folder, url, 'admin', token)
  const etcd = `http://127.0.0.1:${clients}`
  const apiFlags = [
    `--etcd-servers=${etcd}`,
    `--secure-port=${secure}`,
    '--bind-address=127.0.0.1',
    `--cert-dir=${join(folder, 'cert')}`,
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${join(folder, 'sa.key')}`,
    `--service-account-signing-key-file=${join(folder, 'sa.key')}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    '--disable-admission-plugins=ServiceAccount',
    ...(options.apiFlags ?? []),
  ]
  const running = new Map<Program, ChildProcess>()
  const start = (program: Program, args: readonly string[]) => running.set(program, launch(folder, program, args))
  const stop = () => stopAll([...running.values()])
  try {
    start('etcd', [
      '--data-dir',
      join(folder, 'etcd'),
      '--listen-client-urls',
      etcd,
      '--advertise-client-urls',
      etcd,
      '--listen-peer-urls',
      `http://127.0.0.1:${peers}`,
      '--initial-advertise-peer-urls',
      `http://127.0.0.1:${peers}`,
      '--initial-cluster',
      `default=http://127.0.0.1:${peers}`,
      '--unsafe-no-fsync',
    ])
    start('kube-apiserver', apiFlags)
    await untilReady(url, running)
    if (options.controllers !== false)
      start('kube-controller-manager', [
        `--kubeconfig=${kubeconfig}`,
        '--leader-elect=false',
        `--service-account-private-key-file=${join(folder, 'sa.key')}`,
        '--secure-port=0',
        // Its standard 20 requests a second would make many tests at once wait for it.
        '--kube-api-qps=1000',
        '--kube-api-burst=2000',
      ])
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url,
    kubeconfig,
    token,
    stop,
    kubeconfigWith: (name, held) => writeKubeconfig(folder, url, name, held),
    outage: async (during) => {
      const child = running.get('kube-apiserver')
      if (child === undefined) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
      try {
        await during()
      } finally {
        start('kube-apiserver', apiFlags)
        await untilReady(url, running)
      }
    },
  }
}

function launch(folder: string, program: Program, args: readonly string[]): ChildProcess {
  const path = programPath(program)
  if (path === undefined) throw new Error(`${program} not built: npm run real:build`)
  const log = createWriteStream(join(folder, `${program}.log`), { flags: 'a' })
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout?.pipe(log)
  child.stderr?.pipe(log)
  return child
}

async function writeKubeconfig(folder: string, server: string, user: string, userToken: string): Promise<string> {
  const path = join(folder, `kubeconfig-${user}`)
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'real',
    clusters: [{ name: 'real', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: user, user: { token: userToken } }],
    contexts: [{ name: 'real', context: { cluster: 'real', user } }],
  }
  await writeFile(path, JSON.stringify(config, null, 2), { mode: 0o600 })
  return path
}

/** Ends in the reverse order of the start, each waited for. */
async function stopAll(running: readonly ChildProcess[]): Promise<void> {
  for (const child of [...running].reverse()) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    const force = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await ended
    clearTimeout(force)
  }
}

async function untilReady(url: string, running: ReadonlyMap<Program, ChildProcess>): Promise<void> {
  const deadline = Date.now() + 60_000
  const agent = new Agent({ rejectUnauthorized: false })
  while (Date.now() < deadline) {
    if ([...running.values()].some((child) => child.exitCode !== null))
      throw new Error('a part of the control plane ended early; see its log')
    if ((await statusOf(`${url}/readyz`, agent)) === 200) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the API server was not ready after 60 s; see its log')
}

function statusOf(url: string, agent: Agent): Promise<number | undefined> {
  return new Promise((resolve) => {
    const asked = request(url, { agent, headers: { authorization: `Bearer ${token}` }, timeout: 2000 }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    asked.on('error', () => resolve(undefined)).on('timeout', () => asked.destroy())
    asked.end()
  })
}

/** Ports that nobody listens on now, all held while they are chosen, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  const ports = servers.map((server) => {
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  })
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
