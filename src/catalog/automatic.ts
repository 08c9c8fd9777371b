import { z } from 'zod'

/** What the bot may do by itself about a bad release, strictest first: nothing, ask people, or roll back at once. */
export const automaticModes = ['off', 'ask', 'act'] as const
export type AutomaticMode = (typeof automaticModes)[number]

const minutes = z.number().int().min(1)

const settings = z.strictObject({
  mode: z.enum(automaticModes),
  /** A release older than this is no longer undone by itself: what fails then has other causes. */
  windowMinutes: minutes.max(1440).default(30),
  /** After an automatic rollback of the app, so long no second one. */
  coolDownMinutes: minutes.max(1440).default(15),
  mostPerHour: z.number().int().min(1).max(20).default(2),
  /** An asked question that nobody answers for so long pages; 0: pages with the question. */
  answerMinutes: z.number().int().min(0).max(240).default(5),
  /** Whether to act on what Argo CD, Flux or Helm own: their next sync may bring the release back. */
  gitOps: z.enum(['act', 'leave']).default('leave'),
})

export type AutomaticSettings = z.infer<typeof settings>

/** `automatic: act`, or an object with the limits; off unless the catalog says otherwise. */
export const automaticSchema = z
  .preprocess((value) => (typeof value === 'string' ? { mode: value } : value), settings)
  .prefault('off')

/** The stricter of two modes. */
export function stricterMode(a: AutomaticMode, b: AutomaticMode): AutomaticMode {
  return automaticModes.indexOf(a) < automaticModes.indexOf(b) ? a : b
}
