import { type Api, connectApi } from '../kubelet/api.ts'
import type { Scenario, ScenarioWorld } from '../scenarios/types.ts'

export type Words = Pick<Scenario, 'title' | 'what'>
type Does = (api: Api, world: ScenarioWorld) => Promise<void>

/** @param manager who the cluster takes for the author of the change */
export function scenario(name: string, group: Scenario['group'], manager: string, words: Words, does: Does): Scenario {
  return {
    name,
    group,
    ...words,
    run: async (world) => {
      const api = connectApi(world.kubeconfig, manager)
      try {
        await does(api, world)
      } finally {
        await api.close()
      }
    },
  }
}
