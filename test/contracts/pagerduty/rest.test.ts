import { describe, expect, test } from 'vitest'
import { apiToken, pagedOf, pagerduty, trigger } from './helpers.ts'

async function withIncident() {
  const pd = await pagerduty()
  await pd.enqueue(trigger('porttrack/production/7'))
  const found = await pd.call('/incidents?incident_key=porttrack%2Fproduction%2F7')
  return { pd, id: String(found.data.incidents[0].id) }
}

const put = (status: string) => ({ incident: { type: 'incident_reference', status } })
const errorOf = (answer: { status: number; data: { error?: { code: number; errors?: string[] } } }) => [
  answer.status,
  answer.data.error?.code,
]

describe('incidents over REST', () => {
  test('are found by the key of the event, with who is assigned', async () => {
    await using pd = await pagerduty()
    await pd.enqueue(trigger('porttrack/production/7'))
    await pd.enqueue(trigger('porttrack/production/8'))
    const { data } = await pd.call('/incidents?incident_key=porttrack%2Fproduction%2F8')
    expect(data.incidents).toHaveLength(1)
    expect(data.incidents[0]).toMatchObject({
      incident_key: 'porttrack/production/8',
      status: 'triggered',
      incident_number: 2,
    })
    expect(data.incidents[0].assignments[0].assignee.summary).toBe('Luis Vega')
    expect([data.limit, data.offset, data.more, data.total]).toEqual([25, 0, false, null])
  })

  test('are listed by status and page by page', async () => {
    await using pd = await pagerduty()
    for (const key of ['a', 'b', 'c']) await pd.enqueue(trigger(key))
    await pd.enqueue({ event_action: 'resolve', dedup_key: 'b' })
    const open = await pd.call('/incidents?statuses[]=triggered&statuses[]=acknowledged&limit=1&total=true')
    expect([open.data.incidents.length, open.data.more, open.data.total]).toEqual([1, true, 2])
    const rest = await open.next?.()
    expect(rest?.data.incidents[0].incident_key).toBe('c')
    expect(errorOf(await pd.call('/incidents?statuses[]=open'))).toEqual([400, 2001])
    expect(errorOf(await pd.call('/incidents?offset=9990&limit=25'))).toEqual([400, 2001])
  })

  test('older than what is asked for are left out', async () => {
    await using pd = await pagerduty()
    await pd.enqueue(trigger('a'))
    const later = await pd.call(`/incidents?since=${new Date(Date.now() + 60_000).toISOString()}`)
    expect(later.data.incidents).toEqual([])
  })

  test('are acknowledged, resolved, refused a second resolve, and reopened by an acknowledge', async () => {
    const { pd, id } = await withIncident()
    await using _ = pd
    const acknowledged = await pd.write('PUT', `/incidents/${id}`, put('acknowledged'))
    expect(acknowledged.data.incident.assignments[0].assignee.summary).toBe('Rescue')
    expect((await pd.write('PUT', `/incidents/${id}`, put('resolved'))).data.incident.status).toBe('resolved')
    expect(errorOf(await pd.write('PUT', `/incidents/${id}`, put('resolved')))).toEqual([400, 1001])
    expect((await pd.write('PUT', `/incidents/${id}`, put('acknowledged'))).data.incident.status).toBe('acknowledged')
    const log = await pd.call(`/incidents/${id}/log_entries`)
    expect(log.data.log_entries.map((entry: { type: string }) => entry.type)).toContain('reopen_log_entry')
  })

  test('are escalated by hand, and the next level is paged', async () => {
    const { pd, id } = await withIncident()
    await using _ = pd
    await pd.write('PUT', `/incidents/${id}`, { incident: { type: 'incident_reference', escalation_level: 2 } })
    expect(pagedOf(pd.server)).toEqual([{ status: 'triggered', paged: ['luis', 'ana'] }])
  })

  test('take notes and calls for help', async () => {
    const { pd, id } = await withIncident()
    await using _ = pd
    const note = await pd.write('POST', `/incidents/${id}/notes`, { note: { content: 'R-0042 failed' } })
    expect(note.data.note.user.summary).toBe('Rescue')
    expect((await pd.call(`/incidents/${id}/notes`)).data.notes).toHaveLength(1)
    const users = (await pd.call('/users?query=ana')).data.users
    const help = await pd.write('POST', `/incidents/${id}/responder_requests`, {
      requester_id: users[0].id,
      message: 'Please join',
      responder_request_targets: [{ responder_request_target: { id: users[0].id, type: 'user_reference' } }],
    })
    expect(help.status).toBe(200)
    expect(pagedOf(pd.server)[0]?.paged).toEqual(['luis', 'ana'])
  })
})

