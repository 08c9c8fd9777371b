import { z } from 'zod'
import { groupJson, userJson } from '../../model/user-shape.ts'
import { fail, isFailure, ok } from '../answers.ts'
import { flag, paging, text } from '../fields.ts'
import { type Method, method } from '../method.ts'
import { page } from '../paging.ts'

export const userMethods: Readonly<Record<string, Method>> = {
  'users.info': method({
    scopes: ['users:read'],
    tier: 4,
    args: z.object({ user: text, include_locale: flag.optional() }),
    run: (world, { user: id, include_locale: withLocale }) => {
      const user = world.users.get(id)
      return user === undefined ? fail('user_not_found') : ok({ user: userJson(world, user, withLocale === true) })
    },
  }),
  'users.list': method({
    scopes: ['users:read'],
    tier: 2,
    args: z.object({ include_locale: flag.optional(), ...paging }),
    run: (world, args) => {
      const shown = page([...world.users.values()], args, 1000, 1000)
      if (isFailure(shown)) return shown
      return ok({
        members: shown.items.map((user) => userJson(world, user, args.include_locale === true)),
        cache_ts: Math.floor(world.clock() / 1000),
        response_metadata: shown.metadata,
      })
    },
  }),
  'users.lookupByEmail': method({
    scopes: ['users:read.email'],
    tier: 3,
    args: z.object({ email: text }),
    run: (world, { email }) => {
      const user = [...world.users.values()].find((one) => one.email?.toLowerCase() === email.toLowerCase())
      return user === undefined ? fail('users_not_found') : ok({ user: userJson(world, user, false) })
    },
  }),
  'usergroups.list': method({
    scopes: ['usergroups:read'],
    tier: 2,
    args: z.object({
      include_users: flag.optional(),
      include_count: flag.optional(),
      include_disabled: flag.optional(),
    }),
    run: (world, args) =>
      ok({ usergroups: world.userGroups.map((group) => groupJson(world, group, args.include_users === true)) }),
  }),
  'usergroups.users.list': method({
    scopes: ['usergroups:read'],
    tier: 2,
    args: z.object({ usergroup: text, include_disabled: flag.optional() }),
    run: (world, { usergroup }) => {
      const group = world.userGroups.find((one) => one.id === usergroup)
      return group === undefined ? fail('no_such_subteam') : ok({ users: group.users })
    },
  }),
}
