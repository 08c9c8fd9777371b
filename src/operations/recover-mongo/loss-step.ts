import { besideOf } from '../../services/mongodb/beside.ts'
import { type Connected, withMongo } from '../../services/mongodb/client.ts'
import { type LossPreview, previewLoss } from '../../services/mongodb/loss.ts'
import { ownName } from '../../services/mongodb/names.ts'
import { inUse, type LiveCollection, listAll } from '../../services/mongodb/server.ts'
import { movedSince } from '../../services/mongodb/swap.ts'
import { reversed, viewChanges } from '../../services/mongodb/views.ts'
import { DatabaseError } from '../../services/postgres/errors.ts'
import type { Refused } from '../restoring/verdict.ts'
import type { Report, Run } from '../types.ts'
import { besideOfRun } from './beside.ts'
import { type Exchange, exchangeOf, wayBackOf } from './exchange.ts'
import { placeOf } from './place.ts'
import type { Judged, Prepared, RecoverMongoParams, RecoverMongoPlan } from './types.ts'

type Run_ = Run<RecoverMongoParams, RecoverMongoPlan>
type Good = Extract<Judged, { kind: 'good' }>

export type Lost =
  | Refused
  | ({ readonly kind: 'known' } & Pick<Prepared, 'renames' | 'views' | 'onlyLive' | 'loss' | 'lossUnknown'>)

const answerMs = 10 * 60_000

/** What the exchange would do, and what would be lost by it. @param judged undefined: the way back */
export async function previewExchange(
  run: Run_,
  judged: Good | undefined,
  signal: AbortSignal,
  report: Report,
): Promise<Lost> {
  const { url } = await placeOf(run.services, run.plan.database)
  return withMongo(url, { answerMs, signal }, async (connected) => {
    const all = await listAll(connected)
    const exchange = judged === undefined ? wayBack(run, all) : await exchangeWith(connected, run, all)
    const moved = movedSince(exchange, all)
    if (moved !== undefined) return { kind: 'refused', reason: 'moved', detail: { says: moved } }
    const views = judged === undefined ? reversed(run.plan.kept?.views ?? []) : viewChanges(all, judged.contents.views)
    const { loss, unknown } = await lossOf(connected, exchange, report)
    return {
      kind: 'known',
      renames: exchange.renames,
      views,
      onlyLive: await counted(connected, exchange.onlyLive),
      loss,
      lossUnknown: unknown,
    }
  })
}

function wayBack({ id, plan }: Run_, all: readonly LiveCollection[]): Exchange {
  if (plan.kept === undefined) throw new Error('there is no way back')
  return wayBackOf(id, inUse(all), plan.kept)
}

async function exchangeWith(connected: Connected, run: Run_, all: readonly LiveCollection[]): Promise<Exchange> {
  const { prefix } = besideOfRun(run)
  const made = await besideOf(connected, prefix)
  return exchangeOf({
    run: run.id,
    inUse: inUse(all),
    coming: made
      .filter(({ type }) => type === 'collection')
      .map(({ uuid, name }) => ({ uuid: uuid ?? '', from: name, name: name.slice(prefix.length) })),
    onlyLive: run.plan.onlyLive,
    leaving: new Set(),
  })
}

/** Why it is unknown, where what is in use cannot be read: people are told, it is never "nothing". */
async function lossOf(
  connected: Connected,
  { pairs }: Pick<Exchange, 'pairs'>,
  report: Report,
): Promise<{ readonly loss: LossPreview | undefined; readonly unknown: string | undefined }> {
  let told = Date.now()
  try {
    const loss = await previewLoss(connected, pairs, (collection, collections) => {
      if (Date.now() - told < 1_000) return
      told = Date.now()
      void report({ collection, collections }).catch(() => undefined)
    })
    return { loss, unknown: undefined }
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.reason === 'database_away') throw error
    return { loss: undefined, unknown: error.message }
  }
}

/** Once more, of the exchange that people approved. @throws DatabaseError when the server is away */
export async function previewLossOf(run: Run_, report: Report): Promise<LossPreview | undefined> {
  const { url } = await placeOf(run.services, run.plan.database)
  const renames = run.plan.prepared?.renames ?? []
  return withMongo(
    url,
    { answerMs },
    async (connected) => (await lossOf(connected, { pairs: pairsOf(renames) }, report)).loss,
  )
}

/** What goes away from a name and what comes to it. Pure. */
function pairsOf(renames: Prepared['renames']): Exchange['pairs'] {
  const aside = renames.filter(({ to }) => ownName(to) !== undefined)
  const coming = renames.filter(({ to }) => ownName(to) === undefined)
  const goes = new Set(aside.map(({ from }) => from))
  const comes = new Set(coming.map(({ to }) => to))
  return [
    ...coming.map(({ from, to }) => ({ collection: to, live: goes.has(to) ? to : undefined, next: from })),
    ...aside.flatMap(({ from }) => (comes.has(from) ? [] : [{ collection: from, live: from, next: undefined }])),
  ]
}

async function counted({ db }: Connected, names: readonly string[]) {
  const found: { name: string; documents: number }[] = []
  for (const name of names) found.push({ name, documents: await db.collection(name).estimatedDocumentCount() })
  return found
}
