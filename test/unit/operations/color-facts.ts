import type { Colors } from '../../../src/catalog/colors.ts'
import type { RouteFacts, Side, SwitchFacts } from '../../../src/operations/switch-color/types.ts'

export const readAt = '2026-11-24T03:12:00.000Z'

export const colors: Colors = {
  route: { kind: 'service', name: 'porttrack-app-service', selector: 'color' },
  sides: [
    { name: 'blue', workload: 'deployment/porttrack-app-blue', service: undefined },
    { name: 'green', workload: 'deployment/porttrack-app-green', service: undefined },
  ],
  watchSeconds: 10,
}

export function side(color: string, more: Partial<Side> = {}): Side {
  return {
    color,
    workload: { cluster: 'main', namespace: 'porttrack', kind: 'deployment', name: `porttrack-app-${color}` },
    service: undefined,
    exists: true,
    uid: `uid-${color}`,
    desired: 2,
    ready: 2,
    old: 0,
    images: [`registry.porttrack.example/porttrack/app:2.7.${color === 'blue' ? 3 : 2}`],
    revision: 2,
    source: `porttrack-app-${color}-5d7`,
    templateKey: `key-${color}`,
    changeCause: undefined,
    since: readAt,
    problems: [],
    endpoints: [`porttrack-app-${color}-a`, `porttrack-app-${color}-b`],
    missingLabels: {},
    missingPorts: [],
    app: undefined,
    migration: undefined,
    ...more,
  }
}

export function route(more: Partial<RouteFacts> = {}): RouteFacts {
  return {
    ref: { cluster: 'main', namespace: 'porttrack', kind: 'service', name: 'porttrack-app-service' },
    exists: true,
    uid: 'uid-service',
    seen: { kind: 'service', key: 'color', selector: { app: 'porttrack', color: 'blue' }, label: 'blue' },
    leadsTo: ['blue'],
    since: '2026-11-23T03:12:00.000Z',
    changed: true,
    by: 'kubectl',
    gitOps: undefined,
    appliedColor: undefined,
    hosts: [],
    ...more,
  }
}

/** Blue serves, green stands by, and all is well. */
export function facts(more: Partial<SwitchFacts> = {}): SwitchFacts {
  return {
    app: 'porttrack-web',
    colors,
    environment: 'production',
    readAt,
    route: route(),
    sides: [side('blue'), side('green')],
    health: [{ name: 'web', ok: true, status: 200, ms: 12, reason: undefined }],
    failed: [],
    left: [],
    mayPatch: true,
    ...more,
  }
}
