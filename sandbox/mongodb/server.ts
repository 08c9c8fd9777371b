import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stateOf, untilGone } from '../../src/store/embedded/processes.ts'
import { freePort } from '../http/free-port.ts'
import { mongoProgram } from './programs.ts'

export type MongoServer = {
  /** Without a database; the server asks for no account. */
  readonly url: string
  /** Changes when the server is started again. */
  pid(): number
  /** Ends it at once, as a crash does; it is started again on the same data at the same address. */
  kill(): void
  stop(): Promise<void>
}

type Options = { readonly folder: string; readonly onLog: (line: string) => void }

const readyMs = 20_000

/**
 * A server of MongoDB's protocol on a folder (FerretDB over SQLite), kept running until `stop`.
 * @throws Error when its program is not built, or does not answer within 20 s
 */
export async function startMongoServer({ folder, onLog }: Options): Promise<MongoServer> {
  const program = mongoProgram('mongo-server')
  if (program === undefined) throw new Error('mongo-server is not built: npm run mongo:build')
  const data = join(folder, 'data')
  const pidFile = join(folder, 'server.pid')
  await mkdir(data, { recursive: true })
  await endLeft(pidFile, data)
  const port = await freePort()
  let child: ChildProcess
  let stopping = false
  const run = (): void => {
    child = spawn(program, [data, `127.0.0.1:${port}`], { stdio: 'ignore', env: { PATH: '/usr/bin:/bin' } })
    child.once('error', (error) => onLog(`the MongoDB server: ${error.message}`))
    child.once('exit', (code, signal) => {
      if (stopping) return
      onLog(`the MongoDB server ended (${signal ?? `exit ${code}`}); starting it again`)
      setTimeout(() => stopping || run(), 200)
    })
    if (child.pid !== undefined) void writeFile(pidFile, String(child.pid)).catch(() => undefined)
  }
  const stop = async () => {
    stopping = true
    await ended(child)
    await rm(pidFile, { force: true })
  }
  run()
  if (!(await answers(port))) {
    await stop()
    throw new Error(`the MongoDB server does not answer after ${readyMs / 1000} s`)
  }
  return {
    url: `mongodb://127.0.0.1:${port}/`,
    pid: () => child.pid ?? 0,
    kill: () => void child.kill('SIGKILL'),
    stop,
  }
}

/** Two servers on one folder would destroy it: what a killed sandbox left running is ended first. */
async function endLeft(pidFile: string, data: string): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''))
  if (!Number.isInteger(pid) || pid <= 0 || (await stateOf(pid)) !== 'running') return
  // The number may have been given to another program since.
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  if (!command.split('\0').includes(data)) return
  process.kill(pid, 'SIGKILL')
  if (!(await untilGone(pid, 5_000))) throw new Error(`the MongoDB server of before (process ${pid}) does not end`)
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  // It waits for its clients, however long they stay.
  const force = setTimeout(() => child.kill('SIGKILL'), 1_000)
  await exit
  clearTimeout(force)
}

async function answers(port: number): Promise<boolean> {
  const deadline = Date.now() + readyMs
  while (Date.now() < deadline) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port })
      const done = (found: boolean) => {
        socket.destroy()
        resolve(found)
      }
      socket.once('connect', () => done(true)).once('error', () => done(false))
    })
    if (open) return true
    await sleep(20)
  }
  return false
}
