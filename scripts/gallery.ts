import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { type Browser, chromium } from 'playwright-core'
import { createServer } from '../sandbox/http/server.ts'
import { mountPage } from '../sandbox/page/mount.ts'
import { people } from '../sandbox/people.ts'
import { startWorkspace } from '../sandbox/slack/start.ts'
import type { Language } from '../src/catalog/schema.ts'
import { openLanes } from '../src/services/slack/lanes.ts'
import { postMessage } from '../src/services/slack/post.ts'
import { allCards } from '../test/unit/texts/cards.ts'
import { now } from '../test/unit/texts/examples.ts'

/**
 * Every card in both languages in a local workspace, to look at: `node scripts/gallery.ts` serves it until it is ended,
 * `--out FOLDER` takes pictures of it with Chromium and ends.
 */
const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    width: { type: 'string', default: '1280' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
})

const perChannel = 5
const languages: readonly Language[] = ['es', 'en']
const rooms = languages.flatMap((language) => {
  const cards = Object.entries(allCards({ language, now }))
  return Array.from({ length: Math.ceil(cards.length / perChannel) }, (_, index) => ({
    id: `C0GALLERY${language.toUpperCase()}${index}`,
    name: `gallery-${language}-${String(index).padStart(2, '0')}`,
    cards: cards.slice(index * perChannel, (index + 1) * perChannel),
  }))
})

const server = await createServer({ port: 0 })
const workspace = await startWorkspace({
  server,
  manifest: fileURLToPath(new URL('../manifest.yml', import.meta.url)),
  people,
  channels: [
    { id: 'C0OPS', name: 'porttrack-ops' },
    { id: 'C0INC', name: 'inc-20261124-01-porttrack-app' },
    ...rooms.map(({ id, name }) => ({ id, name })),
  ],
})
mountPage(server)
const { state } = openLanes({
  token: workspace.botToken,
  apiUrl: workspace.slackApi,
  log: pino({ level: 'silent' }),
})
for (const { id, cards } of rooms)
  for (const [name, card] of cards) {
    const posted = await postMessage(state, { channel: id, key: name, ...card })
    if (posted.kind !== 'ok') console.error(`"${name}" in ${id}: ${JSON.stringify(posted)}`)
  }

if (values.out === undefined) console.log(`${server.url}/`)
else {
  await mkdir(values.out, { recursive: true })
  const browser = await chromium.launch({ executablePath: values.chromium, args: ['--no-sandbox', '--disable-gpu'] })
  await takePictures(browser, values.out)
  await browser.close()
  await workspace.stop()
  await server.close()
}

async function takePictures(browser: Browser, folder: string): Promise<void> {
  for (const { id, name, cards } of rooms) {
    const page = await browser.newPage({ viewport: { width: Number(values.width), height: 1500 } })
    await page.goto(`${server.url}/#ana/${id}`)
    await page
      .locator('.message .message-body')
      .nth(cards.length - 1)
      .waitFor()
    await page.screenshot({ path: join(folder, `${name}.png`) })
    await page.close()
  }
}
