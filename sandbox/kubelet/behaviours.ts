/**
 * What a container does, told by the end of its image's tag: `app:2.8.0-crash` crashes. A tag without such an end is healthy.
 * All times are seconds since the container's start.
 */
export type Behaviour = {
  readonly pull: 'ok' | 'missing' | 'invalid'
  /** When it accepts connections; Infinity: never. */
  readonly listensAfter: number
  /** From when on its readiness answers well. */
  readonly readyAfter: number
  /** Until when its liveness answers well. */
  readonly liveUntil: number
  readonly ends: { readonly after: number; readonly exitCode: number; readonly reason: string } | undefined
  readonly log: readonly { readonly after: number; readonly line: string }[]
}

export type ProbeKind = 'startup' | 'liveness' | 'readiness'
/** How an endpoint answers a probe that fails. */
export type Fault = 'refused' | 'unavailable' | 'broken' | 'hung'

const never = Number.POSITIVE_INFINITY

const healthy: Behaviour = {
  pull: 'ok',
  listensAfter: 0.8,
  readyAfter: 0.8,
  liveUntil: never,
  ends: undefined,
  log: [
    { after: 0, line: 'INFO  starting {name} {version}' },
    { after: 0.4, line: 'INFO  connected to the database' },
    { after: 0.8, line: 'INFO  listening on :{port}' },
  ],
}

const starting = { after: 0, line: 'INFO  starting {name} {version}' }

/** The table: end of the tag -> how it differs from a healthy container. */
export const behaviours = {
  crash: {
    listensAfter: never,
    ends: { after: 0.9, exitCode: 1, reason: 'Error' },
    log: [starting, { after: 0.8, line: 'FATAL DATABASE_URL is not set' }],
  },
  oom: {
    readyAfter: never,
    ends: { after: 3, exitCode: 137, reason: 'OOMKilled' },
    log: [
      starting,
      { after: 0.8, line: 'INFO  listening on :{port}' },
      { after: 1.5, line: 'WARN  loading the whole shipment index into memory' },
      { after: 2.5, line: 'WARN  heap 97% of the limit' },
    ],
  },
  missing: { pull: 'missing' },
  invalid: { pull: 'invalid' },
  /** A missing ConfigMap, Secret or key is found in the real references; the tag alone does nothing. */
  config: {},
  /** Ready by its probes; every page answers 500 (sandbox/porttrack/edge.ts). */
  errors: {
    log: [...healthy.log, { after: 1.5, line: 'ERROR GET / 500: relation "shipments_v2" does not exist' }],
  },
  unready: {
    readyAfter: never,
    log: [
      starting,
      { after: 0.8, line: 'INFO  listening on :{port}' },
      { after: 1.5, line: 'ERROR readiness: relation "shipments_v2" does not exist' },
    ],
  },
  liveness: {
    liveUntil: 15,
    log: [
      starting,
      { after: 0.8, line: 'INFO  listening on :{port}' },
      { after: 15, line: 'ERROR event loop blocked, pool exhausted: 20 of 20 connections in use' },
    ],
  },
  slow: {
    listensAfter: 25,
    readyAfter: 25,
    log: [
      starting,
      { after: 2, line: 'INFO  warming the route cache' },
      { after: 25, line: 'INFO  listening on :{port}' },
    ],
  },
  startup: {
    listensAfter: never,
    log: [starting, { after: 2, line: 'INFO  waiting for the migration lock' }],
  },
  flaky: {
    ends: { after: 60, exitCode: 1, reason: 'Error' },
    log: [
      ...healthy.log,
      { after: 59, line: 'FATAL unhandled rejection: cannot read properties of undefined (reading "eta")' },
    ],
  },
} as const satisfies Record<string, Partial<Behaviour>>

export type BehaviourName = keyof typeof behaviours

/** @param tag of the image, such as `2.8.0-crash` */
export function behaviourOf(tag: string): Behaviour {
  const word = /-([a-z]+)$/.exec(tag)?.[1] ?? ''
  const different: Partial<Behaviour> = Object.hasOwn(behaviours, word) ? behaviours[word as BehaviourName] : {}
  return { ...healthy, ...different }
}

/** How its endpoint answers a probe at that age; undefined: well. */
export function faultAt(behaviour: Behaviour, kind: ProbeKind, age: number): Fault | undefined {
  if (age < behaviour.listensAfter) return 'refused'
  if (kind === 'readiness' && age < behaviour.readyAfter) return 'unavailable'
  if (kind !== 'startup' && age >= behaviour.liveUntil) return 'broken'
  return undefined
}

/** After this age its answers stay as they are, so that nobody has to ask again. */
export function settledAfter(behaviour: Behaviour): number {
  return Number.isFinite(behaviour.liveUntil)
    ? behaviour.liveUntil
    : Math.max(...[behaviour.listensAfter, behaviour.readyAfter].filter(Number.isFinite), 0)
}
