import type { Language } from '../catalog/schema.ts'
import { readStatus } from '../status/read.ts'
import { listAudit, verifyAudit } from '../store/audit.ts'
import { getRun, listRuns } from '../store/runs.ts'
import { listSteps } from '../store/steps.ts'
import { inLanguage } from '../texts/language.ts'
import type { ComponentView } from '../texts/views.ts'
import { commonWords } from '../texts/words/common.ts'
import { rescueWords } from '../texts/words/rescue.ts'
import { statusWords } from '../texts/words/status.ts'
import { runIdOf } from './act.ts'
import { Exit, exitCodes, exitOf } from './exit.ts'
import { follow } from './follow.ts'
import { reportOf } from './report.ts'
import { withSession } from './session.ts'
import { tellOutcome, tellStep } from './tell.ts'
import { paint, table } from './terminal.ts'

type Options = { readonly json?: boolean }
const write = (text: string): void => void process.stdout.write(`${text}\n`)

/** The heads only for people: with a terminal they are dim. */
const headed = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  table([head.map((cell) => paint('dim', cell)), ...rows])

/** Ends with 1 when something is not healthy, so that a pipeline can ask. */
export async function showStatus(name: string | undefined, options: Options): Promise<void> {
  await withSession(async ({ desk, language, words }) => {
    const status = await readStatus(desk.services, name === undefined ? {} : { name, deep: true })
    if (status.components.length === 0) {
      const { apps, databases, monitoring } = desk.services.catalog
      throw new Exit(
        exitCodes.badInput,
        words.noName(name ?? '', [apps, databases, monitoring].flatMap((entries) => Object.keys(entries)).join(', ')),
      )
    }
    if (options.json === true) write(JSON.stringify(status))
    else
      write(
        headed(
          words.heads.status,
          status.components.map((it) => [
            inLanguage(commonWords, { language }).states[it.state],
            it.name,
            it.ready === undefined ? '' : `${it.ready}/${it.desired}`,
            it.images.join(', '),
            reasonOf(it, language),
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
  await withSession(async ({ desk, language, words }) => {
    const limit = Number(options.limit)
    if (!Number.isInteger(limit) || limit < 1 || limit > 500)
      throw new Exit(exitCodes.badInput, words.badLimit(options.limit))
    const told = inLanguage(rescueWords, { language })
    const runs = await listRuns(desk.services.db, { limit })
    if (options.json === true) return write(JSON.stringify(runs.map((run) => reportOf(desk.services.catalog, run, []))))
    write(
      headed(
        words.heads.runs,
        runs.map((run) => [
          paint('bold', run.id),
          run.operation,
          run.subject.name,
          run.outcome === undefined ? told.states[run.state] : told.outcomes[run.outcome.kind],
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
    const id = runIdOf(session, word)
    const found = await getRun(services.db, id)
    if (found === undefined) throw new Exit(exitCodes.badInput, session.words.noRun(id))
    const enough = options.follow === true ? (state: string) => state === 'ended' : () => true
    const run = await follow(
      session,
      id,
      ({ state }) => enough(state),
      (step) => tellStep(session, found, step, { ...options, follow: options.follow ?? options.json !== true }),
    )
    if (options.json === true) write(JSON.stringify(reportOf(services.catalog, run, await listSteps(services.db, id))))
    else tellOutcome(session, run)
    if (options.follow === true && run.outcome !== undefined) process.exitCode = exitOf(run.outcome.kind)
  })
}

/** A reason word as people read it; one that this program does not know stays a word. */
function reasonOf(component: ComponentView, language: Language): string {
  const reasons: Readonly<Record<string, string>> = inLanguage(statusWords, { language }).reasons
  return component.reason === undefined ? '' : (reasons[component.reason] ?? component.reason)
}

/** `audit verify` ends with 1 when the chain is broken. */
export async function showAudit(what: string | undefined, options: Options): Promise<void> {
  await withSession(async (session) => {
    const { db } = session.desk.services
    const told = inLanguage(rescueWords, session)
    if (what === 'verify') {
      const verdict = await verifyAudit(db)
      write(
        options.json === true
          ? JSON.stringify(verdict)
          : verdict.kind === 'intact'
            ? told.intact(verdict.entries)
            : told.broken(
                String(verdict.seq),
                told.brokenKinds[verdict.what === 'head_changed' ? 'changed' : verdict.what],
              ),
      )
      process.exitCode = verdict.kind === 'intact' ? exitCodes.ok : exitCodes.failed
      return
    }
    const entries = await listAudit(db, {
      limit: 200,
      ...(what === undefined ? {} : { runId: runIdOf(session, what) }),
    })
    if (options.json === true) return write(JSON.stringify(entries))
    const kinds: Readonly<Record<string, string>> = told.auditKinds
    write(
      headed(
        session.words.heads.audit,
        entries
          .toReversed()
          .map((entry) => [
            String(entry.seq),
            entry.at.toISOString(),
            entry.runId ?? '',
            kinds[entry.kind] ?? entry.kind,
            entry.actor.name,
            JSON.stringify(entry.data).slice(0, 120),
          ]),
      ),
    )
  })
}
