import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { type Browser, chromium, type Page } from 'playwright-core'
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
 * `--out FOLDER` takes pictures of it (with Chromium) and ends.
 */
const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    width: { type: 'string', default: '1280' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
})

const languages: readonly Language[] = ['es', 'en']
const channelOf = (language: Language) => ({ id: `C0GALLERY${language.toUpperCase()}`, name: `gallery-${language}` })

const server = await createServer({ port: 0 })
const manifest = fileURLToPath(new URL('../manifest.yml', import.meta.url))
const workspace = await startWorkspace({
  server,
  manifest,
  people,
  channels: [
    { id: 'C0OPS', name: 'porttrack-ops' },
    { id: 'C0INC', name: 'inc-20261124-01-porttrack-app' },
    ...languages.map(channelOf),
  ],
})
mountPage(server)
const lanes = openLanes({ token: workspace.botToken, apiUrl: workspace.slackApi, log: pino({ level: 'silent' }) })
for (const language of languages)
  for (const [name, card] of Object.entries(allCards({ language, now }))) {
    const posted = await postMessage(lanes.state, { channel: channelOf(language).id, key: name, ...card })
    if (posted.kind !== 'ok') console.error(`${language} "${name}": ${JSON.stringify(posted)}`)
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
  for (const language of languages) {
    const page = await browser.newPage({ viewport: { width: Number(values.width), height: 1500 }, locale: language })
    await page.goto(`${server.url}/`)
    await open(page, channelOf(language).name)
    const moments = await page
      .locator('.message')
      .evaluateAll((all) => all.map((element) => element.getAttribute('data-ts') ?? ''))
    for (let first = 0; first < moments.length; first += 5) {
      await page
        .locator(`.message[data-ts="${moments[first]}"]`)
        .evaluate((element) => element.scrollIntoView({ block: 'start' }))
      await page.screenshot({ path: join(folder, `${language}-${String(first).padStart(3, '0')}.png`) })
    }
    await page.close()
  }
}

async function open(page: Page, channel: string): Promise<void> {
  await page.getByText(channel).first().click()
  await page.locator('.message').first().waitFor()
}
