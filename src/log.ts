import { type Logger, pino, stdSerializers } from 'pino'

/** Shapes of secrets that must never reach a log, wherever they hide in a text. */
const secretShapes: readonly (readonly [RegExp, string])[] = [
  [/xox[a-z]-[A-Za-z0-9-]+|xapp-[A-Za-z0-9-]+/g, '[token]'],
  [/([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@/]+@/gi, '$1[password]@'],
  [/(Bearer|Token token=)\s*[A-Za-z0-9._~+/=-]+/gi, '$1 [token]'],
]

/** The text without what looks like a secret. */
export function withoutSecrets(text: string): string {
  return secretShapes.reduce((clean, [shape, replacement]) => clean.replace(shape, replacement), text)
}

/** JSON lines; errors keep message and stack, never request bodies or headers. @param to stdout, or stderr where stdout is for answers */
export function makeLog(level: string, to: 'stdout' | 'stderr' = 'stdout'): Logger {
  return pino(
    {
      level,
      base: { name: 'rescue' },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      serializers: { err: describeError },
      hooks: { streamWrite: withoutSecrets },
    },
    pino.destination({ fd: to === 'stdout' ? 1 : 2, sync: true }),
  )
}

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) }
  const { type, message, stack } = stdSerializers.err(error)
  return { type, message, stack, ...('code' in error ? { code: error.code } : {}) }
}
