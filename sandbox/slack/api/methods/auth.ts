import { z } from 'zod'
import { botId, botUserId } from '../../model/world.ts'
import { fail, ok } from '../answers.ts'
import { text } from '../fields.ts'
import { type Method, method } from '../method.ts'

export const authMethods: Readonly<Record<string, Method>> = {
  'api.test': method({
    token: 'none',
    tier: 'none',
    args: z.looseObject({ error: text.optional() }),
    run: (_world, args) => (args.error === undefined ? ok({ args }) : fail(args.error, { args })),
  }),
  'auth.test': method({
    tier: 'none',
    args: z.looseObject({}),
    run: (world) =>
      ok({
        url: `${world.url}/`,
        team: world.team.name,
        user: world.manifest.botName,
        team_id: world.team.id,
        user_id: botUserId,
        bot_id: botId,
        is_enterprise_install: false,
      }),
  }),
  'apps.connections.open': method({
    token: 'app',
    scopes: ['connections:write'],
    tier: 'none',
    args: z.looseObject({}),
    run: (world) => ok({ url: world.newSocketUrl() }),
  }),
  'team.info': method({
    scopes: ['team:read'],
    tier: 3,
    args: z.looseObject({}),
    run: (world) => ok({ team: { ...world.team, email_domain: '', icon: {} } }),
  }),
}
