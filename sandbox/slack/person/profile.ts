import { z } from 'zod'
import { userJson } from '../model/user-shape.ts'
import { everyone, type World } from '../model/world.ts'
import { bad, isBad, type PersonAnswer, personOf } from './context.ts'

export const profileBody = z.strictObject({
  user: z.string(),
  tz: z.string().optional(),
  locale: z.string().optional(),
  real_name: z.string().min(1).optional(),
})

/** A person changes their time zone, language or name; the app is told (`user_change`). */
export function profile(world: World, body: z.output<typeof profileBody>): PersonAnswer {
  const user = personOf(world, body.user)
  if (isBad(user)) return user
  if (body.tz !== undefined && !isZone(body.tz)) return bad('tz', 'a zone such as Europe/Madrid')
  const changed = {
    ...user,
    tz: body.tz ?? user.tz,
    locale: body.locale ?? user.locale,
    realName: body.real_name ?? user.realName,
  }
  world.users.set(user.id, changed)
  world.tellApp({
    type: 'user_change',
    user: userJson(world, changed, true),
    cache_ts: Math.floor(world.clock() / 1000),
  })
  world.tellPages(everyone(world), { type: 'channels' })
  return { ok: true }
}

function isZone(tz: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: tz }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
