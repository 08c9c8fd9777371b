import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pausePool, resumePool } from '../../src/services/postgres/pool.ts'
import { swap } from '../../src/services/postgres/swap.ts'
import { type Server, startServer } from './support/server.ts'

const program = '/usr/sbin/pgbouncer'
const installed = await access(program).then(
  () => true,
  () => false,
)
if (!installed && process.env['RESCUE_REQUIRE_REAL'] === '1')
  throw new Error('pgbouncer is missing: bash scripts/install-parts.sh brings it')

let server: Server
let bouncer: { url: string; stop(): Promise<void> }
beforeAll(async () => {
  if (!installed) return
  server = await startServer()
  bouncer = await startBouncer(server.url('shop'))
})
afterAll(async () => {
  await bouncer?.stop()
  await server?.stop()
})

describe.skipIf(!installed)('an exchange behind PgBouncer', () => {
  it('makes clients wait: not one query fails', async () => {
    await server.admin('create database shop owner keeper', 'create database shop_next owner keeper')
    await server.in('shop', `create table which as select 'old' as one`)
    await server.in('shop_next', `create table which as select 'new' as one`)
    const { shop, shop_next } = await server.databases('shop')
    const app = new pg.Pool({ connectionString: `${bouncer.url}/shop`, max: 4 })
    app.on('error', () => undefined)
    const [seen, failed]: [string[], unknown[]] = [[], []]
    let asking = true
    const clients = Array.from({ length: 4 }, async () => {
      while (asking)
        await app.query('select one from which').then(
          ({ rows }) => seen.push(rows[0].one),
          (error: unknown) => failed.push(error),
        )
    })
    await until(() => seen.length > 50)
    await pausePool(`${bouncer.url}/pgbouncer`, 'shop')
    // Paused already, as a bot finds it that was killed in between.
    await pausePool(`${bouncer.url}/pgbouncer`, 'shop')
    const next = { name: 'shop_next', oid: shop_next ?? 0 }
    const plan = {
      url: server.url(),
      maintenance: 'postgres',
      live: 'shop',
      kept: 'shop_old_0042',
      liveOid: shop,
      next,
    }
    expect(await swap(plan)).toMatchObject({ kind: 'swapped' })
    await resumePool(`${bouncer.url}/pgbouncer`, 'shop')
    await resumePool(`${bouncer.url}/pgbouncer`, 'shop')
    await until(() => seen.at(-1) === 'new')
    asking = false
    await Promise.all(clients)
    await app.end()
    expect(failed).toEqual([])
    expect(seen).toContain('old')
  })
})

/** Started as nobody when this is root: it refuses to run as root, like the server itself. */
async function startBouncer(behind: string) {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-pgbouncer-'))
  await chmod(folder, 0o755)
  const port = await freePort()
  const { hostname, port: serverPort, password } = new URL(behind)
  const config = `[databases]
* = host=${hostname} port=${serverPort} user=keeper password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
admin_users = keeper
pool_mode = transaction
ignore_startup_parameters = extra_float_digits,statement_timeout
`
  await writeFile(join(folder, 'pgbouncer.ini'), config, { mode: 0o644 })
  const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
  const child: ChildProcess = spawn(program, ['-q', join(folder, 'pgbouncer.ini')], {
    cwd: '/',
    stdio: 'ignore',
    ...user,
  })
  const ended = once(child, 'exit')
  const url = `postgres://keeper:any@127.0.0.1:${port}`
  await until(async () => {
    const probe = new pg.Client({ connectionString: `${url}/pgbouncer` })
    probe.on('error', () => undefined)
    try {
      await probe.connect()
      return true
    } catch {
      return false
    } finally {
      await probe.end().catch(() => undefined)
    }
  })
  return {
    url,
    stop: async () => {
      child.kill('SIGKILL')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function until(seen: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!(await seen())) {
    if (Date.now() > deadline) throw new Error('not seen')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
