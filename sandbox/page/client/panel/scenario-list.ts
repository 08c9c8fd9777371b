import { signal } from '@preact/signals'
import { get } from '../state/api.ts'
import { words } from '../state/session.ts'
import { es } from '../words/es.ts'

type Both = { readonly es: string; readonly en: string }
export type Scenario = { readonly name: string; readonly title: Both; readonly what: Both; readonly group?: string }

/** What can be made to happen; undefined until it has been read. */
export const scenarios = signal<readonly Scenario[] | undefined>(undefined)

export async function loadScenarios(): Promise<void> {
  const { ok, data } = await get('/scenarios')
  scenarios.value = ok && Array.isArray(data) ? (data as Scenario[]) : []
}

export const languageOf = () => (words.value === es ? 'es' : 'en')

/** The first thing to try: empty places name it. */
export const firstScenario = (): string | undefined =>
  (scenarios.value?.find((one) => one.name === 'bad-release') ?? scenarios.value?.[0])?.title[languageOf()]
