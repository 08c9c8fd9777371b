import { afterAll, beforeAll, expect, it } from 'vitest'
import { mongoPartsMissing } from '../../sandbox/mongodb/programs.ts'
import { withDocuments } from '../../sandbox/mongodb/start.ts'
import { toolsMissing } from './support/databases.ts'
import { ops, textOf, until } from './support/person.ts'
import { startWorld, type World } from './support/world.ts'

const missing = mongoPartsMissing() ?? (await toolsMissing())
if (missing !== undefined) process.stderr.write(`skipped: ${missing}\n`)

let world: World
beforeAll(async () => {
  if (missing === undefined) world = await startWorld({ mongo: true })
})
afterAll(() => world?.stop())

const blocksOf = (view: { readonly blocks: readonly Record<string, unknown>[] }) =>
  view.blocks.map(({ block_id }) => String(block_id))

/** The form, once it has these blocks. */
const formWith = (...blocks: readonly string[]) =>
  until(
    `a form with ${blocks}`,
    async () => {
      const view = await world.as('ana').view()
      return view !== null && blocks.every((block) => blocksOf(view).includes(block)) ? view : undefined
    },
    5,
  )

it.skipIf(missing !== undefined)(
  '/recover db asks which database, and asks each engine what belongs to it',
  async () => {
    await world.as('ana').command('/recover db')
    const first = await formWith('database')
    expect(textOf(first)).toMatch(/porttrack\n[\s\S]*porttrack_nosql/)
    const choose = (value: string) => world.as('ana').click({ view_id: first.id }, 'recover:database', { value })
    await choose('porttrack_nosql')
    const documents = await formWith('point:porttrack_nosql', 'only-live', 'apps')
    expect(textOf(documents)).toMatch(/nightly\.archive[\s\S]*before-release\.archive\.gz/)
    expect(textOf(documents)).not.toMatch(/billing|notes\.archive|empty\.archive|renamed/)
    await choose('porttrack')
    const rows = await formWith('point:porttrack', 'part', 'scope', 'apps')
    expect(blocksOf(rows)).not.toContain('only-live')
    expect(textOf(rows)).toMatch(/bucket · /)
    const scope = { 'recover:scope': 'table' }
    const answer = await world.as('ana').submit(rows, { scope })
    expect(JSON.stringify(answer)).toMatch(/Di la tabla/)
  },
)

it.skipIf(missing !== undefined)('a killed MongoDB server of the sandbox is back with its data', async () => {
  const { mongo } = world.sandbox.databases
  if (mongo === undefined) throw new Error('there is no MongoDB')
  const count = () => withDocuments(mongo.url, mongo.database, (db) => db.collection('documents').countDocuments())
  const [before, pid] = [await count(), mongo.server.pid()]
  await world.scenario('mongo-killed')
  await until('another process', async () => mongo.server.pid() !== pid)
  expect([before, await until('an answer', () => count().catch(() => undefined))]).toEqual([503, 503])
})

it.skipIf(missing !== undefined)('/status db tells both in depth, and what MongoDB does not tell', async () => {
  const said = async (text: string, pattern: RegExp): Promise<string> => {
    await world.as('ana').command(text)
    return until(`an answer like ${pattern}`, async () =>
      (await world.as('ana').messages(ops))
        .map((message) => textOf(message.blocks))
        .findLast((told) => pattern.test(told)),
    )
  }
  const both = await said('/status db', /porttrack_nosql[\s\S]*Último backup/)
  expect(both).toMatch(/en 4 tablas · \d+ de 150 conexiones/)
  expect(both).toMatch(/en 4 colecciones · sin réplica/)
  const one = await said('/status porttrack_nosql', /Sin datos/)
  expect(one).toMatch(/mongo\/nightly\.archive.*datos de hace 3 h · △ nadie lo ha leído entero/)
  expect(one).toMatch(/Nunca se comprobó.*\/recover mongo porttrack_nosql ultimo copia/)
  expect(one).toMatch(/Sin datos: .*el disco libre \(este servidor no lo dice\)/)
  await world.scenario('mongo-gone')
  expect(await said('/status db porttrack_nosql', /✗ caído · \*porttrack_nosql/)).toMatch(
    /la base no está[\s\S]*Último backup/,
  )
  await world.scenario('database-gone')
  expect(await said('/status porttrack', /✗ caído · \*porttrack\*/)).toMatch(/la base no está[\s\S]*Último backup/)
})

it.skipIf(missing !== undefined)('the terminal ends with 2 for what is not there, and names what is', async () => {
  const runs: readonly (readonly [readonly string[], RegExp])[] = [
    [['recover', 'mongo'], /porttrack_nosql/],
    [['recover', 'mongo', 'porttrack'], /porttrack_nosql/],
    [['recover', 'mongo', 'porttrack_nosql', '--from', 'nope'], /mongo\/nightly\.archive/],
    [['recover', 'mongo', 'porttrack_nosql', '--table', 'a.b'], /--only-live/],
  ]
  for (const [args, allowed] of runs) {
    const ended = await world.cli('ana', ...args)
    expect([args, ended.code, ended.stderr]).toEqual([args, 2, expect.stringMatching(allowed)])
  }
  const told = await world.cli('ana', 'status', 'db', '--json')
  expect(JSON.parse(told.stdout)).toMatchObject({ components: [{ name: 'porttrack' }, { name: 'porttrack_nosql' }] })
})
