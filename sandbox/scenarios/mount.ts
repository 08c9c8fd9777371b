import { databaseScenarios } from '../databases/scenarios.ts'
import { sendJson } from '../http/answers.ts'
import type { Exchange, Server } from '../http/exchange.ts'
import { mongoScenarios } from '../mongodb/scenarios.ts'
import { clusterScenarios } from '../porttrack/scenarios.ts'
import { outsideScenarios } from './outside.ts'
import type { Scenario, ScenarioWorld } from './types.ts'

/** Everything that can be made to happen; the page and other programs read the same list. */
export const scenarios: readonly Scenario[] = [
  ...clusterScenarios,
  ...databaseScenarios,
  ...mongoScenarios,
  ...outsideScenarios,
]

/** `GET /scenarios` lists them, `POST /scenarios/NAME` makes one happen and answers when it has. */
export function mountScenarios(server: Server, world: ScenarioWorld): void {
  const here = scenarios.filter(({ needs }) => needs !== 'mongo' || world.databases.mongo !== undefined)
  server.mount('/scenarios', async (exchange: Exchange) => {
    if (exchange.method === 'GET' && exchange.rest === '')
      return sendJson(
        exchange.response,
        here.map(({ name, group, title, what }) => ({ name, group, title, what })),
      )
    if (exchange.method !== 'POST')
      return sendJson(exchange.response, { ok: false, error: 'method_not_allowed', allowed: ['GET', 'POST'] }, 405)
    const scenario = scenarios.find((entry) => entry.name === exchange.rest)
    if (scenario === undefined)
      return sendJson(
        exchange.response,
        {
          ok: false,
          error: 'unknown_scenario',
          field: 'name',
          value: exchange.rest,
          allowed: here.map((entry) => entry.name),
        },
        404,
      )
    if (!here.includes(scenario))
      return sendJson(exchange.response, { ok: false, error: 'not_here', hint: 'npm run mongo:build' }, 409)
    await scenario.run(world)
    return sendJson(exchange.response, { ok: true, scenario: scenario.name })
  })
}
