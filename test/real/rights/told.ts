import { expect } from 'vitest'
import { rollback } from '../../../src/operations/rollback/definition.ts'
import { outcomeWords } from '../../../src/operations/rollback/texts/outcome-words.ts'
import { readAndDecide } from '../../../src/operations/run/plan.ts'
import type { Services } from '../../../src/operations/services.ts'
import { readStatus } from '../../../src/status/read.ts'
import { textOf } from '../../../src/texts/escape.ts'
import { plan } from '../../kubernetes/scenario.ts'
import { type Triple, words } from './roles.ts'

const app = 'porttrack-app'

/** What the lack of a right does to a rollback or to `/status`; a right that is not here is needed elsewhere. */
const effects: Readonly<Record<string, (gone: Triple, services: Services) => Promise<void>>> = {
  'get deployments': refuses,
  'get statefulsets': refuses,
  'get daemonsets': refuses,
  'patch deployments': refuses,
  'patch statefulsets': refuses,
  'patch daemonsets': refuses,
  'list replicasets': refuses,
  'list controllerrevisions': refuses,
  'list pods': refuses,
  'list services': warns,
  'list ingresses': warns,
  'list horizontalpodautoscalers': warns,
  'list poddisruptionbudgets': warns,
  'get configmaps': warns,
  'get secrets': warns,
  'get pods': notes,
  'get pods/log': notes,
  'list events': notes,
  'list nodes': shows,
}

/** People learn of it by name also when they did not ask doctor. */
export async function expectTold(gone: Triple, services: Services): Promise<void> {
  await effects[words(gone)]?.(gone, services)
}

async function refuses({ verb, resource }: Triple, services: Services): Promise<void> {
  const { decision } = await readAndDecide(services, rollback, { app })
  expect(decision).toMatchObject({ kind: 'refuse', reason: 'forbidden', detail: { verb, resource } })
  const { reason, detail } = decision as Extract<typeof decision, { kind: 'refuse' }>
  for (const language of ['es', 'en'] as const) {
    const outcome = { kind: 'refused', reason, detail } as const
    const { lines } = outcomeWords({ outcome, params: { app }, plan: undefined }, { language, now: new Date() })
    const text = lines.map(textOf).join('\n')
    expect(text).toMatch(new RegExp(`${verb} (sobre )?\`${resource}\``))
  }
}

async function warns(gone: Triple, services: Services): Promise<void> {
  const seen = await plan({ services })
  expect(seen.warnings).toContainEqual({ code: 'not_checked', data: { what: [words(gone)] } })
}

async function notes({ verb, resource }: Triple, services: Services): Promise<void> {
  const seen = await plan({ services })
  const evidence = (await rollback.captureEvidence?.({ app }, seen, services)) ?? []
  const written = evidence.filter((item) => item.kind === 'note').map((item) => item.content)
  expect(written.join('\n')).toContain(`cannot ${verb} resource "${resource}"`)
}

async function shows(gone: Triple, services: Services): Promise<void> {
  const { components } = await readStatus(services, { kind: 'node' })
  expect(components).toMatchObject([{ reason: 'forbidden', detail: words(gone) }])
}
