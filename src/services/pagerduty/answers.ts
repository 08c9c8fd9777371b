import { z } from 'zod'
import type { PagerDutyResult } from './call.ts'
import { get, type RestTarget } from './rest.ts'

/** Somebody answered a call: took it, or said that it is over. */
export type PageAnswer = {
  /** PagerDuty's own id of the line in its log. */
  readonly id: string
  readonly kind: 'acknowledged' | 'resolved'
  readonly at: string
  readonly user: { readonly id: string; readonly name: string }
}

const logSchema = z.object({
  log_entries: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      created_at: z.string(),
      agent: z.object({ id: z.string(), type: z.string(), summary: z.string().nullish() }).nullish().catch(undefined),
    }),
  ),
})

const kinds: Readonly<Record<string, PageAnswer['kind']>> = {
  acknowledge_log_entry: 'acknowledged',
  resolve_log_entry: 'resolved',
}

/** What people answered to one incident, oldest first. What a service or our own events did is none of it. */
export async function readAnswers(
  target: RestTarget,
  incident: string,
): Promise<PagerDutyResult<readonly PageAnswer[]>> {
  const path = `/incidents/${encodeURIComponent(incident)}/log_entries`
  const found = await get(target, path, logSchema, { limit: '100' })
  if (found.kind !== 'ok') return found
  const value = found.value.log_entries
    .flatMap(({ id, type, created_at: at, agent }): PageAnswer[] => {
      const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined
      if (kind === undefined || agent?.type !== 'user_reference') return []
      return [{ id, kind, at, user: { id: agent.id, name: agent.summary ?? agent.id } }]
    })
    .toSorted((a, b) => a.at.localeCompare(b.at))
  return { kind: 'ok', value }
}

const userSchema = z.object({ user: z.object({ email: z.string() }) })

/** The address by which the catalog knows somebody whom PagerDuty names. */
export async function readEmail(target: RestTarget, user: string): Promise<PagerDutyResult<string>> {
  const found = await get(target, `/users/${encodeURIComponent(user)}`, userSchema)
  return found.kind === 'ok' ? { kind: 'ok', value: found.value.user.email } : found
}
