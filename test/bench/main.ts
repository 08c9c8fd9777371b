import { parseArgs } from 'node:util'
import { measureConfirm } from './confirm.ts'
import { measureOneApp } from './one-app.ts'
import { judge, type Row } from './rows.ts'
import { full, short, type Size } from './sizes.ts'
import { tableOf } from './table.ts'
import { measureForms, measureWorking } from './working.ts'
import { type BenchWorld, startBenchWorld } from './world.ts'

/** Measures that share one world, in this order. */
const inWorld: Readonly<Record<string, (world: BenchWorld, size: Size) => Promise<readonly Row[]>>> = {
  confirm: measureConfirm,
  forms: measureForms,
  working: measureWorking,
  'one-app': measureOneApp,
}

const { values } = parseArgs({
  options: { short: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
})
const size = values.short ? short : full
const rows: Row[] = []
const world = await startBenchWorld(size)
try {
  for (const [name, measure] of Object.entries(inWorld)) {
    if (values.only?.includes(name) === false) continue
    process.stderr.write(`measuring: ${name}\n`)
    rows.push(...(await measure(world, size)))
  }
} finally {
  await world.stop()
}
console.log(tableOf(rows))
process.exitCode = rows.some((row) => judge(row) === 'broken') ? 1 : 0
