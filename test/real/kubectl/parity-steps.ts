/** Requests whose answers of a real API server and of the simulated one must be the same; NS stands for the namespace. */
export type Step = {
  readonly path: string
  readonly method?: string
  readonly body?: unknown
  readonly type?: string
  readonly accept?: string
  readonly token?: string
  /** Controllers work at their own pace: the answers are compared until they agree, for so long. */
  readonly settles?: true
}

const core = '/api/v1/namespaces/NS'
const apps = '/apis/apps/v1/namespaces/NS'
const web = `${apps}/deployments/web`
const types = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
}

const post = (path: string, body: unknown): Step => ({ path, method: 'POST', body })
const patch = (path: string, type: keyof typeof types, body: unknown): Step => ({
  path,
  method: 'PATCH',
  type: types[type],
  body,
})
const get = (path: string): Step => ({ path })
const settled = (path: string): Step => ({ path, settles: true })
const table = (path: string): Step => ({
  path: `${path}?includeObject=None`,
  accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
  settles: true,
})
const template = (app: string, container: object = {}) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: app, image: `${app}:1`, ...container }] },
})

const deployment = (name: string, spec: object = {}, container: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, labels: { app: name } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: template(name, {
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '' },
      ],
      ports: [{ containerPort: 80 }],
      resources: { limits: { cpu: '1000m', memory: '1024Mi' } },
      ...container,
    }),
    ...spec,
  },
})
const applied = (spec: object, annotations?: object) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  ...(annotations === undefined ? {} : { metadata: { annotations } }),
  spec,
})

export const deployments: readonly Step[] = [
  post(`${apps}/deployments`, deployment('web')),
  post(`${apps}/deployments`, deployment('web')),
  settled(web),
  settled(`${apps}/replicasets`),
  settled(`${core}/pods`),
  post(`${apps}/deployments?dryRun=All`, deployment('dry')),
  patch(web, 'merge', { spec: { replicas: -1 } }),
  patch(web, 'merge', { spec: { selector: { matchLabels: { app: 'x' } } } }),
  patch(web, 'merge', { spec: { strategy: { type: 'Recreate' } } }),
  patch(web, 'merge', { spec: { template: { spec: { restartPolicy: 'Never' } } } }),
  patch(web, 'merge', { spec: { template: { spec: { containers: [] } } } }),
  patch(web, 'merge', { spec: { template: { metadata: { labels: { app: 'o' } } } } }),
  patch(web, 'merge', { metadata: { labels: { 'a b': 'c' } } }),
  patch(`${web}/scale`, 'merge', { spec: { replicas: 3 } }),
  settled(`${web}/scale`),
  settled(web),
  { path: `${web}/status`, method: 'PUT', body: { ...deployment('web'), status: { replicas: 9 } } },
  settled(web),
  { path: web, method: 'DELETE' },
  { path: web, method: 'DELETE' },
  settled(`${core}/pods`),
]

export const refusals: readonly Step[] = [
  post(`${apps}/deployments?fieldValidation=Strict`, deployment('w2', { replicass: 3 })),
  post(`${apps}/deployments?fieldValidation=Strict`, deployment('w2', { replicas: 'x' })),
  post(`${apps}/deployments?fieldValidation=Strict`, deployment('w2', {}, { imagee: 'x' })),
  post(`${apps}/deployments`, { metadata: { name: 'x' }, spec: {} }),
  post(`${apps}/deployments`, { ...deployment('x'), kind: 'Foo' }),
  post(`${apps}/deployments`, { ...deployment('x'), apiVersion: 'apps/v2' }),
  post(`${core}/services`, { metadata: { name: 'bad' }, spec: { ports: [] } }),
  post(`${core}/services`, { metadata: { name: 'bad' }, spec: { type: 'Foo', ports: [{ port: 0 }, { port: 70000 }] } }),
  post(`${core}/configmaps`, { metadata: { name: 'Bad_Name' } }),
  post(`${core}/configmaps`, {}),
  post(`${core}/configmaps`, { metadata: { name: 'x', namespace: 'other' } }),
  post('/api/v1/namespaces/nope/configmaps', { metadata: { name: 'x' } }),
  post(`${core}/secrets`, { metadata: { name: 's' }, data: { p: '###' } }),
  post(`${core}/pods`, {
    metadata: { name: 'p' },
    spec: {
      containers: [
        {
          name: 'a',
          image: 'x',
          readinessProbe: { httpGet: { port: 80 } },
          resources: { requests: { cpu: '2' }, limits: { cpu: '1' } },
        },
      ],
    },
  }),
  get('/nope'),
  get('/apis/nope'),
  get(`${apps}/widgets`),
  get(`${apps}/deployments/nope`),
  { path: `${apps}/deployments/nope`, method: 'DELETE' },
  post(`${apps}/deployments/web`, {}),
  get('/api/v1/pods?labelSelector=a%3D%3D%3Db'),
  get('/api/v1/pods?fieldSelector=spec.foo%3Db'),
  get('/api/v1/pods?resourceVersion=abc'),
  get('/api/v1/pods?resourceVersion=99999999'),
  { path: '/api/v1/pods', token: 'nobody' },
]

