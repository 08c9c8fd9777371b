import type { Both } from '../../texts/language.ts'
import { type CliWords, en } from './en.ts'
import { es } from './es.ts'

export type { CliWords } from './en.ts'
export const cliWords: Both<CliWords> = { en, es }
