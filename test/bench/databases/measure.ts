import type { Row } from '../rows.ts'
import type { Size } from '../sizes.ts'
import { spreadOf } from '../stats.ts'
import { writeSince } from './data.ts'
import { type Ours, restoreOnce } from './ours.ts'
import { type Script, scriptOnce } from './script.ts'
import { type DatabaseWorld, database, startDatabaseWorld } from './world.ts'

/** A restore by the bot and by the script of old, taking turns on the same database, backup and machine. */
export async function measureDatabases(size: Size): Promise<readonly Row[]> {
  const world = await startDatabaseWorld(size.restoredRows)
  const ours: Ours[] = []
  const theirs: Script[] = []
  try {
    for (let round = 0; round < size.restores; round++) {
      await writeSince(world.server, database, size.restoredRows)
      ours.push(await restoreOnce(world))
      await dropKept(world)
      await writeSince(world.server, database, size.restoredRows)
      theirs.push(await scriptOnce(world))
    }
    return rowsOf(world, ours, theirs)
  } finally {
    await world.stop()
  }
}

async function dropKept({ server }: DatabaseWorld): Promise<void> {
  const { rows } = await server.admin(
    'postgres',
    `select datname from pg_database where starts_with(datname, '${database}_old_')`,
  )
  for (const { datname } of rows) await server.admin('postgres', `drop database ${datname} with (force)`)
}

/** Of a small database it tells how long programs take to start: shown, and not judged. */
const ratioOf = (world: DatabaseWorld) => (most: number) =>
  world.megabytes < 400 ? {} : { limit: { kind: 'ratio', most } as const }

const middle = <T>(all: readonly T[], value: (one: T) => number): number => spreadOf(all.map(value)).p50

function rowsOf(world: DatabaseWorld, ours: readonly Ours[], theirs: readonly Script[]): readonly Row[] {
  const ratio = ratioOf(world)
  const about = `${Math.round(world.megabytes)} MB in the database`
  const serial = middle(theirs, ({ restore }) => restore)
  const outage = middle(theirs, (one) => one.outage)
  const silence = middle(ours, ({ direct }) => direct.silence / 1000)
  const step = middle(ours, ({ steps }) => steps['restoreBeside'] ?? Number.NaN)
  const whole = middle(ours, ({ seconds }) => seconds)
  const names = Object.keys(ours[0]?.steps ?? {})
  return [
    { what: `${about}: pg_restore --clean in place`, measured: serial, unit: 's' },
    { what: `${about}: application without an answer, script`, measured: outage, unit: 's' },
    {
      what: 'application without an answer, ours',
      measured: silence,
      unit: 's',
      limit: { kind: 'time', most: 0.5 },
      peer: { name: 'the script', measured: outage },
    },
    {
      what: 'application without an answer, ours against the script',
      measured: silence / outage,
      unit: 'x',
      ...ratio(1 / 30),
    },
    ...pooledRows(ours),
    {
      what: 'restoring beside against pg_restore --clean',
      measured: step / serial,
      unit: 'x',
      ...ratio(1 / 1.2),
    },
    {
      what: 'the whole verified restore against pg_restore --clean',
      measured: whole / serial,
      unit: 'x',
      ...ratio(1.4),
    },
    ...names.map(
      (name) =>
        ({ what: `  step ${name}`, measured: middle(ours, ({ steps }) => steps[name] ?? 0), unit: 's' }) as const,
    ),
    {
      what: `the bot at its highest, archive of ${Math.round(world.archiveMegabytes)} MB`,
      measured: Math.max(...ours.map(({ peak }) => peak)),
      unit: 'MB',
      limit: { kind: 'memory', most: 200 },
    },
  ]
}

function pooledRows(ours: readonly Ours[]): readonly Row[] {
  const pooled = ours.flatMap((one) => one.pooled ?? [])
  if (pooled.length === 0) return []
  return [
    {
      what: `failed of ${pooled.reduce((sum, one) => sum + one.answered + one.failed, 0)} queries through PgBouncer`,
      measured: pooled.reduce((sum, one) => sum + one.failed, 0),
      unit: '',
      limit: { kind: 'count', most: 0 },
    },
    { what: 'longest wait through PgBouncer', measured: middle(pooled, ({ silence }) => silence / 1000), unit: 's' },
  ]
}
