import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffTemplates } from '../../../src/services/kubernetes/workload/template-diff.ts'
import { sameTemplate, templateKey } from '../../../src/services/kubernetes/workload/template-equality.ts'
import { template } from './templates.ts'

const podOf = (container: Record<string, unknown>, rest: Record<string, unknown> = {}) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'app', image: 'app:1', ...container }], ...rest },
})

describe('what a person is told of two templates', () => {
  test('nothing, when they are equal', () => {
    fc.assert(
      fc.property(template, (one) => {
        expect(diffTemplates(one, structuredClone(one))).toEqual([])
      }),
    )
  })

  test('something, exactly when Kubernetes would make other pods', () => {
    fc.assert(
      fc.property(template, template, (a, b) => {
        const same = sameTemplate(a, b)
        expect(diffTemplates(a, b).length === 0).toBe(same)
        expect(templateKey(a) === templateKey(b)).toBe(same)
      }),
    )
  })

  test('the image first, then variables, by the names that people use', () => {
    const before = podOf({ image: 'app:2.8.0', resources: { limits: { memory: '64Mi' } } })
    const after = podOf({
      image: 'app:2.7.3',
      env: [{ name: 'LEVEL', value: 'info' }],
      resources: { limits: { memory: '128Mi' } },
    })
    expect(diffTemplates(before, after)).toEqual([
      { path: 'image (app)', before: 'app:2.8.0', after: 'app:2.7.3' },
      { path: 'env LEVEL', before: undefined, after: 'info' },
      { path: 'resources.limits.memory', before: '64Mi', after: '128Mi' },
    ])
  })

  test('which container, where there are several', () => {
    const sidecar = { name: 'proxy', image: 'proxy:1' }
    const make = (value: string) => ({
      spec: { containers: [{ name: 'app', image: 'a', env: [{ name: 'X', value }] }, sidecar] },
    })
    expect(diffTemplates(make('1'), make('2')).map((change) => change.path)).toEqual(['env X (app)'])
    const without = { spec: { containers: [{ name: 'app', image: 'a', env: [{ name: 'X', value: '1' }] }] } }
    expect(diffTemplates(make('1'), without)).toEqual([
      { path: 'container proxy', before: 'proxy:1', after: undefined },
    ])
  })

  test('the order of variables, because later ones may use earlier ones', () => {
    const [a, b] = [
      { name: 'A', value: '1' },
      { name: 'B', value: '$(A)' },
    ]
    expect(diffTemplates(podOf({ env: [a, b] }), podOf({ env: [b, a] }))).toEqual([
      { path: 'env order', before: 'A, B', after: 'B, A' },
    ])
  })

  test('where a value comes from, and never what a secret is', () => {
    const from = podOf({
      env: [
        { name: 'DATABASE_URL', value: 'postgres://app:hunter2@db/app' },
        { name: 'API_TOKEN', value: 'hunter2' },
      ],
    })
    const to = podOf({
      env: [{ name: 'DATABASE_URL', valueFrom: { secretKeyRef: { name: 'porttrack-secrets', key: 'DATABASE_URL' } } }],
    })
    const changes = diffTemplates(from, to)
    expect(changes).toContainEqual({
      path: 'env DATABASE_URL',
      before: 'postgres://***@db/app',
      after: 'secretKeyRef porttrack-secrets/DATABASE_URL',
    })
    expect(changes).toContainEqual({ path: 'env API_TOKEN', before: '***', after: undefined })
    expect(JSON.stringify(changes)).not.toContain('hunter2')
  })

  test('no secret either when a whole container comes or goes', () => {
    const secret = { name: 'job', env: [{ name: 'PASSWORD', value: 'hunter2' }], command: ['run', '--token=hunter2'] }
    const changes = diffTemplates(podOf({}), podOf({}, { initContainers: [secret] }))
    expect(changes.map((change) => change.path)).toEqual(['init container job'])
    expect(JSON.stringify(changes)).not.toContain('hunter2')
  })
})

describe('templates that ask for the same pods', () => {
  const same = (a: unknown, b: unknown) => sameTemplate(a, b)

  test("are equal without the controller's label", () => {
    const labelled = { ...podOf({}), metadata: { labels: { app: 'web', 'pod-template-hash': '67c987bcb9' } } }
    expect(same(labelled, podOf({}))).toBe(true)
  })

  test('are equal where one lacks a default that the server fills in', () => {
    const filled = podOf(
      {
        terminationMessagePath: '/dev/termination-log',
        securityContext: {},
        readinessProbe: { periodSeconds: 10, timeoutSeconds: 1 },
      },
      { restartPolicy: 'Always', schedulerName: 'default-scheduler', securityContext: {} },
    )
    expect(same(filled, podOf({ readinessProbe: {} }))).toBe(true)
  })

  test('are equal where quantities are written differently', () => {
    expect(
      same(
        podOf({ resources: { limits: { cpu: '0.5', memory: '1Gi' } } }),
        podOf({ resources: { limits: { cpu: '500m', memory: '1024Mi' } } }),
      ),
    ).toBe(true)
  })

  test('differ where a field means something by being there', () => {
    expect(same(podOf({}, { volumes: [{ name: 'a', emptyDir: {} }] }), podOf({}, { volumes: [{ name: 'a' }] }))).toBe(
      false,
    )
    const sidecar = { name: 'init', image: 'i', restartPolicy: 'Always' }
    expect(
      same(podOf({}, { initContainers: [sidecar] }), podOf({}, { initContainers: [{ name: 'init', image: 'i' }] })),
    ).toBe(false)
    expect(same(podOf({ env: [{ name: 'A', value: '10' }] }), podOf({ env: [{ name: 'A', value: '1e1' }] }))).toBe(
      false,
    )
  })
})
