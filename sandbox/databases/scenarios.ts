import type { Scenario, ScenarioWorld } from '../scenarios/types.ts'
import { withAdmin } from './start.ts'

/** What befalls PortTrack's database. */
export const databaseScenarios: readonly Scenario[] = [
  {
    name: 'database-damaged',
    group: 'data',
    title: { es: 'Dañar la base de datos', en: 'Damage the database' },
    what: {
      es: 'Un DELETE sin WHERE vacía positions, y alguien borra la tabla bookings. Prueba /recover db.',
      en: 'A DELETE without WHERE empties positions, and somebody drops the table bookings. Try /recover db.',
    },
    run: ({ databases }) =>
      withAdmin(databases.url, async (client) => {
        await client.query('delete from positions')
        await client.query('drop table if exists bookings')
      }),
  },
  {
    name: 'database-gone',
    group: 'data',
    title: { es: 'Borrar la base de datos', en: 'Drop the database' },
    what: {
      es: 'DROP DATABASE porttrack: no queda nada que responda.',
      en: 'DROP DATABASE porttrack: nothing is left to answer.',
    },
    run: ({ databases }) =>
      withAdmin(inPostgres(databases), (client) =>
        client.query('drop database if exists porttrack with (force)').then(() => undefined),
      ),
  },
]

function inPostgres({ adminUrl }: ScenarioWorld['databases']): string {
  const url = new URL(adminUrl)
  url.pathname = '/postgres'
  return url.href
}
