import { listAt, numberAt, recordAt } from '../../services/kubernetes/api/json.ts'

/** What the probes of a template say about how long its pods may be unready. Seconds. */
export type Probes = {
  /** A startup probe lets containers take their time; what comes after it has started. */
  readonly hasStartup: boolean
  /** From the start of a container until its readiness has been asked three times, and as often as its threshold says. */
  readonly firstChecks: number
  /**
   * From the loss of readiness (its threshold is then proved) until three checks have failed and five seconds have passed since
   * the first of them. None with the defaults: three checks, ten seconds apart.
   */
  readonly afterFall: number
}

/** Checks that must fail, and seconds that a pod may be unready: the least, whatever the probe says. */
const leastChecks = 3
const leastSeconds = 5

export function probesOf(template: unknown): Probes {
  const containers = listAt(template, 'spec', 'containers')
  const readiness = containers.map((container) => recordAt(container, 'readinessProbe'))
  const asked = readiness.filter((probe) => Object.keys(probe).length > 0).map(timesOf)
  return {
    hasStartup: containers.some((container) => Object.keys(recordAt(container, 'startupProbe')).length > 0),
    firstChecks: Math.max(0, ...asked.map((one) => one.delay + Math.max(one.threshold, leastChecks) * one.period)),
    afterFall: Math.max(
      0,
      ...asked.map(({ period, threshold }) =>
        Math.max((leastChecks - threshold) * period, leastSeconds - (threshold - 1) * period),
      ),
    ),
  }
}

function timesOf(probe: unknown): { readonly delay: number; readonly period: number; readonly threshold: number } {
  return {
    delay: numberAt(probe, 'initialDelaySeconds') ?? 0,
    period: numberAt(probe, 'periodSeconds') ?? 10,
    threshold: numberAt(probe, 'failureThreshold') ?? 3,
  }
}
