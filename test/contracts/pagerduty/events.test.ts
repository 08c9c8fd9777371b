import { describe, expect, test } from 'vitest'
import { pagedOf, pagerduty, routingKey, trigger } from './helpers.ts'

describe('an event through the Events API', () => {
  test('is accepted, becomes one incident and pages the first level once, however often it comes', async () => {
    await using pd = await pagerduty()
    const first = await pd.enqueue(trigger('porttrack/production/7'))
    expect([first.status, first.data]).toEqual([
      202,
      { status: 'success', message: 'Event processed', dedup_key: 'porttrack/production/7' },
    ])
    await pd.enqueue(trigger('porttrack/production/7', { summary: 'again' }))
    expect(pagedOf(pd.server)).toEqual([{ status: 'triggered', paged: ['luis'] }])
  })

  test('after a resolve opens a new incident', async () => {
    await using pd = await pagerduty()
    await pd.enqueue(trigger('a'))
    await pd.enqueue({ event_action: 'resolve', dedup_key: 'a' })
    await pd.enqueue(trigger('a'))
    expect(pagedOf(pd.server).map((one) => one.status)).toEqual(['triggered', 'resolved'])
  })

  test('without dedup_key gets one', async () => {
    await using pd = await pagerduty()
    const { dedup_key: _, ...event } = trigger('unused')
    const answer = await pd.enqueue(event)
    expect(answer.data.dedup_key).toMatch(/^[0-9a-f]{32}$/)
  })

  test('that acknowledges or resolves what is unknown, closed or of another key is dropped silently', async () => {
    await using pd = await pagerduty()
    await pd.enqueue(trigger('a'))
    const other = await pd.enqueue({ event_action: 'resolve', dedup_key: 'a', routing_key: 'X'.repeat(32) })
    const unknown = await pd.enqueue({ event_action: 'acknowledge', dedup_key: 'never' })
    expect([other.status, unknown.status]).toEqual([202, 202])
    expect(pagedOf(pd.server)).toEqual([{ status: 'triggered', paged: ['luis'] }])
  })

  const good = trigger('k')
  test.each([
    ['no routing key', { ...good, routing_key: '' }, "'routing_key' is missing or blank"],
    [
      'a short routing key',
      { ...good, routing_key: 'abc' },
      "Length of 'routing_key' is incorrect (should be 32 characters)",
    ],
    ['an unknown routing key', { ...good, routing_key: 'X'.repeat(32) }, 'Invalid routing key'],
    [
      'an unknown action',
      { ...good, event_action: 'page' },
      "'event_action' is invalid (must be one of: 'trigger', 'acknowledge' or 'resolve')",
    ],
    ['a resolve without key', { event_action: 'resolve' }, "'dedup_key' is missing or blank"],
    ['a key of 256 characters', trigger('k'.repeat(256)), "Length of 'dedup_key' is greater than 255 characters"],
    ['no payload', { event_action: 'trigger' }, "'payload' is missing or blank"],
    ['no summary', trigger('k', { summary: ' ' }), "'payload.summary' is missing or blank"],
    [
      'a summary of 1025 characters',
      trigger('k', { summary: 's'.repeat(1025) }),
      "Length of 'payload.summary' is greater than 1024 characters",
    ],
    [
      'an unknown severity',
      trigger('k', { severity: 'sev1' }),
      "'payload.severity' is invalid (must be one of: 'critical', 'error', 'warning' or 'info')",
    ],
    [
      'a timestamp that is no date',
      trigger('k', { timestamp: 'now' }),
      "'payload.timestamp' is invalid (must be an ISO 8601 timestamp)",
    ],
    ['a link without href', { ...good, links: [{ text: 'x' }] }, "'links' is invalid (each needs 'href')"],
  ])('with %s is refused and pages nobody', async (_name, event, error) => {
    await using pd = await pagerduty()
    const answer = await pd.enqueue(event)
    expect([answer.status, answer.data]).toEqual([
      400,
      { status: 'invalid event', message: 'Event object is invalid', errors: [error] },
    ])
    expect(pagedOf(pd.server)).toEqual([])
  })

  test('with a summary of exactly 1024 characters pages', async () => {
    await using pd = await pagerduty()
    const answer = await pd.enqueue(trigger('k', { summary: 's'.repeat(1024) }))
    expect([answer.status, pagedOf(pd.server).length]).toEqual([202, 1])
  })

  test('over 512 KB is refused', async () => {
    await using pd = await pagerduty()
    const answer = await pd.enqueue(trigger('k', { custom_details: 'x'.repeat(513 * 1024) }))
    expect([answer.status, pagedOf(pd.server)]).toEqual([413, []])
  })

  test('number 121 of a minute is throttled', async () => {
    await using pd = await pagerduty()
    const post = () =>
      fetch(`${pd.server.url}/v2/enqueue`, {
        method: 'POST',
        body: JSON.stringify({ routing_key: routingKey, ...trigger('k') }),
      })
    const statuses = []
    for (let sent = 0; sent < 121; sent++) statuses.push((await post()).status)
    expect(statuses.slice(0, 120).every((status) => status === 202)).toBe(true)
    expect(statuses[120]).toBe(429)
  })

  test('never leaves its routing key in the log', async () => {
    await using pd = await pagerduty()
    await pd.enqueue(trigger('k'))
    expect(pd.server.log).toHaveLength(1)
    expect(JSON.stringify(pd.server.log)).not.toContain(routingKey)
  })
})
