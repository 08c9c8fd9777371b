import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  box,
  closePages,
  command,
  describeInBrowser,
  faultsOf,
  launch,
  open,
  seriousFindings,
  soon,
} from './browser.ts'
import { planCard } from './cards.ts'
import { startWorld, type World } from './world.ts'

describeInBrowser('the page', () => {
  let browser: Browser
  let world: World
  beforeAll(async () => {
    browser = await launch()
    world = await startWorld()
    await world.client.chat.postMessage({ channel: 'C0OPS', text: 'Plan', blocks: planCard })
  })
  afterEach(() => closePages(browser))
  afterAll(async () => {
    await browser?.close()
    await world?.stop()
  })

  test('speaks the language of the person who sits there, in their time', async () => {
    const page = await open(browser, world)
    await page.getByRole('button', { name: /Marta Vidal/ }).click()
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('menuitemradio', { name: /Invitado/ }).click()
    await soon(() => page.locator('.sidebar').textContent()).toContain('solo puede mirar')
    await soon(() => page.locator('html').getAttribute('lang')).toBe('es-ES')
    await soon(() => page.locator('.day').first().textContent()).toBe('Hoy')
    await page.reload()
    await soon(() => page.locator('.person-name').textContent()).toBe('Invitado')
  })

  test('shows the home that the app publishes', async () => {
    const page = await open(browser, world)
    await page.getByRole('button', { name: 'Home' }).click()
    await page.getByRole('button', { name: 'Roll back' }).click()
    await soon(() => world.heard.actions.at(-1)?.action_id).toBe('home:roll')
    expect(await seriousFindings(page)).toEqual([])
  })

  test('the panel plays scenarios, shows the cluster, and answers pages', async () => {
    const page = await open(browser, world)
    await page.getByRole('button', { name: /Break a release/ }).click()
    await soon(() => page.locator('[data-scenario="bad-release"]').textContent()).toContain('Done')
    expect(world.panel.ran).toEqual(['bad-release'])
    await page.getByRole('button', { name: /This one fails/ }).click()
    await soon(() => page.locator('[data-scenario="broken"]').textContent()).toContain('Did not work')
    await page.getByRole('tab', { name: 'Cluster' }).click()
    await expect
      .poll(() => page.locator('.app').first().textContent())
      .toMatch(/porttrack-app1 of 3 ready.*CrashLoopBackOff, 4 restarts, on node-b/s)
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('tab', { name: 'Paging' }).click()
    await page.getByRole('button', { name: /^Acknowledge/ }).click()
    await soon(() => page.locator('.incident-state').textContent()).toContain('Acknowledged by Luis Ortega')
    expect(world.panel.asked).toEqual([{ incident: 'Q1', action: 'acknowledge', user: 'ana' }])
    expect(await seriousFindings(page)).toEqual([])
  })

  test('remembers that the panel was closed', async () => {
    const page = await open(browser, world)
    await page.locator('.panel').getByRole('button', { name: 'Hide the sandbox panel' }).click()
    await soon(() => page.locator('.panel').count()).toBe(0)
    await page.reload()
    await box(page).waitFor()
    expect(await page.locator('.panel').count()).toBe(0)
  })

  test('at 390 px has a drawer and a sheet, nothing beyond the edge, and passes axe', async () => {
    const page = await open(browser, { ...world, width: 390 })
    await box(page).waitFor()
    const beyond = () => page.evaluate('document.documentElement.scrollWidth > innerWidth')
    expect(await beyond()).toBe(false)
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Open the sidebar' }).click()
    await page.getByRole('button', { name: 'general', exact: true }).click()
    await soon(() => page.getByRole('heading', { name: 'general' }).count()).toBe(1)
    await soon(() => page.locator('.sidebar').isVisible()).toBe(false)
    await page.getByRole('button', { name: 'Show the sandbox panel' }).click()
    await page.getByRole('button', { name: /Break a release/ }).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.press('Escape')
    await soon(() => page.locator('.panel').count()).toBe(0)
    await command(page, '/rollback')
    const dialog = page.getByRole('dialog', { name: 'Roll back' })
    await dialog.waitFor()
    expect(await dialog.evaluate((element) => element.getBoundingClientRect().width)).toBe(390)
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(faultsOf(page)).toEqual([])
  })

  test('a whole rollback goes by keyboard alone', async () => {
    const page = await open(browser, { ...world, place: 'C0DEPLOYS' })
    await page.keyboard.press('Tab')
    await soon(() => page.evaluate('document.activeElement !== document.body')).toBe(true)
    await box(page).focus()
    await page.keyboard.type('/rol')
    await page.locator('.hint-active').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type('porttrack-app to 41')
    await page.keyboard.press('Enter')
    const go = page.getByRole('button', { name: 'Roll back to 41' })
    await go.waitFor()
    for (
      let press = 0;
      press < 40 && !(await go.evaluate('document.activeElement.textContent.includes("Roll back to 41")'));
      press++
    )
      await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Roll back porttrack-app?' }).waitFor()
    // The way out has the focus first.
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Not now')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await soon(() => page.locator('.place .messages').textContent()).toContain('R-0042 · Confirmed')
  })

  test('serves its own files only, under a policy without inline scripts', async () => {
    const answer = await fetch(`${world.url}/`)
    expect(answer.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self' 'sha256-[^']+'; style-src 'self'/,
    )
    for (const path of [
      '/client/../mount.ts',
      '/client/nothing.ts',
      '/styles/nothing.css',
      '/lib/pg.js',
      '/package.json',
    ])
      expect((await fetch(`${world.url}${path}`)).status).toBe(404)
    expect(await (await fetch(`${world.url}/client/main.ts`)).text()).not.toContain('import type')
  })
})