describe('REST refuses', () => {
  test('a wrong token, a wrong Accept, an unknown route and an unknown incident', async () => {
    await using pd = await pagerduty()
    expect(errorOf(await pd.call('/incidents', { headers: { Authorization: 'Token token=wrong' } }))).toEqual([
      401, 2006,
    ])
    expect(errorOf(await pd.call('/incidents', { headers: { Accept: 'application/json' } }))).toEqual([406, 2003])
    expect(errorOf(await pd.call('/incident'))).toEqual([404, 2100])
    expect(errorOf(await pd.call('/incidents/QNOTHERE'))).toEqual([404, 2100])
  })

  test('a write whose From is missing, malformed or nobody', async () => {
    const { pd, id } = await withIncident()
    await using _ = pd
    const as = (headers: Record<string, string>) =>
      pd.call(`/incidents/${id}`, { method: 'PUT', data: put('resolved'), headers })
    const missing = await as({})
    expect([missing.status, missing.data.error.errors]).toEqual([
      400,
      ["You must specify a user's email address in the From header"],
    ])
    expect(errorOf(await as({ From: 'rescue' }))).toEqual([400, 1028])
    expect(errorOf(await as({ From: 'nobody@porttrack.example' }))).toEqual([400, 1008])
    expect(pagedOf(pd.server)[0]?.status).toBe('triggered')
  })

  test('the 961st request of a minute with ratelimit headers, and too many /oncalls without', async () => {
    await using pd = await pagerduty()
    const headers = { Authorization: `Token token=${apiToken}`, Accept: 'application/vnd.pagerduty+json;version=2' }
    const get = async (path: string) => {
      const response = await fetch(`${pd.server.url}${path}`, { headers })
      await response.arrayBuffer()
      return response
    }
    let onCall = await get('/oncalls')
    for (let sent = 1; sent < 241; sent++) onCall = await get('/oncalls')
    expect([onCall.status, onCall.headers.get('ratelimit-limit')]).toEqual([429, null])
    let last = await get('/services')
    for (let sent = 241; sent < 961; sent++) last = await get('/services')
    expect([last.status, last.headers.get('ratelimit-limit'), last.headers.get('ratelimit-remaining')]).toEqual([
      429,
      '960',
      '0',
    ])
  })
})

describe('who is on call', () => {
  test('comes by level, with telephone numbers when users are included', async () => {
    await using pd = await pagerduty()
    const policy = (await pd.call('/escalation_policies')).data.escalation_policies[0]
    const { data } = await pd.call(`/oncalls?escalation_policy_ids[]=${policy.id}&include[]=users&earliest=true`)
    expect(data.oncalls.map((one: { escalation_level: number }) => one.escalation_level)).toEqual([1, 2])
    expect(data.oncalls[0].user.contact_methods[0]).toMatchObject({ country_code: 34, address: '600555123' })
    expect((await pd.call('/oncalls?escalation_policy_ids[]=PNONE')).data.oncalls).toEqual([])
  })

  test('a level that names nobody does not start', async () => {
    await expect(pagerduty({ levels: [['luis'], ['nobody']] })).rejects.toThrow(
      'level 2 names somebody unknown: nobody',
    )
  })
})
