import { z } from 'zod'
import { automaticSchema } from './automatic.ts'
import { colorsSchema, workloadOrColors } from './colors.ts'
import { restoreSettings } from './restore.ts'
import { workloadName } from './workload-name.ts'

/**
 * The catalog (`rescue.yml`): the only apps, databases, clusters, people and policies that the bot may touch.
 * Every object is strict, so that a misspelt key is a fault and not a rule silently not applied.
 */

const name = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9_]{0,61}[a-z0-9])?$/, 'lower case letters, digits, - and _; at most 63')
const slackUser = z.string().regex(/^[UW][A-Z0-9]{2,}$/, 'a Slack member id, such as U012ABCDE')
const slackGroup = z.string().regex(/^S[A-Z0-9]{2,}$/, 'a Slack user group id, such as S012ABCDE')
const slackChannel = z.string().regex(/^[CG][A-Z0-9]{2,}$/, 'a Slack channel id, such as C012ABCDE')
const seconds = z.number().int().positive()

/** What a person may be trusted with; each role includes the ones before it. */
export const roles = ['viewer', 'operator', 'approver'] as const
export type Role = (typeof roles)[number]

/** A secret is named, never written: by environment variable or by file. */
const secret = z.union([
  z.strictObject({ env: z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'the name of an environment variable') }),
  z.strictObject({ file: z.string().min(1) }),
])

const person = z.strictObject({
  slack: slackUser,
  role: z.enum(roles).default('operator'),
  /** How the operating system or a pipeline names this person (RESCUE_ACTOR or the login name). */
  login: z.string().min(1).optional(),
  email: z.email().optional(),
  /** Whom the cluster sees when this person acts (impersonation); absent: the bot itself. */
  kubernetes: z.strictObject({ user: z.string().min(1), groups: z.array(z.string()).default([]) }).optional(),
})

const group = z.strictObject({ slack: slackGroup, role: z.enum(roles) })

const cluster = z.strictObject({
  /** Absent: KUBECONFIG or the in-cluster service account. */
  kubeconfig: z.string().min(1).optional(),
  context: z.string().min(1).optional(),
  impersonate: z.boolean().default(false),
})

const healthCheck = z.strictObject({
  name,
  url: z.url({ protocol: /^https?$/ }),
  expect: z.number().int().min(100).max(599).default(200),
  contains: z.string().optional(),
  timeoutSeconds: seconds.max(60).default(3),
})

const appFields = z.strictObject({
  cluster: name,
  namespace: name,
  /** Left out where `colors` names the two workloads of the app; it is then the first of them. */
  workload: workloadName.optional(),
  colors: colorsSchema.optional(),
  environment: name.default('production'),
  health: z.array(healthCheck).default([]),
  /** Names of people; invited to the incident. */
  owners: z.array(name).default([]),
  databases: z.array(name).default([]),
  /** An operation on this app needs at least this class; only stricter than the default unless `loosens: true`. */
  incident: z.enum(['always', 'on_failure']).default('always'),
  /** What the bot may do by itself when a release of this app turns out bad. */
  automatic: automaticSchema,
  rolloutTimeoutSeconds: seconds.max(3600).default(300),
})

const app = appFields.transform(workloadOrColors)

/** Where backups lie: a folder (a mounted volume too) or a bucket that speaks S3. */
const backupPlace = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('folder'), path: z.string().startsWith('/', 'must be an absolute path') }),
    z.strictObject({
      kind: z.literal('s3'),
      bucket: z.string().regex(/^[a-z0-9][-a-z0-9.]{1,61}[a-z0-9]$/, 'the name of a bucket'),
      endpoint: z.url({ protocol: /^https?$/ }),
      region: z.string().min(1).default('us-east-1'),
      /** Only keys that begin with it are seen, such as `postgres/porttrack/`. */
      prefix: z.string().default(''),
      accessKey: secret,
      secretKey: secret,
    }),
  ],
  { error: 'must have a kind: folder or s3' },
)

const hours = z.number().int().min(1).max(8760)

/** When the backups of a database are a worry of their own; told in the operations channel. */
const backupAlarm = z.union([
  z.literal('off'),
  z.strictObject({
    /** The newest backup that could be restored is older than this. */
    olderThanHours: hours.default(36),
    /** For so long none was read whole and found good, and no restore was proved. */
    unverifiedHours: hours.default(168),
    /** Whether somebody is called as well. */
    page: z.boolean().default(false),
  }),
])

