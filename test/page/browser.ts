import { existsSync } from 'node:fs'
import axe from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'
import { describe, expect } from 'vitest'

const executablePath = process.env['RESCUE_CHROMIUM'] ?? '/usr/bin/chromium'
const found = existsSync(executablePath)
if (!found && process.env['RESCUE_REQUIRE_REAL'] === '1')
  throw new Error(`no Chromium at ${executablePath}: apt-get install -y chromium`)

/** Scenarios in a real browser; without one they are skipped, and the name says what to install. */
export const describeInBrowser = (name: string, body: () => void): void =>
  found ? void describe(name, body) : void describe.skip(`${name} (skipped: apt-get install -y chromium)`, body)

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  })

type Look = {
  readonly url: string
  readonly who?: string
  readonly width?: number
  readonly dark?: boolean
  readonly place?: string
}

/** A page of its own for one scenario; a fault in its scripts fails the scenario (see `faultsOf`). */
export async function open(
  browser: Browser,
  { url, who = 'marta', width = 1280, dark = false, place = 'C0OPS' }: Look,
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    colorScheme: dark ? 'dark' : 'light',
    hasTouch: width < 500,
  })
  const page = await context.newPage()
  const faults: string[] = []
  pageFaults.set(page, faults)
  page.on('pageerror', (error) => faults.push(error.message))
  page.on(
    'console',
    (message) => message.type() === 'error' && !isRefusal(message.text()) && faults.push(message.text()),
  )
  page.setDefaultTimeout(8000)
  await page.goto(`${url}/#${who}/${place}`)
  await page.locator('.bar').first().waitFor()
  return page
}

/** The browser reports every HTTP refusal as an error; a refused scenario is part of a test. */
const isRefusal = (text: string) => text.startsWith('Failed to load resource')

const pageFaults = new WeakMap<Page, string[]>()

/** What went wrong in the page's own scripts. */
export const faultsOf = (page: Page): readonly string[] => pageFaults.get(page) ?? []

type Finding = {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly target: readonly string[] }[]
}

/** What axe finds serious or critical, as short lines. The page's CSP forbids foreign scripts, so axe comes in by the debugger. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const violations: Finding[] = await page.evaluate('axe.run().then((found) => found.violations)')
  return violations
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`)
}

export const box = (page: Page) => page.locator('#message-box')

/** Types a command and sends it, past the hints. */
export async function command(page: Page, text: string): Promise<void> {
  await box(page).fill(text)
  await box(page).press('Enter')
}

/** Asks until it holds, for as long as a loaded machine may need. */
export const soon = <T>(read: () => T) => expect.poll(read, { timeout: 12_000 })

/** People of one scenario must not go on reading channels in the next. */
export async function closePages(browser: Browser): Promise<void> {
  for (const context of browser.contexts()) await context.close()
}
