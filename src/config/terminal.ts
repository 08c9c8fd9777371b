import type { Language } from '../catalog/schema.ts'

/** What the terminal program asks of the environment before it has read a configuration. */
export type TerminalVariables = {
  /** RESCUE_LANG, else the locale; undefined where neither names a language that this program speaks. */
  readonly language: Language | undefined
  /** A terminal that cannot move its cursor. */
  readonly dumb: boolean
  /** The catalog's path, for its language. */
  readonly catalog: string
}

/** The first locale variable that is set decides, as for every other program. */
export function readTerminal(variables: NodeJS.ProcessEnv = process.env): TerminalVariables {
  const locale = [variables['LC_ALL'], variables['LC_MESSAGES'], variables['LANG']].find(
    (value) => value !== undefined && value !== '',
  )
  return {
    language: languageOf(variables['RESCUE_LANG']) ?? languageOf(locale),
    dumb: variables['TERM'] === 'dumb',
    catalog: variables['RESCUE_CATALOG'] || './rescue.yml',
  }
}

function languageOf(name: string | undefined): Language | undefined {
  const language = name?.split(/[_.@-]/)[0]?.toLowerCase()
  return language === 'es' || language === 'en' ? language : undefined
}
