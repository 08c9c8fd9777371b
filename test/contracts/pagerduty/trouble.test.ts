import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { pagedOf, pagerduty, trigger, until } from './helpers.ts'

describe('when nobody acknowledges', () => {
  test('the second level is paged; an acknowledged incident stays where it is', async () => {
    await using pd = await pagerduty({ escalateAfterMs: 250 })
    await pd.enqueue(trigger('ignored'))
    await until('escalated', () => pagedOf(pd.server)[0]?.paged.length === 2)
    await pd.enqueue(trigger('answered'))
    await pd.enqueue({ event_action: 'acknowledge', dedup_key: 'answered' })
    await pd.enqueue(trigger('also ignored'))
    await until('the later one escalated', () => pagedOf(pd.server)[0]?.paged.length === 2)
    expect(pagedOf(pd.server)[1]).toEqual({ status: 'acknowledged', paged: ['luis'] })
  })
})

describe('a person on call', () => {
  test('acknowledges and resolves; what is resolved already is said', async () => {
    await using pd = await pagerduty()
    await pd.enqueue(trigger('a'))
    const id = pd.server.pagingSummary().incidents[0]?.id ?? ''
    expect(pd.server.act(id, 'acknowledge', 'luis')).toBeUndefined()
    expect(pd.server.pagingSummary().incidents[0]?.acknowledgedBy).toBe('Luis Vega')
    expect(pd.server.act(id, 'resolve', 'luis')).toBeUndefined()
    expect(pd.server.act(id, 'resolve', 'luis')).toBe('already_resolved')
    expect(pd.server.act('Q0', 'resolve', 'luis')).toBe('unknown_incident')
  })
})

describe('faults', () => {
  test('are met once each, in order, and the unused are told', async () => {
    await using pd = await pagerduty()
    pd.server.faults.add({ path: '/v2/enqueue', answer: { status: 500 } })
    pd.server.faults.add({ path: '/incidents', answer: 'reset' })
    expect((await pd.enqueue(trigger('a'))).status).toBe(500)
    expect((await pd.enqueue(trigger('a'))).status).toBe(202)
    expect(pd.server.faults.unused()).toHaveLength(1)
    await expect(pd.call('/incidents')).rejects.toThrow()
    expect(pd.server.faults.unused()).toEqual([])
  })

  test('accepted-then-reset pages although the caller saw a broken connection; accepted-not-paged the reverse', async () => {
    await using pd = await pagerduty()
    pd.server.faults.add({ path: '/v2/enqueue', answer: 'accepted-then-reset' })
    await expect(pd.enqueue(trigger('a'))).rejects.toThrow()
    expect(pagedOf(pd.server)).toHaveLength(1)
    pd.server.faults.add({ path: '/v2/enqueue', answer: 'accepted-not-paged' })
    expect((await pd.enqueue(trigger('b'))).status).toBe(202)
    expect(pagedOf(pd.server)).toHaveLength(1)
  })

  test('can be queued over HTTP; a wrong one is refused', async () => {
    await using pd = await pagerduty()
    const post = (body: object) =>
      fetch(`${pd.server.url}/sandbox/faults`, { method: 'POST', body: JSON.stringify(body) })
    expect((await post({ path: '/oncalls', answer: { status: 503 } })).status).toBe(200)
    expect((await post({ path: '/oncalls', answer: 'explode' })).status).toBe(400)
    expect((await pd.call('/oncalls')).status).toBe(503)
  })

  test('an outage answers HTML with 503 to everything, and ends', async () => {
    await using pd = await pagerduty()
    pd.server.away(true)
    // The client rejects with the response itself when the body is not JSON.
    await expect(pd.enqueue(trigger('a'))).rejects.toMatchObject({ status: 503 })
    pd.server.away(false)
    expect((await pd.enqueue(trigger('a'))).status).toBe(202)
  })

  test('pages of other sites are refused', async () => {
    await using pd = await pagerduty()
    const answer = await fetch(`${pd.server.url}/sandbox/away`, {
      method: 'POST',
      headers: { origin: 'https://elsewhere.example' },
      body: '{"away":true}',
    })
    expect([answer.status, pd.server.pagingSummary().away]).toEqual([403, false])
  })
})

describe('webhooks', () => {
  test('are signed, and come again with the same id until they are answered', async () => {
    const got: { id: unknown; signed: boolean; type: string }[] = []
    const receiver = createServer(async (request, response) => {
      const body = (await request.toArray()).join('')
      const expected = `v1=${createHmac('sha256', 'hush').update(body).digest('hex')}`
      got.push({
        id: request.headers['x-webhook-id'],
        signed: request.headers['x-pagerduty-signature'] === expected,
        type: JSON.parse(body).event.event_type,
      })
      response.writeHead(got.length === 1 ? 500 : 202).end()
    })
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
    try {
      await using pd = await pagerduty({ webhook: { url, secret: 'hush' } })
      await pd.enqueue(trigger('a'))
      await until('delivered twice', () => got.length === 2)
      expect(got.map(({ signed, type }) => ({ signed, type }))).toEqual([
        { signed: true, type: 'incident.triggered' },
        { signed: true, type: 'incident.triggered' },
      ])
      expect(got[0]?.id).toBe(got[1]?.id)
    } finally {
      receiver.closeAllConnections()
      receiver.close()
    }
  })
})

describe('the page at the root', () => {
  test('says who was paged, and shows outside text as text', async () => {
    await using pd = await pagerduty()
    await pd.enqueue(trigger('a', { summary: '<script>alert(1)</script>' }))
    const page = await (await fetch(pd.server.url)).text()
    expect(page).toContain('Luis Vega, level 1')
    expect(page).toContain('&lt;script&gt;alert(1)')
    expect(page).not.toContain('<script>')
  })
})