const backups = z.strictObject({
  places: z.record(name, backupPlace),
  /** The zone of the dumping machines' clocks, which archives do not tell; absent: the catalog's. */
  timeZone: z.string().optional(),
  /** `required`: a backup without its `NAME.sha256` is refused. */
  checksum: z.enum(['optional', 'required']).default('optional'),
  /** Plain SQL can carry commands for the client; it is only read where this says so. */
  plainSql: z.boolean().default(false),
  /** Other names under which this database may have been dumped. */
  dumpedAs: z.array(z.string().min(1)).default([]),
  /** The folder of `places` where the bot writes a verified backup of what it is about to replace; absent: none is made. */
  safety: name.optional(),
  alarm: backupAlarm.prefault({}),
})

const database = z.strictObject({
  engine: z.enum(['postgres', 'mongodb']),
  url: secret,
  backups: backups.optional(),
  restore: restoreSettings(secret),
  environment: name.default('production'),
  owners: z.array(name).default([]),
})

const monitor = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  healthPath: z.string().startsWith('/'),
  cluster: name.optional(),
  namespace: name.optional(),
  workload: workloadName.optional(),
  owners: z.array(name).default([]),
})

/** Risk classes, mildest first. */
export const risks = ['look', 'reversible', 'destructive', 'break-glass'] as const
export type Risk = (typeof risks)[number]

const policy = z.strictObject({
  operation: z.string().min(1),
  environment: name.optional(),
  target: z.string().min(1).optional(),
  /** How many different people must confirm; 1: the requester may; 2: a second person must. */
  approvals: z.union([z.literal(1), z.literal(2)]),
  /** Who may confirm. */
  by: z.enum(roles).default('operator'),
  /** Must be written to go below the default of the operation's class. Shown by /rescue policy. */
  loosens: z.boolean().default(false),
})

export const catalogSchema = z.strictObject({
  version: z.literal(1),
  /** The language of channels; a person's own language rules in modals and ephemeral messages. */
  language: z.enum(['es', 'en']).default('es'),
  timeZone: z.string().default('UTC'),
  people: z.record(name, person),
  groups: z.record(name, group).default({}),
  /** Who may look: `everyone` in the workspace or only people with a role. */
  look: z.enum(['everyone', 'people']).default('people'),
  channels: z.strictObject({
    operations: slackChannel,
    incidentPrefix: z
      .string()
      .regex(/^[a-z0-9-]{1,20}$/)
      .default('inc'),
    /** `plan` uses Slack's plan block with task cards; `sections` its fallback. */
    progress: z.enum(['plan', 'sections']).default('plan'),
  }),
  clusters: z.record(name, cluster),
  apps: z.record(name, app),
  databases: z.record(name, database).default({}),
  monitoring: z.record(name, monitor).default({}),
  policies: z.array(policy).default([]),
  approvals: z
    .strictObject({ expireMinutes: z.number().int().min(1).max(240).default(15) })
    .default({ expireMinutes: 15 }),
  pagerduty: z
    .strictObject({
      escalationPolicy: z.string().min(1).optional(),
      /** Said in the channel when paging itself fails. */
      phones: z.record(name, z.string().regex(/^\+?[0-9 ()-]{5,20}$/, 'a telephone number')).default({}),
    })
    .default({ phones: {} }),
  retention: z
    .strictObject({ runsDays: z.number().int().min(1).default(365), evidenceDays: z.number().int().min(1).default(90) })
    .default({ runsDays: 365, evidenceDays: 90 }),
})

export type Catalog = z.infer<typeof catalogSchema>
export type AppEntry = Catalog['apps'][string]
export type DatabaseEntry = Catalog['databases'][string]
export type BackupsEntry = NonNullable<DatabaseEntry['backups']>
export type BackupPlace = BackupsEntry['places'][string]
export type MonitorEntry = Catalog['monitoring'][string]
export type ClusterEntry = Catalog['clusters'][string]
export type PersonEntry = Catalog['people'][string]
export type HealthCheck = AppEntry['health'][number]
export type Language = Catalog['language']
export type SecretName = z.infer<typeof secret>
