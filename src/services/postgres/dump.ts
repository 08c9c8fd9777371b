import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { withPasswordFile } from './password-file.ts'
import { runTool } from './tools-run.ts'

export type DumpRequest = {
  /** With pg_dump, of the server's version or newer. */
  readonly programs: string
  readonly url: string
  /** Its name on the server. */
  readonly database: string
  /** The archive, which does not exist yet. */
  readonly path: string
  /** In which the archive tells when it was begun: it keeps the clock without its zone. */
  readonly timeZone: string
  /** For the password's file: a folder of this process alone. */
  readonly scratch: string
  readonly limitMs: number
  readonly signal: AbortSignal
}

export type DumpEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'stopped' | 'timed_out' }

/**
 * A whole database in pg_dump's custom format, in one snapshot. It is packed lightly: a restore waits for it, and gzip carries
 * sums of the rows at any level.
 * @throws Error when the program cannot be started
 */
export async function dumpDatabase(request: DumpRequest): Promise<DumpEnd> {
  const { programs, url, database, path, timeZone, scratch, limitMs, signal } = request
  // pg_dump would let everybody of the machine read it; it keeps the mode of a file that is there.
  await writeFile(path, '', { flag: 'wx', mode: 0o600 })
  const args = [
    `--dbname=${database}`,
    `--file=${path}`,
    '--format=custom',
    '--compress=1',
    '--no-password',
    '--no-sync',
    // What holds a lock that stops reading is no reason to wait for ever.
    '--lock-wait-timeout=15s',
  ]
  const end = await withPasswordFile(url, scratch, ['statement_timeout=0'], (environment) =>
    runTool(
      join(programs, 'pg_dump'),
      args,
      { limitMs, signal, environment: { ...environment, TZ: timeZone } },
      nothingOf,
    ),
  )
  if (end.kind === 'stopped') return end
  if (end.kind === 'time_limit') return { kind: 'timed_out' }
  return end.code === 0 ? { kind: 'done' } : { kind: 'failed', why: whyOf(end.complaints, end.code) }
}

async function nothingOf(output: Readable): Promise<void> {
  for await (const _ of output);
}

function whyOf(complaints: string, code: number): string {
  const lines = complaints.split('\n')
  const line = lines.find((each) => /error:|ERROR|FATAL/.test(each)) ?? lines[0] ?? ''
  return line.replace(/^pg_dump: (error: )?/, '').slice(0, 300) || `pg_dump ended with ${code}`
}
