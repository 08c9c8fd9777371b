import type { Scenario, ScenarioWorld } from '../scenarios/types.ts'
import type { Mongo } from './start.ts'
import { withDocuments } from './start.ts'

/** What befalls PortTrack's documents. */
export const mongoScenarios: readonly Scenario[] = [
  {
    name: 'mongo-damaged',
    group: 'data',
    needs: 'mongo',
    title: { es: 'Dañar MongoDB', en: 'Damage MongoDB' },
    what: {
      es: 'Un script vacía positions, borra la colección events y cambia documentos. Prueba /recover mongo.',
      en: 'A script empties positions, drops the collection events and changes documents. Try /recover mongo.',
    },
    run: ({ databases }) =>
      inDocuments(databases, ({ url, database }) =>
        withDocuments(url, database, async (db) => {
          await db.collection('positions').deleteMany({})
          await db
            .collection('events')
            .drop()
            .catch(() => undefined)
          await db.collection('documents').updateMany({ kind: 'manifest' }, { $set: { vessel: 'unknown', lines: [] } })
        }),
      ),
  },
  {
    name: 'mongo-gone',
    group: 'data',
    needs: 'mongo',
    title: { es: 'Borrar la base de MongoDB', en: "Drop MongoDB's database" },
    what: {
      es: 'dropDatabase en porttrack_nosql: el servidor responde, y no queda ninguna colección.',
      en: 'dropDatabase in porttrack_nosql: the server answers, and no collection is left.',
    },
    run: ({ databases }) =>
      inDocuments(databases, ({ url, database }) =>
        withDocuments(url, database, (db) => db.dropDatabase().then(() => undefined)),
      ),
  },
  {
    name: 'mongo-killed',
    group: 'data',
    needs: 'mongo',
    title: { es: 'Matar el servidor de MongoDB', en: 'Kill the MongoDB server' },
    what: {
      es: 'kill -9 del proceso; vuelve enseguida con los mismos datos.',
      en: 'kill -9 of its process; it is back at once with the same data.',
    },
    run: ({ databases }) => inDocuments(databases, async ({ server }) => server.kill()),
  },
]

function inDocuments({ mongo }: ScenarioWorld['databases'], body: (mongo: Mongo) => Promise<void>): Promise<void> {
  return mongo === undefined ? Promise.resolve() : body(mongo)
}
