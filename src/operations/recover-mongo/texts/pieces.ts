import { listed } from '../../../texts/amounts.ts'
import { code, join, type Mrkdwn, mrkdwn } from '../../../texts/escape.ts'
import { inLanguage, type Look } from '../../../texts/language.ts'
import { count, short } from '../../recover-postgres/texts/pieces.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import type { ShownLoss, ShownPlan } from './read.ts'

const recoverMongoTexts = { en, es }

export const textsFor = (look: Pick<Look, 'language'>) => inLanguage(recoverMongoTexts, look)

export const codes = (list: readonly string[], look: Look, max = 6): Mrkdwn =>
  listed(
    list.map((each) => code(short(each, 120))),
    look,
    max,
  )

/** What would be lost and what comes back, as sentences; the numbers first. */
export function lossLines(loss: ShownLoss, look: Look, shown = 4): readonly Mrkdwn[] {
  const words = textsFor(look)
  const losing = loss.collections.filter((one) => one.onlyLive + one.changed > 0)
  const back = loss.collections.filter((one) => one.onlyBackup > 0)
  const backCount = back.reduce((sum, one) => sum + one.onlyBackup, 0)
  const lost = [
    ...losing.map((one) => words.collection(code(short(one.collection, 60)), lossOf(one, look))),
    ...loss.leaving.map(({ collection, documents }) =>
      words.collection(code(short(collection, 60)), mrkdwn`${words.leaving(count(documents, look))}`),
    ),
  ]
  const named = back.map((one) => mrkdwn`${code(short(one.collection, 60))} ${count(one.onlyBackup, look)}`)
  return [
    lost.length > 0
      ? words.lost(count(loss.lostDocuments, look), loss.lostDocuments === 1, listedBy(lost, look, shown))
      : loss.unknown.length === 0
        ? words.nothingLost(loss.compared)
        : undefined,
    back.length === 0 ? undefined : words.comesBack(count(backCount, look), listedBy(named, look, shown)),
    loss.coming.length === 0 ? undefined : words.collectionsBack(codes(loss.coming, look)),
    loss.unknown.length === 0
      ? undefined
      : words.notCompared(
          codes(
            loss.unknown.map((one) => one.collection),
            look,
          ),
        ),
  ].filter((line) => line !== undefined)
}

const listedBy = (pieces: readonly Mrkdwn[], look: Look, max: number): Mrkdwn =>
  pieces.length > max ? listed(pieces, look, max) : join(pieces, '; ')

function lossOf(one: ShownLoss['collections'][number], look: Look): Mrkdwn {
  const words = textsFor(look)
  const keys = one.examples.slice(0, 3).map((key) => short(key, 30))
  const more = one.examples.length > 3 ? ', …' : ''
  const counts = [
    one.onlyLive === 0 ? undefined : mrkdwn`${words.onlyLive(count(one.onlyLive, look))}`,
    one.changed === 0 ? undefined : mrkdwn`${words.changed(count(one.changed, look))}`,
  ]
  const examples = keys.length === 0 ? undefined : mrkdwn`(${words.examples(`${keys.join(', ')}${more}`)})`
  return join([join(counts, ', '), examples], ' ')
}

/** Collections that the backup does not have, and what happens to them. */
export function onlyLiveLine({ prepared, onlyLive, kind }: ShownPlan, look: Look): Mrkdwn | undefined {
  const words = textsFor(look)
  const others = prepared?.onlyLive ?? []
  if (others.length === 0 || kind !== 'backup') return undefined
  const named = others.map(({ name, documents }) => words.onlyLiveOne(code(short(name, 60)), count(documents, look)))
  const list = listed(named, look, 6)
  return onlyLive === 'aside' ? words.onlyLiveAside(list) : words.onlyLiveKept(list)
}
