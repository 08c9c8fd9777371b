import type { z } from 'zod'
import { directMessage } from '../model/channels.ts'
import { viewJson } from '../model/shapes.ts'
import type { OpenView } from '../model/views.ts'
import type { World } from '../model/world.ts'
import { isBad, type PersonAnswer, personOf } from './context.ts'
import type { userQuery } from './look.ts'

const firstPublishWithinMs = 2000
const lookEveryMs = 20

/** A person opens the app's home: the app is told. */
export function openHome(world: World, body: z.output<typeof userQuery>): PersonAnswer {
  const user = personOf(world, body.user)
  if (isBad(user)) return user
  tellOpened(world, user.id)
  return { ok: true }
}

/** The home as it is; a person's first look opens it and waits a moment for the app to publish it. */
export async function home(world: World, query: z.output<typeof userQuery>): Promise<PersonAnswer> {
  const user = personOf(world, query.user)
  if (isBad(user)) return user
  const shown = world.views.homes.get(user.id) ?? (await firstPublish(world, user.id))
  return { ok: true, view: shown === undefined ? null : viewJson(world, shown) }
}

async function firstPublish(world: World, userId: string): Promise<OpenView | undefined> {
  if (!world.manifest.homeTab || !world.manifest.events.includes('app_home_opened')) return undefined
  tellOpened(world, userId)
  const deadline = Date.now() + firstPublishWithinMs
  while (Date.now() < deadline && !world.views.homes.has(userId)) {
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
  }
  return world.views.homes.get(userId)
}

function tellOpened(world: World, userId: string): void {
  const known = world.views.homes.get(userId)
  world.tellApp({
    type: 'app_home_opened',
    user: userId,
    channel: directMessage(world, userId).id,
    tab: 'home',
    ...(known === undefined ? {} : { view: viewJson(world, known) }),
  })
}
