import pg from 'pg'
import { sendJson } from '../http/answers.ts'
import type { Server } from '../http/exchange.ts'

const arrivals = `select v.name, b.berth, b.arrives_at from bookings b join vessels v on v.id = b.vessel_id
  where b.arrives_at > now() order by b.arrives_at limit 8`

/**
 * A small application of the database at `/app/`: its page asks ten times a second and shows whether it got an answer, and
 * the longest time without one. `/app/health` is what a health check asks.
 */
export function mountClientApp(server: Server, url: string): { stop(): Promise<void> } {
  const pool = new pg.Pool({
    connectionString: url,
    max: 4,
    connectionTimeoutMillis: 2_000,
    application_name: 'porttrack-app',
  })
  // A connection that the exchange of databases ends is taken out of the pool; the next one is made anew.
  pool.on('error', () => undefined)
  server.mount('/app', async ({ path, rest, response }) => {
    if (path === '/app') {
      response.writeHead(302, { location: '/app/' })
      return void response.end()
    }
    if (rest === 'api/arrivals' || rest === 'health') {
      try {
        const { rows } = await pool.query<Record<string, unknown>>(rest === 'health' ? 'select 1' : arrivals)
        return sendJson(response, { ok: true, rows })
      } catch (error) {
        const why = error instanceof Error ? error.message : 'unknown'
        return sendJson(response, { ok: false, why }, 503)
      }
    }
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    response.end(page)
  })
  return { stop: () => pool.end() }
}

const page = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>PortTrack arrivals</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem }
  table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .4rem .5rem; border-bottom: 1px solid #8884 }
  .bad { color: #c22 } dl { display: flex; gap: 2rem } dt { font-size: .8rem; opacity: .7 } dd { margin: 0; font-size: 1.4rem }
</style>
<h1>PortTrack arrivals</h1>
<p id="state" role="status">asking…</p>
<dl><div><dt>answers</dt><dd id="ok">0</dd></div><div><dt>failed</dt><dd id="failed">0</dd></div><div><dt>longest silence</dt><dd id="gap">0 ms</dd></div></dl>
<table><thead><tr><th>Vessel</th><th>Berth</th><th>Arrives</th></tr></thead><tbody id="rows"></tbody></table>
<script type="module">
  let [ok, failed, gap, last] = [0, 0, 0, performance.now()]
  const at = (id) => document.getElementById(id)
  for (;;) {
    try {
      const answer = await fetch('api/arrivals')
      const body = await answer.json()
      if (!answer.ok) throw new Error(body.why)
      const now = performance.now()
      ok++; gap = Math.max(gap, now - last); last = now
      at('state').textContent = 'The database answers.'; at('state').className = ''
      at('rows').replaceChildren(...body.rows.map((row) => {
        const line = document.createElement('tr')
        line.append(...[row.name, row.berth, new Date(row.arrives_at).toLocaleString()].map((text) => Object.assign(document.createElement('td'), { textContent: text })))
        return line
      }))
    } catch (error) {
      failed++; gap = Math.max(gap, performance.now() - last)
      at('state').textContent = 'No answer: ' + error.message; at('state').className = 'bad'
    }
    at('ok').textContent = ok; at('failed').textContent = failed; at('gap').textContent = Math.round(gap) + ' ms'
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
</script></html>`
