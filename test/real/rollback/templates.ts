import type { RawObject } from '../../../src/services/kubernetes/api/json.ts'

const labels = { app: 'porttrack-app' }
const probe = { httpGet: { path: '/health', port: 3000 }, periodSeconds: 1, failureThreshold: 1 }
const app = { name: 'app', image: 'app:2.7.3', readinessProbe: probe }

/** A sidecar, an init container and a variable that the release removes. */
export const twoContainers: RawObject = {
  template: {
    metadata: { labels },
    spec: {
      terminationGracePeriodSeconds: 1,
      initContainers: [{ name: 'migrate', image: 'migrate:2.7.3-done', args: ['up'] }],
      containers: [
        {
          ...app,
          env: [
            { name: 'KEPT', value: '1' },
            { name: 'GONE', value: '2' },
          ],
        },
        { name: 'side', image: 'side:1.0' },
      ],
    },
  },
}

/** The release that removes them. */
export const oneContainer: RawObject = {
  spec: {
    template: {
      spec: {
        initContainers: [{ name: 'migrate', $patch: 'delete' }],
        containers: [
          { name: 'app', image: 'app:2.8.0', env: [{ name: 'GONE', $patch: 'delete' }] },
          { name: 'side', $patch: 'delete' },
        ],
      },
    },
  },
}

/**
 * Fields that clients with types of their own know late or treat in a special way: quantities, durations, empty objects
 * and lists that say something, whatever the last releases of Kubernetes added and the server keeps.
 */
export const rareFields: RawObject = {
  template: {
    metadata: { labels, annotations: { 'example.com/empty': '', 'example.com/odd.name_1': 'a "quoted" ñ' } },
    spec: {
      terminationGracePeriodSeconds: 1,
      os: { name: 'linux' },
      hostUsers: false,
      hostnameOverride: 'porttrack.internal',
      enableServiceLinks: false,
      shareProcessNamespace: true,
      resources: { limits: { cpu: '1.5', memory: '1.5Gi' } },
      securityContext: {
        supplementalGroupsPolicy: 'Merge',
        seLinuxChangePolicy: 'Recursive',
        appArmorProfile: { type: 'RuntimeDefault' },
        sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }],
      },
      tolerations: [{ operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 0 }],
      affinity: {},
      hostAliases: [{ ip: '10.0.0.9', hostnames: ['db.internal'] }],
      dnsConfig: { options: [{ name: 'ndots', value: '2' }] },
      containers: [
        {
          ...app,
          command: [],
          env: [
            { name: 'EMPTY', value: '' },
            { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } } },
            {
              name: 'FILE',
              valueFrom: { fileKeyRef: { volumeName: 'scratch', path: 'a.env', key: 'A', optional: true } },
            },
          ],
          resources: { requests: { cpu: '0.1', memory: '1e6' }, limits: { memory: '128974848' } },
          resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }],
          restartPolicy: 'Always',
          restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }],
          lifecycle: { preStop: { sleep: { seconds: 0 } } },
          startupProbe: { grpc: { port: 3000, service: '' }, periodSeconds: 1, failureThreshold: 60 },
          securityContext: { procMount: 'Default', capabilities: {} },
          volumeMounts: [{ name: 'scratch', mountPath: '/scratch', recursiveReadOnly: 'Disabled' }],
        },
      ],
      volumes: [
        { name: 'scratch', emptyDir: {} },
        { name: 'assets', image: { reference: 'assets:1', pullPolicy: 'IfNotPresent' } },
        {
          name: 'all',
          projected: {
            sources: [{ downwardAPI: { items: [{ path: 'l', fieldRef: { fieldPath: 'metadata.labels' } }] } }],
          },
        },
      ],
    },
  },
}
