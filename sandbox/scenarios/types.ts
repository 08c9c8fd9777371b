import type { Bot } from '../bot.ts'
import type { Databases } from '../databases/start.ts'
import type { Kubelet } from '../kubelet/start.ts'
import type { PagerDuty } from '../pagerduty/start.ts'
import type { Workspace } from '../slack/start.ts'

type Both = { readonly es: string; readonly en: string }

export type ScenarioWorld = {
  readonly kubeconfig: string
  readonly kubelet: Kubelet
  readonly workspace: Workspace
  readonly pagerduty: PagerDuty
  readonly databases: Databases
  readonly bots: readonly Bot[]
}

/** Something that goes wrong (or right again) at the press of a button, as often as one likes. */
export type Scenario = {
  readonly name: string
  readonly group: 'release' | 'cluster' | 'data' | 'outside' | 'bot'
  readonly title: Both
  readonly what: Both
  /** Only there where the sandbox has it. */
  readonly needs?: 'mongo'
  run(world: ScenarioWorld): Promise<void>
}
