import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Db } from '../../src/store/db.ts'
import { completeReview, findReview, openReviews, requestReview, takeDueReminders } from '../../src/store/reviews.ts'
import { ana, luis, someRun, startTestServer, type TestServer } from './helpers/store.ts'

let server: TestServer
let db: Db
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  db = await server.freshStore({ max: 8 })
})

const asked = async (remindAfterSeconds = 86_400) => {
  const runId = await someRun(db)
  await requestReview(db, { runId, actors: ['ana'], remindAfterSeconds })
  return runId
}

it('a review is asked for once, however often the closing of its run is repeated', async () => {
  const runId = await someRun(db)
  const wanted = { runId, actors: ['ana'], remindAfterSeconds: 86_400 }
  const answers = await Promise.all([requestReview(db, wanted), requestReview(db, wanted), requestReview(db, wanted)])
  expect(answers.filter(Boolean)).toHaveLength(1)
  const review = await findReview(db, runId)
  expect(review).toMatchObject({ actors: ['ana'], verdict: undefined, remindedAt: undefined })
  expect((review?.remindAt.getTime() ?? 0) - (review?.requestedAt.getTime() ?? 0)).toBeGreaterThan(86_399_000)
})

it('of many words at one instant the first one stands', async () => {
  const runId = await asked()
  const words = Array.from({ length: 8 }, (_, n) =>
    completeReview(db, runId, { verdict: n % 2 === 0 ? 'right' : 'not_right', remark: `word ${n}`, by: luis }),
  )
  const kept = (await Promise.all(words)).filter((word) => word !== undefined)
  expect(kept).toHaveLength(1)
  expect(await findReview(db, runId)).toEqual(kept[0])
  expect(await openReviews(db)).toEqual([])
})

it('what people can type is kept, also what PostgreSQL would refuse', async () => {
  const runId = await asked()
  await completeReview(db, runId, { verdict: 'not_right', remark: 'a\0b\ud800c 🚢', by: luis })
  expect((await findReview(db, runId))?.remark).toBe('a\ufffdb\ufffdc 🚢')
})

it('a reminder is due once, not before its time, and never for what was reviewed', async () => {
  const [due, notYet, reviewed] = [await asked(0), await asked(), await asked(0)]
  await completeReview(db, reviewed, { verdict: 'right', remark: undefined, by: luis })
  const taken = await Promise.all([takeDueReminders(db), takeDueReminders(db), takeDueReminders(db)])
  expect(taken.flat()).toEqual([due])
  expect(await takeDueReminders(db)).toEqual([])
  expect((await openReviews(db)).map((review) => review.runId)).toEqual([due, notYet])
})

it('a review of a run that was never one of these is none', async () => {
  const runId = await someRun(db)
  expect(await findReview(db, runId)).toBeUndefined()
  expect(await completeReview(db, runId, { verdict: 'right', remark: undefined, by: ana })).toBeUndefined()
})
