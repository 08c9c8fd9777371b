import { execFile } from 'node:child_process'
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { EmbeddedError } from './error.ts'
import { giveToServer, type Place } from './place.ts'
import { stateOf } from './processes.ts'
import { createSettings, readSettings, type Settings } from './settings.ts'

const run = promisify(execFile)

export const superuser = 'rescue'

/**
 * Makes the cluster at the first start. It is made beside its place and moved there when it is whole, so that a process
 * killed half-way leaves nothing that looks like one.
 * @throws EmbeddedError `initdb_failed`, `not_ours`
 */
export async function prepareCluster(place: Place, programs: string): Promise<Settings> {
  const settings = await readSettings(place.folder)
  if (await isCluster(place.data)) {
    if (settings === undefined)
      throw new EmbeddedError(
        'not_ours',
        `${place.data} holds a database, but its settings are missing: put back ${join(place.folder, 'postgres.json')}, or move the folder away`,
      )
    return settings
  }
  const fresh = settings ?? (await createSettings(place.folder))
  await initialise(place, programs, fresh.password)
  return fresh
}

async function isCluster(data: string): Promise<boolean> {
  return stat(join(data, 'PG_VERSION')).then(
    () => true,
    () => false,
  )
}

async function initialise(place: Place, programs: string, password: string): Promise<void> {
  const unfinished = `${place.data}.${process.pid}`
  const secret = `${unfinished}.password`
  await clearUnfinished(place.data)
  await mkdir(unfinished, { mode: 0o700 })
  await giveToServer(place, unfinished)
  await writeFile(secret, password, { mode: 0o600 })
  await giveToServer(place, secret)
  try {
    await run(
      join(programs, 'bin', 'initdb'),
      ['-D', unfinished, '-U', superuser, `--pwfile=${secret}`, '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C'],
      { cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC' }, ...place.user },
    )
    await rename(unfinished, place.data)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    if (await isCluster(place.data)) return
    throw new EmbeddedError('initdb_failed', `cannot make a database in ${place.data}: ${stderrOf(error)}`)
  } finally {
    await rm(secret, { force: true })
  }
}

/** What processes left that were killed half-way. */
async function clearUnfinished(data: string): Promise<void> {
  const pattern = new RegExp(`^${basename(data)}\\.(\\d+)(\\.password)?$`)
  for (const name of await readdir(dirname(data))) {
    const pid = Number(pattern.exec(name)?.[1] ?? process.pid)
    const left = pattern.test(name) && (pid === process.pid || (await stateOf(pid)) === 'gone')
    // The initdb of a killed bot may write a moment longer.
    if (left) await rm(join(dirname(data), name), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
}

function stderrOf(error: unknown): string {
  if (error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' && error.stderr !== '')
    return error.stderr.trim().split('\n').slice(-3).join(' ')
  return error instanceof Error ? error.message : String(error)
}
