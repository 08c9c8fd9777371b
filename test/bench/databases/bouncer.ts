import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { freePort } from '../ports.ts'
import { until } from '../stats.ts'
import { account, type BigServer } from './server.ts'

const program = '/usr/sbin/pgbouncer'

export type Bouncer = {
  /** Without a path: any database of the server, or `pgbouncer` for its console. */
  readonly url: string
  stop(): Promise<void>
}

/** A real PgBouncer before the server. Undefined where it is not installed. */
export async function startBouncer(folder: string, server: BigServer): Promise<Bouncer | undefined> {
  const installed = await access(program).then(
    () => true,
    () => false,
  )
  if (!installed) return undefined
  await mkdir(folder, { mode: 0o755 })
  const port = await freePort()
  const config = `[databases]
* = host=127.0.0.1 port=${server.port} user=${account.name} password=${account.password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
admin_users = ${account.name}
pool_mode = transaction
ignore_startup_parameters = extra_float_digits,statement_timeout
`
  await writeFile(join(folder, 'pgbouncer.ini'), config, { mode: 0o644 })
  // It refuses to run as root, like the server itself.
  const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
  const child = spawn(program, ['-q', join(folder, 'pgbouncer.ini')], { cwd: '/', stdio: 'ignore', ...user })
  const ended = once(child, 'exit')
  const url = `postgres://${account.name}:any@127.0.0.1:${port}`
  await until('PgBouncer answers', () => answers(`${url}/pgbouncer`))
  return {
    url,
    stop: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function answers(url: string): Promise<true | undefined> {
  const probe = new pg.Client({ connectionString: url })
  probe.on('error', () => undefined)
  try {
    await probe.connect()
    return true
  } catch {
    return undefined
  } finally {
    await probe.end().catch(() => undefined)
  }
}
