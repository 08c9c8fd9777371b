import { readFile } from 'node:fs/promises'
import type { Language } from '../catalog/schema.ts'
import type { Io } from './screen/io.ts'

/**
 * The language of `--help` and of faults of the command line: they must answer at once, also where the catalog is missing
 * or broken, so only its one line is looked for instead of reading and checking it.
 */
export async function helpLanguage(io: Pick<Io, 'language' | 'catalogPath'>): Promise<Language> {
  if (io.language !== undefined) return io.language
  const text = await readFile(io.catalogPath, 'utf8').catch(() => '')
  return /^language:\s*["']?es\b/m.test(text) ? 'es' : 'en'
}
