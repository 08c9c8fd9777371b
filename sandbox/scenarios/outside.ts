import type { Scenario } from './types.ts'

/** What befalls the services around the bot, and the bot itself. */
export const outsideScenarios: readonly Scenario[] = [
  {
    name: 'slack-rate-limited',
    group: 'outside',
    title: { es: 'Slack limita las llamadas', en: 'Slack limits the calls' },
    what: {
      es: 'Las próximas ediciones de mensajes reciben 429.',
      en: 'The next edits of messages are answered with 429.',
    },
    run: async ({ workspace }) =>
      workspace.faults.add({ method: 'chat.update', times: 5, answer: { status: 429, retryAfter: 2 } }),
  },
  {
    name: 'slack-down',
    group: 'outside',
    title: { es: 'Slack no responde', en: 'Slack is away' },
    what: {
      es: 'Durante 20 segundos Slack corta todas las conexiones.',
      en: 'For 20 seconds Slack drops every connection.',
    },
    run: async ({ workspace }) => {
      workspace.goAway(true)
      setTimeout(() => workspace.goAway(false), 20_000).unref()
    },
  },
  {
    name: 'pagerduty-down',
    group: 'outside',
    title: { es: 'PagerDuty no responde', en: 'PagerDuty is away' },
    what: { es: 'PagerDuty responde 503 hasta que lo arregles.', en: 'PagerDuty answers 503 until you mend it.' },
    run: async ({ pagerduty }) => pagerduty.away(true),
  },
  {
    name: 'pagerduty-up',
    group: 'outside',
    title: { es: 'PagerDuty vuelve', en: 'PagerDuty is back' },
    what: { es: 'Lo que esperaba se entrega ahora.', en: 'What waited is delivered now.' },
    run: async ({ pagerduty }) => pagerduty.away(false),
  },
  {
    name: 'kill-bot',
    group: 'bot',
    title: { es: 'Matar el bot', en: 'Kill the bot' },
    what: {
      es: 'kill -9 del proceso; vuelve en un segundo y sigue donde estaba.',
      en: 'kill -9 of its process; it is back within a second and goes on where it was.',
    },
    run: async ({ bots }) => bots[0]?.kill(),
  },
]
