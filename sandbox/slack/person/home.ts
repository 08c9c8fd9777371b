import type { z } from 'zod'
import { directMessage } from '../model/channels.ts'
import { viewJson } from '../model/view-shape.ts'
import type { World } from '../model/world.ts'
import { isBad, type PersonAnswer, type PersonContext, personOf } from './context.ts'
import type { userQuery } from './look.ts'

/** A page reads the home again after each publish; only a look after a while counts as opening it. */
const opensAgainAfterMs = 10_000
const publishWithinMs = 2000
const lookEveryMs = 20

/** A person opens the app's home: the app is told. */
export function openHome(context: PersonContext, body: z.output<typeof userQuery>): PersonAnswer {
  const user = personOf(context.world, body.user)
  if (isBad(user)) return user
  tellOpened(context, user.id)
  return { ok: true }
}

/** The home of a person. Looking opens it, and waits a moment for the app to publish what is true now. */
export async function home(context: PersonContext, query: z.output<typeof userQuery>): Promise<PersonAnswer> {
  const { world, homesOpened } = context
  const user = personOf(world, query.user)
  if (isBad(user)) return user
  const opened = homesOpened.get(user.id)
  if (opened === undefined || Date.now() - opened > opensAgainAfterMs) await openAndWait(context, user.id)
  const shown = world.views.homes.get(user.id)
  return { ok: true, view: shown === undefined ? null : viewJson(world, shown) }
}

async function openAndWait(context: PersonContext, userId: string): Promise<void> {
  const { homes } = context.world.views
  if (!hearsOfHomes(context.world)) return
  const before = homes.get(userId)?.hash
  tellOpened(context, userId)
  const deadline = Date.now() + publishWithinMs
  while (Date.now() < deadline && homes.get(userId)?.hash === before) {
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
  }
}

const hearsOfHomes = ({ manifest }: World): boolean => manifest.homeTab && manifest.events.includes('app_home_opened')

function tellOpened({ world, homesOpened }: PersonContext, userId: string): void {
  homesOpened.set(userId, Date.now())
  const known = world.views.homes.get(userId)
  world.tellApp({
    type: 'app_home_opened',
    user: userId,
    channel: directMessage(world, userId).id,
    tab: 'home',
    ...(known === undefined ? {} : { view: viewJson(world, known) }),
  })
}
