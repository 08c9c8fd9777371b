import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { box, closePages, command, describeInBrowser, faultsOf, launch, open, soon } from './browser.ts'
import { startWorld, type World } from './world.ts'

describeInBrowser('typing a command', () => {
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

  test('hints appear at the slash, narrow while one types, and Tab completes the chosen one', async () => {
    const page = await open(browser, world)
    await box(page).pressSequentially('/')
    const hints = page.getByRole('option')
    await soon(() => hints.count()).toBe(4)
    await box(page).pressSequentially('r')
    await soon(() => hints.count()).toBe(2)
    await box(page).press('ArrowDown')
    await soon(() => page.locator('.hint-active').textContent()).toContain('/rescue')
    await box(page).press('Tab')
    expect(await box(page).inputValue()).toBe('/rescue ')
    // With arguments behind it the hint only explains.
    await soon(() => page.locator('.hints').textContent()).toContain('[help|runs|run')
    await box(page).press('Escape')
    await soon(() => page.locator('.hints').count()).toBe(0)
    expect(faultsOf(page)).toEqual([])
  })

  test('the app hears it once and its answer stands in the channel', async () => {
    const page = await open(browser, world)
    await command(page, '/rollback porttrack-app to 41')
    await page.getByRole('button', { name: 'Roll back to 41' }).last().waitFor()
    expect(world.heard.commands.filter((text) => text === 'porttrack-app to 41')).toHaveLength(1)
    expect(await box(page).inputValue()).toBe('')
  })

  test('a private answer is marked, seen by nobody else, and can be dismissed', async () => {
    const page = await open(browser, { ...world, who: 'luis', place: 'C0GENERAL' })
    await command(page, '/status')
    const line = page.locator('.message-private', { hasText: '3 of 3 pods ready' })
    await soon(() => line.textContent()).toContain('Solo lo ves tú')
    const other = await open(browser, { ...world, who: 'ana', place: 'C0GENERAL' })
    await other.locator('.beginning').waitFor()
    expect(await other.locator('.message-private').count()).toBe(0)
    await line.getByRole('button', { name: 'Descartar el mensaje' }).click()
    await soon(() => line.count()).toBe(0)
    await page.reload()
    await page.locator('.beginning').waitFor()
    expect(await line.count()).toBe(0)
  })

  test('an app that does not answer in time shows as the small private line', async () => {
    const page = await open(browser, { ...world, place: 'C0GENERAL' })
    await command(page, '/silent')
    await soon(() => page.locator('.message-private').last().textContent()).toContain(
      '/silent failed with the error "operation_timeout"',
    )
  })

  test('an unknown command is said, sent to nobody, and stays in the box', async () => {
    const page = await open(browser, { ...world, place: 'C0GENERAL' })
    await command(page, '/rolback now')
    await soon(() => page.locator('.message-private').last().textContent()).toContain('/rolback is not a command here.')
    expect(await box(page).inputValue()).toBe('/rolback now')
  })

  test('a draft waits in its channel', async () => {
    const page = await open(browser, world)
    await box(page).fill('half a “thought” -- ')
    await page.getByRole('button', { name: 'general', exact: true }).click()
    await soon(() => box(page).inputValue()).toBe('')
    await page.getByRole('button', { name: /^porttrack-ops/ }).click()
    await soon(() => box(page).inputValue()).toBe('half a “thought” -- ')
  })
})
