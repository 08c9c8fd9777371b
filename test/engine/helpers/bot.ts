/**
 * A small bot for the engine's tests, as a process of its own that is really killed. What it did to "the world" and where
 * it was stands in tables of the test's schema; a row in `stops` makes it hang at a point, until it is killed or the row goes.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { launchEngine } from '../../../src/engine/launch.ts'
import {
  awaitMessage,
  defineWorkflow,
  durable,
  durableSleep,
  fenced,
  onTarget,
  patched,
  startWorkflow,
  stopAsked,
} from '../../../src/engine/workflow.ts'
import { openDb } from '../../../src/store/db.ts'
import { migrate } from '../../../src/store/migrations.ts'
import type { RunId } from '../../../src/store/types.ts'

const [url = '', schema = '', mode = ''] = process.argv.slice(2)
const db = openDb(url, { log: pino({ level: 'info' }, pino.destination(2)), schema, max: 4 })

/** Notes where the process is, and hangs there while the test wants it to. */
async function at(run: RunId, point: string): Promise<void> {
  await db.query('insert into journal (run, point, pid) values ($1, $2, $3)', [run, point, process.pid])
  for (;;) {
    const { rows } = await db.query('select from stops where point = $1', [point])
    if (rows.length === 0) return
    await sleep(20)
  }
}

const world = {
  async change(run: RunId) {
    await db.query('insert into world (run, pid) values ($1, $2)', [run, process.pid])
    return { revision: 43 }
  },
  async look(run: RunId) {
    const { rows } = await db.query('select from world where run = $1', [run])
    return rows.length > 0 ? ({ kind: 'done', result: { revision: 43 } } as const) : ({ kind: 'not_done' } as const)
  },
}

const execute = defineWorkflow('execute', async (run: RunId, target: string): Promise<string> => {
  await durable('compare', () => at(run, 'compare'))
  await at(run, 'between')
  if (await stopAsked(db, run, 'restore')) return 'stopped'
  const act = {
    intent: { to: 41 },
    act: async () => {
      await at(run, 'before-act')
      const result = await world.change(run)
      await at(run, 'after-act')
      return result
    },
    look: () => world.look(run),
  }
  const done = await durable('restore', async () => {
    const result = await fenced(db, { runId: run, name: 'restore', target }, act)
    await at(run, 'after-fence')
    return result
  })
  if (mode === 'patched' && (await patched('verify-twice'))) await durable('verify', () => at(run, 'verify'))
  await durable('health', () => at(run, 'health'))
  await at(run, 'after-health')
  return `at ${done.revision}`
})

const life = defineWorkflow('run', async (run: RunId, target: string): Promise<void> => {
  await durable('plan', () => at(run, 'plan'))
  await at(run, 'planned')
  const message = await awaitMessage<{ yes: boolean }>('decided', 120)
  if (message?.yes !== true) return
  await at(run, 'decided')
  const outcome = await onTarget(execute, { id: `${run}/execute`, target }, run, target)
  await at(run, 'executed')
  await durable('close', async () => {
    await at(run, 'close')
    await db.query('insert into outcomes (run, outcome) values ($1, $2) on conflict do nothing', [run, outcome])
  })
})

const nap = defineWorkflow('nap', async (run: RunId): Promise<void> => {
  await durableSleep(2)
  await durable('awake', () => at(run, 'awake'))
})

await migrate(db)
const engine = await launchEngine({ databaseUrl: url, db, log: db.log })
process.stdout.write(`ready ${engine.executorId}\n`)

process.stdin.setEncoding('utf8').on('data', (text: string) => {
  for (const line of text.split('\n').filter((part) => part !== '')) void obey(line.split(' '))
})

async function obey([word = '', run = '', target = '']: string[]): Promise<void> {
  if (word === 'stop') {
    await engine.stop(5_000)
    await db.close()
    process.exit(0)
  }
  const id = run as RunId
  const started =
    word === 'nap' ? await startWorkflow(nap, { id: run }, id) : await startWorkflow(life, { id: run }, id, target)
  process.stdout.write(`${started.kind} ${run}\n`)
}
