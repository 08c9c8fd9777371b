import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type MongoProgram, mongoFolder, mongoProgram, mongoPrograms, versions } from './programs.ts'

const run = promisify(execFile)

const packages: Record<MongoProgram, string> = {
  'mongo-server': './server',
  mongodump: 'github.com/mongodb/mongo-tools/mongodump/main',
  mongorestore: 'github.com/mongodb/mongo-tools/mongorestore/main',
}

/**
 * Builds what is missing of a server that speaks MongoDB's protocol and of MongoDB's own tools into the cache folder (about a minute).
 * @throws Error when Go is missing or a build fails; its message is Go's own.
 */
async function build(): Promise<void> {
  await mkdir(mongoFolder, { recursive: true })
  for (const program of mongoPrograms) {
    const present = mongoProgram(program) !== undefined
    process.stdout.write(`${program}: ${present ? 'there' : 'building'}\n`)
    if (present) continue
    const flags = `-X main.VersionStr=${versions.tools}`
    await run('go', ['build', '-trimpath', '-ldflags', flags, '-o', join(mongoFolder, program), packages[program]], {
      cwd: import.meta.dirname,
      maxBuffer: 16 * 1024 * 1024,
    })
  }
}

await build()
