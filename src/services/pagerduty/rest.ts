import { z } from 'zod'
import { call, type PagerDutyResult } from './call.ts'

export type RestTarget = {
  /** Base of the REST API, such as https://api.pagerduty.com. */
  readonly apiUrl: string
  readonly token: string
  /** E-mail address of a user: writes are made in this name. */
  readonly from: string
}

export type Incident = {
  readonly id: string
  readonly number: number
  readonly status: 'triggered' | 'acknowledged' | 'resolved'
  readonly url: string | undefined
  /** Names of whoever it is assigned to now. */
  readonly assigned: readonly string[]
}

const incidentsSchema = z.object({
  incidents: z.array(
    z.object({
      id: z.string(),
      incident_number: z.number().catch(0),
      status: z.enum(['triggered', 'acknowledged', 'resolved']),
      html_url: z.string().nullish(),
      assignments: z.array(z.object({ assignee: z.object({ summary: z.string().nullish() }) })).catch([]),
    }),
  ),
})

/** One GET of the REST API. */
export function get<T>(
  target: RestTarget,
  path: string,
  schema: z.ZodType<T>,
  queryParameters: Readonly<Record<string, string | string[]>> = {},
) {
  return call(
    // pdjs sets `Accept` itself; another one, however it is written, would be joined to it and refused with 406.
    { url: urlOf(target, path), method: 'get', token: target.token, queryParameters },
    schema,
  )
}

const urlOf = (target: RestTarget, path: string): string => `${target.apiUrl.replace(/\/$/, '')}${path}`

/** The newest incident that an event with this dedup key became; undefined when there is none (yet). */
export async function findIncident(
  target: RestTarget,
  dedupKey: string,
): Promise<PagerDutyResult<Incident | undefined>> {
  const found = await listIncidents(target, dedupKey)
  return found.kind === 'ok' ? { kind: 'ok', value: found.value[0] } : found
}

/** Every incident that events with this dedup key became, the newest first: after a resolve the same key opens another. */
export async function listIncidents(
  target: RestTarget,
  dedupKey: string,
): Promise<PagerDutyResult<readonly Incident[]>> {
  const found = await get(target, '/incidents', incidentsSchema, { incident_key: dedupKey, limit: '25' })
  if (found.kind !== 'ok') return found
  const value = found.value.incidents
    .toSorted((a, b) => b.incident_number - a.incident_number)
    .map(({ id, incident_number: number, status, html_url, assignments }) => ({
      id,
      number,
      status,
      url: html_url ?? undefined,
      assigned: assignments.flatMap(({ assignee }) => assignee.summary ?? []),
    }))
  return { kind: 'ok', value }
}

export type OnCall = { readonly name: string; readonly level: number; readonly phones: readonly string[] }

const onCallsSchema = z.object({
  oncalls: z.array(
    z.object({ escalation_level: z.number(), user: z.object({ id: z.string(), summary: z.string().nullish() }) }),
  ),
})
const contactsSchema = z.object({
  contact_methods: z
    .array(
      z.object({
        type: z.string(),
        address: z.string().catch(''),
        country_code: z.number().nullish().catch(undefined),
      }),
    )
    .default([]),
})

/** Who would be called now, level by level, with their telephone numbers where PagerDuty gives them. */
export async function readOnCalls(
  target: RestTarget,
  escalationPolicy: string | undefined,
): Promise<PagerDutyResult<readonly OnCall[]>> {
  const found = await get(target, '/oncalls', onCallsSchema, {
    earliest: 'true',
    limit: '100',
    ...(escalationPolicy === undefined ? {} : { 'escalation_policy_ids[]': [escalationPolicy] }),
  })
  if (found.kind !== 'ok') return found
  const byUser = new Map(
    found.value.oncalls
      .toSorted((a, b) => b.escalation_level - a.escalation_level)
      .map((entry) => [entry.user.id, entry]),
  )
  const people = await Promise.all(
    [...byUser.values()].map(async ({ user, escalation_level }): Promise<OnCall> => {
      const contacts = await get(target, `/users/${encodeURIComponent(user.id)}/contact_methods`, contactsSchema)
      const methods = contacts.kind === 'ok' ? contacts.value.contact_methods : []
      const phones = methods
        .filter(({ type, address }) => type.startsWith('phone') && address !== '')
        .map(({ country_code, address }) => (country_code == null ? address : `+${country_code} ${address}`))
      return { name: user.summary ?? user.id, level: escalation_level, phones }
    }),
  )
  return { kind: 'ok', value: people.toSorted((a, b) => a.level - b.level) }
}

export type OnCallCache = {
  /** What was read last, however old: it is asked for when PagerDuty is away. */
  last(): readonly OnCall[]
  /** Reads again when what is known is older than ten minutes. */
  refresh(): Promise<void>
}

const freshMs = 600_000

/** Kept because it is needed exactly when it can no longer be asked for. */
export function cachedOnCalls(
  target: RestTarget,
  escalationPolicy: string | undefined,
  clock: () => number = Date.now,
): OnCallCache {
  let known: readonly OnCall[] = []
  let at = Number.NEGATIVE_INFINITY
  return {
    last: () => known,
    refresh: async () => {
      if (clock() - at < freshMs) return
      const read = await readOnCalls(target, escalationPolicy)
      if (read.kind !== 'ok') return
      known = read.value
      at = clock()
    },
  }
}
