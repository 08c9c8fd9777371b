import type { Browser, Page } from 'playwright-core'
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
import { startWorld, type World } from './world.ts'

describeInBrowser('a modal', () => {
  let browser: Browser
  let world: World
  beforeAll(async () => {
    browser = await launch()
    world = await startWorld()
  })
  afterEach(() => closePages(browser))
  afterAll(async () => {
    await browser?.close()
    await world?.stop()
  })

  const opened = async (page: Page) => {
    await command(page, '/rollback')
    const dialog = page.getByRole('dialog', { name: 'Roll back' })
    await dialog.waitFor()
    return dialog
  }

  test('is filled, refused by the form, refused by the app, then taken, with what was typed', async () => {
    const page = await open(browser, world)
    const dialog = await opened(page)
    await dialog.getByRole('button', { name: 'See the plan' }).click()
    await expect
      .poll(() => dialog.getByRole('alert').allTextContents())
      .toEqual(['Please complete this required field.', 'Please complete this required field.'])
    await dialog.getByRole('button', { name: /^App:/ }).click()
    await page.getByRole('option', { name: 'porttrack-worker' }).click()
    await dialog.getByRole('radio', { name: /40/ }).check()
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('no')
    await dialog.getByRole('button', { name: /^Tell:/ }).click()
    await page.getByRole('option', { name: 'Ana Ruiz' }).click()
    await page.keyboard.press('Escape')
    expect(await seriousFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'See the plan' }).click()
    await soon(() => dialog.getByRole('alert').allTextContents()).toEqual(['Say why in more than two letters.'])
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('2.8.0 crashes')
    await soon(() => dialog.getByRole('alert').count()).toBe(0)
    await dialog.getByRole('button', { name: 'See the plan' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(world.heard.submissions.at(-1)).toMatchObject({
      app: { app: { selected_option: { value: 'porttrack-worker' } } },
      revision: { revision: { selected_option: { value: '40' } } },
      reason: { reason: { value: '2.8.0 crashes' } },
      notify: { notify: { selected_users: ['U0ANA'] } },
    })
    expect(faultsOf(page)).toEqual([])
  })

  test('pushes a second one over it; closing that shows the first again with its values', async () => {
    const page = await open(browser, world)
    const dialog = await opened(page)
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('kept')
    await dialog.getByRole('button', { name: 'Compare the templates' }).click()
    const second = page.getByRole('dialog', { name: 'Templates' })
    await second.waitFor()
    await soon(() => second.getByRole('note').textContent()).toContain('Warning')
    await soon(() => second.locator('code').allTextContents()).toEqual(['2.8.0', '2.7.3'])
    await second.locator('footer').getByRole('button', { name: 'Back' }).click()
    await soon(() => dialog.getByRole('textbox', { name: 'Reason' }).inputValue()).toBe('kept')
    // The workspace must hear of it before the page goes, or the next page finds the modal still open.
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  test('keeps the focus inside, closes with Escape, tells the app, and gives the focus back', async () => {
    const page = await open(browser, world)
    const dialog = await opened(page)
    const before = world.heard.closed.length
    await soon(() => page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('App: Choose an app')
    for (let press = 0; press < 16; press++) {
      await page.keyboard.press('Tab')
      const where = await page.evaluate('document.activeElement.closest("dialog") !== null')
      expect(where).toBe(true)
    }
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await soon(() => world.heard.closed.length).toBe(before + 1)
    await soon(() => box(page).evaluate('document.activeElement.id')).toBe('message-box')
  })

  test('counts what is left of a limited text and takes no more', async () => {
    const page = await open(browser, world)
    const dialog = await opened(page)
    const field = dialog.getByRole('textbox', { name: 'Reason' })
    await field.fill('x'.repeat(58))
    await soon(() => dialog.locator('.counter').textContent()).toBe('2 left')
    await field.pressSequentially('yyyy')
    expect((await field.inputValue()).length).toBe(60)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })
})
