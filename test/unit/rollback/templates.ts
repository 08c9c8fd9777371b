import fc from 'fast-check'

type Json = Readonly<Record<string, unknown>>

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/)
const variableName = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,12}$/)

const variable = fc.oneof(
  fc.record({ name: variableName, value: fc.string({ maxLength: 20 }) }),
  fc.record({
    name: variableName,
    valueFrom: fc.record({ secretKeyRef: fc.record({ name: word, key: variableName }) }),
  }),
)
const probe = fc.record(
  {
    httpGet: fc.record({
      path: fc.webPath(),
      port: fc.integer({ min: 1, max: 65535 }),
      scheme: fc.constantFrom('HTTP', 'HTTPS'),
    }),
    periodSeconds: fc.integer({ min: 1, max: 60 }),
    failureThreshold: fc.integer({ min: 1, max: 10 }),
  },
  { requiredKeys: ['httpGet'] },
)
const quantity = fc.constantFrom('100m', '0.1', '1', '1000m', '128Mi', '1Gi', '1024Mi', '0.5')
const container = (name: fc.Arbitrary<string>) =>
  fc.record(
    {
      name,
      image: fc.tuple(word, word).map(([image, tag]) => `${image}:${tag}`),
      env: fc.array(variable, { maxLength: 4 }),
      resources: fc.record({ limits: fc.dictionary(fc.constantFrom('cpu', 'memory'), quantity) }, { requiredKeys: [] }),
      readinessProbe: probe,
      securityContext: fc.record({ runAsUser: fc.integer({ min: 0, max: 9 }) }, { requiredKeys: [] }),
      /** Fields that no client of today knows must survive as well. */
      fieldOfTomorrow: fc.jsonValue({ maxDepth: 2 }),
    },
    { requiredKeys: ['name', 'image'] },
  )
const labels = fc.dictionary(word, word, { maxKeys: 3 })

/** Pod templates as an API server might give them. */
const built = fc.record({
  metadata: fc.record({ labels, annotations: labels }, { requiredKeys: ['labels'] }),
  spec: fc.record(
    {
      containers: fc
        .uniqueArray(word, { minLength: 1, maxLength: 3 })
        .chain((names) => fc.tuple(...names.map((name) => container(fc.constant(name))))),
      volumes: fc.uniqueArray(
        fc.oneof(
          fc.record({ name: word, emptyDir: fc.constant({}) }),
          fc.record({ name: word, configMap: fc.record({ name: word, defaultMode: fc.constantFrom(420, 256) }) }),
        ),
        { selector: (volume) => volume.name, maxLength: 3 },
      ),
      nodeSelector: labels,
      terminationGracePeriodSeconds: fc.constantFrom(30, 60),
    },
    { requiredKeys: ['containers'] },
  ),
})

/** Plain JSON: the generator's own objects have no prototype, which is no difference here. */
export const template: fc.Arbitrary<Json> = built.map((value): Json => JSON.parse(JSON.stringify(value)))

export const annotations = fc.dictionary(
  fc.oneof(
    fc.constantFrom(
      'kubernetes.io/change-cause',
      'kubectl.kubernetes.io/last-applied-configuration',
      'deployment.kubernetes.io/revision',
      'deployment.kubernetes.io/revision-history',
      'deployment.kubernetes.io/desired-replicas',
      'with~1tilde/and/slash',
    ),
    word,
  ),
  fc.string({ maxLength: 12 }),
  { maxKeys: 6, noNullPrototype: true },
)
