import { fileURLToPath } from 'node:url'

/** The bot as the image starts it. */
export const program = fileURLToPath(new URL('../../bin/bot.mjs', import.meta.url))

/** Where it keeps stripped and compiled code. */
export const compiled = fileURLToPath(new URL('../../node_modules/.cache/rescue', import.meta.url))

/** As `npm start`: V8 would let the young generation grow to 64 MB while 500 modules load, and keep them; docs/performance.md. */
export const sparingly = ['--max-semi-space-size=2', '--optimize-for-size']
