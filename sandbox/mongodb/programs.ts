import { accessSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Of the wire server and of the tools; go.mod beside this file names the same. */
export const versions = { server: 'ferretdb-1.24.2', tools: '100.10.0' } as const

export const mongoPrograms = ['mongo-server', 'mongodump', 'mongorestore'] as const
export type MongoProgram = (typeof mongoPrograms)[number]

export const mongoFolder = join(homedir(), '.cache', 'rescue-real', `mongodb-${versions.tools}-${versions.server}`)

/** Where a built program is, or undefined. */
export function mongoProgram(program: MongoProgram): string | undefined {
  const path = join(mongoFolder, program)
  try {
    accessSync(path)
    return path
  } catch {
    return undefined
  }
}

/**
 * Whether a suite that needs these programs can run; says which command brings them when not.
 * @throws Error instead when RESCUE_REQUIRE_REAL=1, so that a missing part is never taken for a passed test.
 */
export function mongoPartsMissing(): string | undefined {
  const missing = mongoPrograms.filter((program) => mongoProgram(program) === undefined)
  if (missing.length === 0) return undefined
  const message = `${missing.join(', ')} not built: npm run mongo:build`
  if (process.env['RESCUE_REQUIRE_REAL'] === '1') throw new Error(message)
  return message
}
