import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { codeOf } from '../away.ts'

const run = promisify(execFile)

/** postmaster.pid: https://www.postgresql.org/docs/15/storage-file-layout.html, utils/pidfile.h of PostgreSQL. */
export type PidFile = { readonly pid: number; readonly port: number; readonly ready: boolean }

/** What the data folder says of the server that runs or ran on it; undefined when there is none. */
export async function readPidFile(data: string): Promise<PidFile | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return ''
    throw error
  })
  const lines = text.split('\n')
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  return { pid, port: Number(lines[3]) || 0, ready: lines[7]?.trim() === 'ready' }
}

export type ProcessState = 'gone' | 'zombie' | 'running'

/** A zombie has died and was not yet fetched by its parent: to `kill(pid, 0)`, and so to PostgreSQL, it looks alive. */
export async function stateOf(pid: number): Promise<ProcessState> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return 'gone'
    // EPERM: it is there, and another user's.
  }
  const stat = await statusLetter(pid)
  return stat === 'Z' || stat === 'X' ? 'zombie' : 'running'
}

async function statusLetter(pid: number): Promise<string | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2, text.lastIndexOf(')') + 3)
  } catch {
    const { stdout } = await run('ps', ['-o', 'stat=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
    return stdout.trim()[0]
  }
}

/** Whether a living process is a PostgreSQL server: its number may have been given to another program since. */
export async function isPostgres(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(async () => {
    const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
    return stdout
  })
  return /postgres/.test(text.split('\0')[0] ?? '')
}

/** Waits until the process has ended. @returns false when it has not within the time */
export async function untilGone(pid: number, waitMs: number): Promise<boolean> {
  const deadline = Date.now() + waitMs
  while ((await stateOf(pid)) === 'running') {
    if (Date.now() > deadline) return false
    await sleep(10)
  }
  return true
}
