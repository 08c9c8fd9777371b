const panel = (question: string, title: string, engine: string): string => `
<section data-question="api/${question}">
  <h2>${title}</h2><p class="engine">${engine}</p>
  <p class="state" role="status">asking…</p>
  <dl><div><dt>answers</dt><dd class="ok">0</dd></div><div><dt>failed</dt><dd class="failed">0</dd></div>
    <div><dt>longest silence</dt><dd class="gap">0 ms</dd></div></dl>
  <table><thead><tr></tr></thead><tbody></tbody></table>
</section>`

/** The page of the application: one panel a database, each with a loop of its own. */
export const clientPage = (withDocuments: boolean): string => `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>PortTrack</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem }
  main { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem 3rem }
  h2 { margin-bottom: 0 } .engine { margin: 0; opacity: .7; font-size: .85rem }
  table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .4rem .5rem; border-bottom: 1px solid #8884 }
  .bad { color: #c22 } dl { display: flex; gap: 2rem } dt { font-size: .8rem; opacity: .7 } dd { margin: 0; font-size: 1.4rem }
</style>
<h1>PortTrack</h1>
<main>${panel('arrivals', 'Arrivals', 'PostgreSQL · porttrack')}${withDocuments ? panel('documents', 'Documents', 'MongoDB · porttrack_nosql') : ''}</main>
<script type="module">
  const told = (value) => /^\\d{4}-\\d\\d-\\d\\dT/.test(value) ? new Date(value).toLocaleString() : String(value ?? '')
  const row = (cells, kind) => {
    const line = document.createElement('tr')
    line.append(...cells.map((text) => Object.assign(document.createElement(kind), { textContent: text })))
    return line
  }
  for (const section of document.querySelectorAll('section')) follow(section)
  async function follow(section) {
    const at = (name) => section.querySelector(name)
    let [ok, failed, gap, last] = [0, 0, 0, performance.now()]
    for (;;) {
      try {
        const answer = await fetch(section.dataset.question)
        const body = await answer.json()
        if (!answer.ok) throw new Error(body.why)
        const now = performance.now()
        ok++; gap = Math.max(gap, now - last); last = now
        at('.state').textContent = 'The database answers.'; at('.state').className = 'state'
        at('thead').replaceChildren(row(Object.keys(body.rows[0] ?? {}), 'th'))
        at('tbody').replaceChildren(...body.rows.map((each) => row(Object.values(each).map(told), 'td')))
      } catch (error) {
        failed++; gap = Math.max(gap, performance.now() - last)
        at('.state').textContent = 'No answer: ' + error.message; at('.state').className = 'state bad'
      }
      at('.ok').textContent = ok; at('.failed').textContent = failed; at('.gap').textContent = Math.round(gap) + ' ms'
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
</script></html>`
