import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { until } from '../scenarios/support/person.ts'
import { startWorld, type World } from '../scenarios/support/world.ts'
import { describeInBrowser, launch } from './browser.ts'

/** The main path as a person walks it: the page, the form, the button, the dialog, the incident channel. */
describeInBrowser('a bad release is undone on the page itself', () => {
  let world: World
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    world = await startWorld()
    browser = await launch()
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(world.page)
  }, 180_000)

  afterAll(async () => {
    await browser?.close()
    await world?.stop()
  }, 60_000)

  it('from one click that breaks it to the proof that it is healthy again', async () => {
    const before = await world.release()
    await page.getByRole('button', { name: /Romper una release/ }).click()
    await until('the bad release', async () => (await world.release()).image !== before.image, 40)
    await page.getByRole('navigation').getByText('porttrack-ops').click()
    await page.locator('textarea').first().click()
    await page.keyboard.type('/rollback porttrack-app')
    await page.keyboard.press('Enter')
    const form = page.getByRole('dialog')
    await form.getByText('la última sana').waitFor()
    await form.getByRole('button', { name: 'Mostrar el plan' }).click()
    await page
      .getByRole('button', { name: `Volver a la ${before.revision}` })
      .last()
      .click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: `Volver a la ${before.revision}` })
      .click()
    await until('the template is back', async () => (await world.release()).image === before.image, 40)
    await page.getByRole('navigation').getByText(/^inc-/).first().click()
    await page
      .getByText(/ha vuelto a la revisión/)
      .last()
      .waitFor({ timeout: 90_000 })
    expect((await world.release()).ready).toBe(3)
  }, 240_000)
})
