import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sameTemplate } from '../../../src/services/kubernetes/workload/template-equality.ts'
import { undoPatch } from '../../../src/services/kubernetes/workload/undo-patch.ts'
import { applyPatch } from './json-patch.ts'
import { annotations, template } from './templates.ts'

const kept = [
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
]
const address = { namespace: 'porttrack', kind: 'deployment', name: 'porttrack-app' } as const

const world = fc.record({
  now: template,
  wanted: template,
  annotations,
  revisionAnnotations: annotations,
  paused: fc.boolean(),
})
type World = typeof world extends fc.Arbitrary<infer T> ? T : never

const isEmpty = (map: object): boolean => Object.keys(map).length === 0
const objectOf = (given: World) => ({
  // The API server leaves an empty map out.
  metadata: {
    uid: 'u1',
    name: 'porttrack-app',
    ...(isEmpty(given.annotations) ? {} : { annotations: given.annotations }),
  },
  spec: { replicas: 3, template: given.now, ...(given.paused ? { paused: true } : {}) },
})
const patchOf = (given: World, resume: boolean) => {
  const seen = { address, uid: 'u1', template: given.now, annotations: given.annotations, paused: given.paused }
  const labelled = structuredClone(given.wanted) as { metadata: { labels: Record<string, string> } }
  labelled.metadata.labels['pod-template-hash'] = '67c987bcb9'
  return undoPatch(seen, { template: labelled, annotations: given.revisionAnnotations }, resume)
}
type Deployment = {
  metadata: { annotations?: Record<string, string> }
  spec: { template: unknown; paused?: boolean; replicas: number }
}

describe('the patch that puts a template back', () => {
  test('gives exactly the wanted template, whatever is in it, and touches nothing else of the spec', () => {
    fc.assert(
      fc.property(world, fc.boolean(), (given, resume) => {
        const result = applyPatch(objectOf(given), patchOf(given, resume))
        if (!result.ok) throw new Error(`failed at ${result.at}`)
        const after = result.value as Deployment
        expect(after.spec.template).toEqual(given.wanted)
        expect(sameTemplate(after.spec.template, given.wanted)).toBe(true)
        expect(after.spec.replicas).toBe(3)
        expect(after.spec.paused).toBe(given.paused && !resume ? true : undefined)
      }),
    )
  })

  test('gives the annotations that kubectl rollout undo gives', () => {
    fc.assert(
      fc.property(world, (given) => {
        const result = applyPatch(objectOf(given), patchOf(given, false))
        const expected = {
          ...Object.fromEntries(Object.entries(given.annotations).filter(([key]) => kept.includes(key))),
          ...Object.fromEntries(Object.entries(given.revisionAnnotations).filter(([key]) => !kept.includes(key))),
        }
        expect(result.ok && ((result.value as Deployment).metadata.annotations ?? {})).toEqual(expected)
      }),
    )
  })

  test('applies to nothing but what people saw', () => {
    fc.assert(
      fc.property(world, template, (given, other) => {
        const patch = patchOf(given, true)
        const seen = objectOf(given)
        expect(applyPatch({ ...seen, metadata: { ...seen.metadata, uid: 'u2' } }, patch).ok).toBe(false)
        const { paused: _paused, ...unpaused } = seen.spec
        expect(applyPatch({ ...seen, spec: given.paused ? unpaused : { ...seen.spec, paused: true } }, patch).ok).toBe(
          false,
        )
        fc.pre(JSON.stringify(other) !== JSON.stringify(given.now))
        expect(applyPatch({ ...seen, spec: { ...seen.spec, template: other } }, patch).ok).toBe(false)
      }),
    )
  })

  test('keeps an annotation that somebody adds at the same moment', () => {
    const given = {
      now: { a: 1 },
      wanted: { metadata: { labels: {} } },
      annotations: { x: '1' },
      revisionAnnotations: { x: '2' },
      paused: false,
    }
    const seen = objectOf(given)
    const meanwhile = { ...seen, metadata: { ...seen.metadata, annotations: { x: '1', ticket: 'OPS-1' } } }
    const result = applyPatch(meanwhile, patchOf(given, false))
    expect(result.ok && (result.value as Deployment).metadata.annotations).toEqual({ x: '2', ticket: 'OPS-1' })
  })
})
