import { type Answer, ask, newestMoment } from '../../services/postgres/ask.ts'
import { withClient } from '../../services/postgres/client.ts'
import { readServer } from '../../services/postgres/live-facts.ts'
import { type Proof, prove } from '../../services/postgres/prove.ts'
import { dress, readSurroundings, surroundingsMissing } from '../../services/postgres/surroundings.ts'
import type { Refused } from '../restoring/verdict.ts'
import type { Report, Run } from '../types.ts'
import { placeOf } from './place.ts'
import type { Judged, RecoverParams, RecoverPlan, Shadow } from './types.ts'

type Run_ = Run<RecoverParams, RecoverPlan>
type Good = Extract<Judged, { kind: 'good' }>

export type Proved =
  | Refused
  | {
      readonly kind: 'proved'
      readonly proof: Proof
      readonly answers: readonly Answer[]
      readonly migration: { readonly live: string | undefined; readonly next: string | undefined } | undefined
      readonly newest: string | undefined
    }

/** The copy against its backup, against the catalog's checks, and in everything that belongs to a database and is in no dump. */
export async function proveCopy(
  run: Run_,
  judged: Good,
  shadow: Shadow,
  signal: AbortSignal,
  report: Report,
): Promise<Proved> {
  const { services, plan } = run
  const { entry, url, name, maintenance } = await placeOf(services, plan.database)
  const { checks, migration, newest } = entry.restore
  const timeZone = await withClient(
    url,
    { database: maintenance },
    async (client) => (await readServer(client, name)).timeZone,
  )
  let shown = -1
  const proof = await prove({
    url,
    shadow: shadow.name,
    expected: judged.contents,
    timeZone,
    signal,
    onProgress: (percent) => {
      if (percent < shown + 5) return
      shown = percent
      void report({ percent }).catch(() => undefined)
    },
  })
  const failed = proof.checks.filter(({ verdict }) => verdict === 'fail')
  if (failed.length > 0) return { kind: 'refused', reason: 'not_equal', detail: { checks: failed } }
  // The catalog asks about the whole database; a copy of some tables cannot answer.
  const whole = plan.scope === undefined
  const answers = whole ? await ask(url, shadow.name, checks) : []
  const wrong = answers.filter(({ ok }) => !ok)
  if (wrong.length > 0) return { kind: 'refused', reason: 'checks_failed', detail: { answers: wrong } }
  const missing = await carryOver(url, maintenance, name, shadow)
  if (missing.length > 0) return { kind: 'refused', reason: 'surroundings_differ', detail: { missing } }
  return {
    kind: 'proved',
    proof,
    answers,
    migration: migration === undefined || !whole ? undefined : await versionsOf(url, name, shadow.name, migration),
    newest:
      newest === undefined || !whole ? await newestMoment(url, shadow.name) : await value(url, shadow.name, newest),
  }
}

/** What belongs to the database and is in no dump; what could not be carried over is named. */
async function carryOver(url: string, maintenance: string, live: string, shadow: Shadow): Promise<readonly string[]> {
  return withClient(url, { database: maintenance }, async (client) => {
    const wanted = await readSurroundings(client, live)
    if (wanted === undefined) return []
    await dress(client, shadow.name, wanted)
    const has = await readSurroundings(client, shadow.name)
    return has === undefined ? ['database'] : surroundingsMissing(wanted, has)
  })
}

async function versionsOf(url: string, live: string, next: string, query: string) {
  return { live: await value(url, live, query).catch(() => undefined), next: await value(url, next, query) }
}

async function value(url: string, database: string, query: string): Promise<string | undefined> {
  const [answer] = await ask(url, database, [{ name: 'value', query }])
  return answer === undefined || answer.value === '' ? undefined : answer.value
}
