import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { runTool } from '../postgres/tools-run.ts'

export type DumpRequest = {
  /** With mongodump. */
  readonly programs: string
  /** File with the address, see `withToolSettings`. */
  readonly settings: string
  /** Its name on the server. */
  readonly database: string
  /** Collections whose names begin so are left out: what the bot itself put beside. */
  readonly leaveOut: readonly string[]
  /** The packed archive, which does not exist yet. */
  readonly path: string
  readonly limitMs: number
  readonly signal: AbortSignal
}

export type DumpEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'stopped' | 'timed_out' }

/** A database as a packed archive of mongodump. @throws Error when the program cannot be started */
export async function dumpDatabase(request: DumpRequest): Promise<DumpEnd> {
  const { programs, settings, database, leaveOut, path, limitMs, signal } = request
  const args = [
    `--config=${settings}`,
    `--db=${database}`,
    '--archive',
    '--gzip',
    // A server of one writer answers one reader at a time; the order of collections is then the database's own.
    '--numParallelCollections=1',
    ...leaveOut.map((prefix) => `--excludeCollectionsWithPrefix=${prefix}`),
  ]
  const end = await runTool(join(programs, 'mongodump'), args, { limitMs, signal }, (output) =>
    pipeline(output, createWriteStream(path, { flags: 'wx', mode: 0o600 })),
  )
  if (end.kind === 'stopped') return end
  if (end.kind === 'time_limit') return { kind: 'timed_out' }
  return end.code === 0 ? { kind: 'done' } : { kind: 'failed', why: whyOf(end.complaints, end.code) }
}

function whyOf(complaints: string, code: number): string {
  const lines = complaints.split('\n').map((line) => line.replace(/^\S+\t/, ''))
  return (lines.findLast((line) => line.startsWith('Failed:')) ?? lines.at(-1) ?? '').slice(0, 300) || `exit ${code}`
}
