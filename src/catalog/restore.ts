import { z } from 'zod'

const question = z.strictObject({
  name: z.string().min(1).max(60),
  /** One statement that reads; the first value of its first row is the answer. */
  query: z.string().min(1),
  /** What the answer must be; absent: anything but nothing, false and 0. */
  expect: z.string().optional(),
})

/** How a PostgreSQL database is brought back. @param secret the schema of a named secret */
export const restoreSettings = <Secret extends z.ZodType>(secret: Secret) =>
  z
    .strictObject({
      /** How many tables are restored at the same time. */
      jobs: z.number().int().min(1).max(16).default(2),
      /** How long the replaced database is kept. */
      keepHours: z.number().int().min(24).max(720).default(72),
      /** Where statements about databases are sent from. */
      maintenanceDatabase: z.string().min(1).default('postgres'),
      /** What happens to the apps of this database meanwhile: they keep running (about 0.2 s without it), or are scaled to 0. */
      apps: z.enum(['keep', 'scale']).default('keep'),
      /** The admin console of PgBouncer, whose clients wait during the exchange instead of failing. */
      pgbouncer: z.strictObject({ url: secret, database: z.string().min(1).optional() }).optional(),
      /** Asked of the restored database before anybody approves, and again afterwards. */
      checks: z.array(question).max(20).default([]),
      /** Tells the version of the schema, such as `select max(version) from schema_migrations`. */
      migration: z.string().min(1).optional(),
      /** Tells the newest moment in the data; absent: columns such as created_at are looked at. */
      newest: z.string().min(1).optional(),
    })
    .prefault({})
