import type { RawObject } from '../../src/services/kubernetes/api/json.ts'

/** A running pod as a real cluster lists it, of about 6 kB: what fills it is what nobody keeps. */
export function podOf(index: number, node: string): RawObject {
  const name = `shipments-${index % 200}-7d9c8b6f5-${index.toString(36).padStart(5, 'x')}`
  const at = new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString().replace('.000Z', 'Z')
  const labels = {
    app: `shipments-${index % 200}`,
    'pod-template-hash': '7d9c8b6f5',
    tier: 'backend',
    team: 'logistics',
  }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      labels,
      annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '8080', checksum: 'c'.repeat(64) },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: `shipments-${index % 200}-7d9c8b6f5`,
          uid: `00000000-0000-4000-8000-${String(index % 200).padStart(12, '0')}`,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      creationTimestamp: at,
    },
    spec: specOf(node),
    status: statusOf(index, at),
  }
}

function specOf(node: string): RawObject {
  const env = Array.from({ length: 12 }, (_, n) => ({
    name: `SETTING_${n}`,
    value: `value of setting ${n} for shipments`,
  }))
  return {
    nodeName: node,
    containers: [
      {
        name: 'web',
        image: 'registry.example/logistics/shipments:4.12.1',
        ports: [{ name: 'http', containerPort: 8080 }],
        env,
        resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '512Mi' } },
        readinessProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 5 },
        livenessProbe: { httpGet: { path: '/live', port: 8080 }, periodSeconds: 10 },
        volumeMounts: [{ name: 'settings', mountPath: '/etc/shipments', readOnly: true }],
      },
    ],
    volumes: [{ name: 'settings', configMap: { name: 'shipments-settings' } }],
  }
}

function statusOf(index: number, at: string): RawObject {
  const condition = (type: string): RawObject => ({ type, status: 'True', lastProbeTime: null, lastTransitionTime: at })
  return {
    phase: 'Running',
    conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(condition),
    hostIP: '10.0.0.7',
    podIP: `10.244.${index % 250}.${(index >> 8) % 250}`,
    startTime: at,
    containerStatuses: [
      {
        name: 'web',
        state: { running: { startedAt: at } },
        lastState: {},
        ready: true,
        started: true,
        restartCount: 0,
        image: 'registry.example/logistics/shipments:4.12.1',
        imageID: `registry.example/logistics/shipments@sha256:${'d'.repeat(64)}`,
        containerID: `containerd://${index.toString(16).padStart(64, 'e')}`,
      },
    ],
  }
}