export const patches: readonly Step[] = [
  post(`${apps}/deployments`, deployment('web', { paused: true })),
  settled(web),
  patch(web, 'strategic', { spec: { template: { spec: { containers: [{ image: 'x' }] } } } }),
  patch(web, 'json', [{ op: 'test', path: '/spec/replicas', value: 9 }]),
  patch(web, 'json', [
    { op: 'test', path: '/spec/nothing', value: null },
    { op: 'replace', path: '/spec/replicas', value: 4 },
  ]),
  settled(web),
  patch(web, 'json', [{ op: 'remove', path: '/spec/nope' }]),
  patch(web, 'json', {}),
  patch(web, 'merge', []),
  { path: web, method: 'PATCH', type: 'text/plain', body: {} },
  patch(web, 'merge', { metadata: { resourceVersion: '1' } }),
  patch(web, 'merge', { metadata: { name: 'x' } }),
  patch(web, 'merge', { metadata: { uid: 'x' } }),
  patch(web, 'apply', applied({ replicas: 4 })),
  patch(`${web}?fieldManager=a`, 'apply', {}),
  patch(
    `${web}?fieldManager=a`,
    'apply',
    applied({ replicas: 5, template: { spec: { containers: [{ name: 'web', image: 'web:3' }] } } }),
  ),
  patch(`${web}?fieldManager=a&force=true`, 'apply', applied({ minReadySeconds: 3 }, { a: 'b' })),
  settled(web),
  patch(`${web}?fieldManager=a`, 'apply', applied({}, { c: 'b' })),
  settled(web),
  patch(web, 'strategic', {
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: 'web',
              image: 'web:2',
              env: [
                { name: 'A', $patch: 'delete' },
                { name: 'C', value: '3' },
              ],
            },
            { name: 'side', image: 's:1' },
          ],
        },
      },
    },
  }),
  settled(web),
]

export const others: readonly Step[] = [
  post(`${core}/services`, {
    metadata: { name: 'db' },
    spec: { clusterIP: 'None', selector: { app: 'db' }, ports: [{ port: 5432 }] },
  }),
  post(`${core}/services`, {
    metadata: { name: 'np' },
    spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80 }] },
  }),
  post(`${apps}/statefulsets`, {
    metadata: { name: 'db', annotations: { 'kubernetes.io/change-cause': 'first' } },
    spec: { serviceName: 'db', replicas: 2, selector: { matchLabels: { app: 'db' } }, template: template('db') },
  }),
  post(`${apps}/daemonsets`, {
    metadata: { name: 'agent' },
    spec: { selector: { matchLabels: { app: 'agent' } }, template: template('agent') },
  }),
  settled(`${apps}/statefulsets/db`),
  settled(`${apps}/daemonsets/agent`),
  settled(`${core}/pods`),
  settled(`${core}/endpoints`),
  patch(`${apps}/statefulsets/db`, 'strategic', {
    spec: { template: { spec: { containers: [{ name: 'db', image: 'db:2' }] } } },
  }),
  patch(`${apps}/daemonsets/agent`, 'strategic', {
    spec: { template: { spec: { containers: [{ name: 'agent', image: 'agent:2' }] } } },
  }),
  settled(`${apps}/controllerrevisions`),
  settled(`${apps}/statefulsets/db`),
  settled(`${apps}/daemonsets/agent`),
  patch(`${apps}/statefulsets/db`, 'merge', { spec: { serviceName: 'x' } }),
  post(`${core}/secrets`, { metadata: { name: 's' }, stringData: { p: 'q' } }),
  post('/apis/policy/v1/namespaces/NS/poddisruptionbudgets', {
    metadata: { name: 'pdb' },
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'db' } } },
  }),
  settled('/apis/policy/v1/namespaces/NS/poddisruptionbudgets/pdb'),
  patch(`${core}/pods/db-0/status`, 'strategic', {
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }],
    },
  }),
  settled('/apis/policy/v1/namespaces/NS/poddisruptionbudgets/pdb'),
  post(`${core}/pods/db-0/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'db-0' } }),
  post('/apis/autoscaling/v2/namespaces/NS/horizontalpodautoscalers', {
    metadata: { name: 'h' },
    spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
  }),
  post('/apis/networking.k8s.io/v1/namespaces/NS/ingresses', {
    metadata: { name: 'i' },
    spec: {
      rules: [
        {
          host: 'a.example',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'db', port: { number: 80 } } } }],
          },
        },
      ],
    },
  }),
  post(`${core}/resourcequotas`, { metadata: { name: 'q' }, spec: { hard: { pods: '3' } } }),
  table(`${core}/services`),
  table(`${apps}/statefulsets`),
  table(`${apps}/daemonsets`),
  table(`${core}/secrets`),
  table('/apis/networking.k8s.io/v1/namespaces/NS/ingresses'),
  table('/apis/policy/v1/namespaces/NS/poddisruptionbudgets'),
  table(`${core}/pods`),
]
