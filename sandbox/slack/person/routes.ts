import { z } from 'zod'
import { click, clickBody } from './click.ts'
import { command, commandBody } from './command.ts'
import type { PersonAnswer, PersonContext } from './context.ts'
import { commands, people } from './directory.ts'
import { home, openHome } from './home.ts'
import { channels, messages, messagesQuery, userQuery, view } from './look.ts'
import { close, closeBody, submit, submitBody } from './modal.ts'
import { profile, profileBody } from './profile.ts'
import { channelBody, dismiss, join, leave, messageBody, react, reactionBody, read, say, sayBody } from './say.ts'
import { shortcut, shortcutBody } from './shortcut.ts'
import { suggest, suggestBody } from './suggest.ts'

export type Route = {
  readonly schema: z.ZodType
  readonly run: (context: PersonContext, given: unknown) => PersonAnswer | z.ZodError | Promise<PersonAnswer>
}

function route<S extends z.ZodType>(
  schema: S,
  run: (context: PersonContext, given: z.output<S>) => PersonAnswer | Promise<PersonAnswer>,
): Route {
  return {
    schema,
    run: (context, given) => {
      const parsed = schema.safeParse(given)
      return parsed.success ? run(context, parsed.data) : parsed.error
    },
  }
}

/** Everything that a person can do, by program as on the page. */
export const routes: Readonly<Record<string, Route>> = {
  'POST command': route(commandBody, command),
  'POST click': route(clickBody, click),
  'POST submit': route(submitBody, submit),
  'POST close': route(closeBody, close),
  'POST suggest': route(suggestBody, suggest),
  'POST shortcut': route(shortcutBody, shortcut),
  'POST message': route(sayBody, ({ world }, body) => say(world, body)),
  'POST reaction': route(reactionBody, ({ world }, body) => react(world, body)),
  'POST read': route(messageBody, ({ world }, body) => read(world, body)),
  'POST join': route(channelBody, ({ world }, body) => join(world, body)),
  'POST leave': route(channelBody, ({ world }, body) => leave(world, body)),
  'POST dismiss': route(messageBody, ({ world }, body) => dismiss(world, body)),
  'POST profile': route(profileBody, ({ world }, body) => profile(world, body)),
  'POST open-home': route(userQuery, openHome),
  'GET channels': route(userQuery, ({ world }, query) => channels(world, query)),
  'GET messages': route(messagesQuery, ({ world }, query) => messages(world, query)),
  'GET view': route(userQuery, ({ world }, query) => view(world, query)),
  'GET home': route(userQuery, home),
  'GET people': route(z.looseObject({}), ({ world }) => people(world)),
  'GET commands': route(z.looseObject({}), ({ world }) => commands(world)),
}
