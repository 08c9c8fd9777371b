import { z } from 'zod'

/** The longest reason kept, in characters. */
export const longestReason = 1000

/** Why somebody asks for a run, as they wrote it. */
export const reasonSchema = z.string().max(longestReason)
