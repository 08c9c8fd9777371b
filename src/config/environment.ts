import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65535)
const httpUrl = z.url({ protocol: /^https?$/ })
const filled = z.string().min(1)

/** Every environment variable that the bot reads; `.env.example` lists the same names (a test compares them). */
export const environmentSchema = z.object({
  SLACK_BOT_TOKEN: z.string().startsWith('xoxb-', 'a bot token, which begins with xoxb-').optional(),
  SLACK_APP_TOKEN: z.string().startsWith('xapp-', 'an app-level token, which begins with xapp-').optional(),
  SLACK_SIGNING_SECRET: filled.optional(),
  SLACK_API_URL: httpUrl.default('https://slack.com/api/'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  RESCUE_DATA: filled.default('./.rescue'),
  RESCUE_CATALOG: filled.default('./rescue.yml'),
  RESCUE_POSTGRES_TOOLS: z.string().startsWith('/', 'an absolute path').optional(),
  RESCUE_MONGO_TOOLS: z.string().startsWith('/', 'an absolute path').optional(),
  RESCUE_ACTOR: filled.optional(),
  RESCUE_LANG: z.enum(['es', 'en']).optional(),
  KUBECONFIG: filled.optional(),
  PAGERDUTY_ROUTING_KEY: z.string().length(32, 'a routing key of 32 characters').optional(),
  PAGERDUTY_API_TOKEN: filled.optional(),
  PAGERDUTY_FROM: z.email().optional(),
  PAGERDUTY_EVENTS_URL: httpUrl.default('https://events.pagerduty.com'),
  PAGERDUTY_API_URL: httpUrl.default('https://api.pagerduty.com'),
  PORT: port.default(3000),
  METRICS_PORT: port.default(9464),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
})

export type Environment = z.infer<typeof environmentSchema>
