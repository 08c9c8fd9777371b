import { addValidator, createIndex } from '../../services/mongodb/beside.ts'
import { withMongo } from '../../services/mongodb/client.ts'
import { mongoError } from '../../services/mongodb/errors.ts'
import { createView } from '../../services/mongodb/views.ts'
import { DatabaseError } from '../../services/postgres/errors.ts'
import type { Refused } from '../restoring/verdict.ts'
import type { Report, Run } from '../types.ts'
import { at } from './beside.ts'
import { placeOf } from './place.ts'
import type { Beside, Judged, RecoverMongoParams, RecoverMongoPlan } from './types.ts'

type Run_ = Run<RecoverMongoParams, RecoverMongoPlan>
type Good = Extract<Judged, { kind: 'good' }>
type Connected = Parameters<typeof at>[0]

export type Dressed = Refused | { readonly kind: 'dressed'; readonly indexes: number; readonly views: number }

type Piece = { readonly what: string; make(connected: Connected): Promise<void> }

/** An index over very many documents is one answer of the server. */
const answerMs = 6 * 3_600_000
const idIndex = '_id_'
/** Of MongoDB's error_codes.yml: what stands there already, from an attempt that was cut off. */
const alreadyThere = new Set([48, 68, 85, 86])

/** Indexes, validators and views from the backup's own words, by the driver: the server judges each. Safe to repeat. */
export async function dressCopy(
  run: Run_,
  { contents }: Good,
  beside: Beside,
  signal: AbortSignal,
  report: Report,
): Promise<Dressed> {
  const { url } = await placeOf(run.services, run.plan.database)
  const called = (name: string) => `${beside.prefix}${name}`
  const indexes = contents.collections.flatMap(({ name, indexes }) =>
    indexes
      .filter((index) => index.name !== idIndex)
      .map(
        (index): Piece => ({
          what: `${name}.${index.name}`,
          make: (connected) => createIndex(connected, called(name), index.spec),
        }),
      ),
  )
  const validators = contents.collections.map(
    ({ name, options }): Piece => ({
      what: name,
      make: (connected) => addValidator(connected, called(name), options),
    }),
  )
  // Made beside as well: whether the server takes them is known before anybody approves.
  const views = contents.views.map(
    (view): Piece => ({
      what: view.name,
      make: (connected) => createView(connected, called(view.name), { ...view, viewOn: called(view.viewOn) }),
    }),
  )
  return withMongo(url, { answerMs, signal }, async (connected) => {
    const pieces = [...indexes, ...validators, ...views]
    for (const [done, piece] of pieces.entries()) {
      await report({ piece: piece.what, done, of: pieces.length })
      const why = await refusal(() => piece.make(at(connected, beside)))
      if (why !== undefined)
        return { kind: 'refused', reason: 'server_refuses', detail: { who: [piece.what], says: why } }
    }
    return { kind: 'dressed', indexes: indexes.length, views: views.length }
  })
}

/** What the server says against it; undefined: it is there now. */
async function refusal(make: () => Promise<void>): Promise<string | undefined> {
  try {
    await make()
    return undefined
  } catch (error) {
    const known = mongoError(error)
    if (!(known instanceof DatabaseError) || known.reason === 'database_away') throw error
    // The proof tells whether what is there is what it must be.
    return alreadyThere.has(Number(known.state)) ? undefined : known.message
  }
}
