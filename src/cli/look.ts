import { readStatus } from '../status/read.ts'
import { listAudit, verifyAudit } from '../store/audit.ts'
import { getRun, listRuns } from '../store/runs.ts'
import { listSteps } from '../store/steps.ts'
import type { ComponentView } from '../texts/views.ts'
import { runIdOf } from './act.ts'
import { Exit, exitCodes, exitOf } from './exit.ts'
import { follow } from './follow.ts'
import { reportOf } from './report.ts'
import { withSession } from './session.ts'
import { tellOutcome, tellStep } from './tell.ts'
import { paint, table } from './terminal.ts'

type Options = { readonly json?: boolean }
const write = (text: string): void => void process.stdout.write(`${text}\n`)

const shapes: Record<ComponentView['state'], string> = {
  healthy: '✓',
  progressing: '→',
  degraded: '▲',
  down: '✗',
  unknown: '?',
}

/** Ends with 1 when something is not healthy, so that a pipeline can ask. */
export async function showStatus(name: string | undefined, options: Options): Promise<void> {
  await withSession(async ({ desk }) => {
    const status = await readStatus(desk.services, name === undefined ? {} : { name, deep: true })
    if (status.components.length === 0) {
      const { apps, databases, monitoring } = desk.services.catalog
      throw new Exit(
        exitCodes.badInput,
        `name: "${name}" is not in the catalog (there are: ${[apps, databases, monitoring].flatMap((entries) => Object.keys(entries)).join(', ')})`,
      )
    }
    if (options.json === true) write(JSON.stringify(status))
    else
      write(
        table(
          status.components.map((it) => [
            `${shapes[it.state]} ${it.state}`,
            it.name,
            it.ready === undefined ? '' : `${it.ready}/${it.desired}`,
            it.images.join(', '),
            it.reason ?? '',
            it.detail ?? '',
          ]),
        ),
      )
    process.exitCode = status.components.every((it) => it.state === 'healthy' || it.state === 'progressing')
      ? exitCodes.ok
      : exitCodes.failed
  })
}

export async function showRuns(options: Options & { readonly limit: string }): Promise<void> {
  await withSession(async ({ desk }) => {
    const limit = Number(options.limit)
    if (!Number.isInteger(limit) || limit < 1 || limit > 500)
      throw new Exit(exitCodes.badInput, `--limit: "${options.limit}"; a whole number from 1 to 500 is allowed`)
    const runs = await listRuns(desk.services.db, { limit })
    if (options.json === true) return write(JSON.stringify(runs.map((run) => reportOf(desk.services.catalog, run, []))))
    write(
      table(
        runs.map((run) => [
          paint('bold', run.id),
          run.operation,
          run.subject.name,
          run.outcome === undefined ? run.state : `${run.outcome.kind} (${run.outcome.reason})`,
          run.actor.name,
          run.createdAt.toISOString(),
        ]),
      ),
    )
  })
}

export async function showRun(word: string, options: Options & { readonly follow?: boolean }): Promise<void> {
  await withSession(async (session) => {
    const { services } = session.desk
    const id = runIdOf(word)
    const found = await getRun(services.db, id)
    if (found === undefined) throw new Exit(exitCodes.badInput, `run: there is no run ${id}`)
    const enough = options.follow === true ? (state: string) => state === 'ended' : () => true
    const run = await follow(
      services,
      id,
      ({ state }) => enough(state),
      (step) => tellStep(session, found, step, { ...options, follow: options.follow ?? options.json !== true }),
    )
    if (options.json === true) write(JSON.stringify(reportOf(services.catalog, run, await listSteps(services.db, id))))
    else tellOutcome(session, run)
    if (options.follow === true && run.outcome !== undefined) process.exitCode = exitOf(run.outcome.kind)
  })
}

/** `audit verify` ends with 1 when the chain is broken. */
export async function showAudit(what: string | undefined, options: Options): Promise<void> {
  await withSession(async ({ desk }) => {
    const { db } = desk.services
    if (what === 'verify') {
      const verdict = await verifyAudit(db)
      write(
        options.json === true
          ? JSON.stringify(verdict)
          : verdict.kind === 'intact'
            ? `✓ ${verdict.entries} entries, unbroken`
            : `✗ entry ${verdict.seq}: ${verdict.what}`,
      )
      process.exitCode = verdict.kind === 'intact' ? exitCodes.ok : exitCodes.failed
      return
    }
    const entries = await listAudit(db, { limit: 200, ...(what === undefined ? {} : { runId: runIdOf(what) }) })
    if (options.json === true) return write(JSON.stringify(entries))
    write(
      table(
        entries
          .toReversed()
          .map((entry) => [
            String(entry.seq),
            entry.at.toISOString(),
            entry.runId ?? '',
            entry.kind,
            entry.actor.name,
            JSON.stringify(entry.data).slice(0, 120),
          ]),
      ),
    )
  })
}
