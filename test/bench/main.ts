import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { measureAutomatic } from './automatic.ts'
import { measureConfirm } from './confirm.ts'
import { measureDatabases } from './databases/measure.ts'
import { measureMongoReading } from './mongo-reading.ts'
import { measureOneApp } from './one-app.ts'
import { measurePods } from './pods.ts'
import { measureReleases } from './releases.ts'
import { judge, type Row } from './rows.ts'
import { full, type Size, short } from './sizes.ts'
import { measureStages } from './stages.ts'
import { measureStart } from './start.ts'
import { tableOf } from './table.ts'
import { measureForms, measureWorking } from './working.ts'
import { type BenchWorld, startBenchWorld } from './world.ts'

/** Each in a world of its own. */
const alone: Readonly<Record<string, (size: Size) => Promise<readonly Row[]>>> = {
  start: measureStart,
  pods: measurePods,
  releases: measureReleases,
  engine: measureStages,
  automatic: measureAutomatic,
  databases: measureDatabases,
  'mongo-reading': measureMongoReading,
}

/** These share one world, in this order. */
const together: Readonly<Record<string, (world: BenchWorld, size: Size) => Promise<readonly Row[]>>> = {
  confirm: measureConfirm,
  forms: measureForms,
  working: measureWorking,
  'one-app': measureOneApp,
}

const { values } = parseArgs({
  options: { short: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
})
const size = values.short ? short : full
const wanted = <T>(measures: Readonly<Record<string, T>>): readonly (readonly [string, T])[] =>
  Object.entries(measures).filter(([name]) => values.only?.includes(name) ?? true)

const rows: Row[] = []
for (const [name, measure] of wanted(alone)) rows.push(...(await told(name, () => measure(size))))
if (wanted(together).length > 0) rows.push(...(await inOneWorld()))
console.log(tableOf(rows))
const missed = rows.filter((row) => ['over', 'broken'].includes(judge(row)))
if (missed.length > 0) console.log(`\nnot as asked:\n${tableOf(missed)}`)
process.exitCode = rows.some((row) => judge(row) === 'broken') ? 1 : 0

async function inOneWorld(): Promise<readonly Row[]> {
  const world = await startBenchWorld(size)
  try {
    const found: Row[] = []
    for (const [name, measure] of wanted(together)) found.push(...(await told(name, () => measure(world, size))))
    return found
  } finally {
    await world.stop()
  }
}

function told(name: string, measure: () => Promise<readonly Row[]>): Promise<readonly Row[]> {
  process.stderr.write(`measuring ${name}; the load is ${loadavg()[0]?.toFixed(1)}\n`)
  return measure()
}
