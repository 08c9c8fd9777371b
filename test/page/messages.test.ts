import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { closePages, describeInBrowser, faultsOf, launch, open, seriousFindings, soon } from './browser.ts'
import { gallery, planCard } from './cards.ts'
import { startLine } from './line.ts'
import { startWorld, type World } from './world.ts'

const channel = 'C0OPS'

describeInBrowser('messages', () => {
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

  const post = async (text: string, blocks?: typeof planCard) => {
    const sent = await world.client.chat.postMessage({ channel, text, ...(blocks && { blocks }) })
    return String(sent.ts)
  }

  test('a button asks first, waits for the app, and the card becomes what came of it', async () => {
    const page = await open(browser, world)
    const ts = await post('Plan', planCard)
    const card = page.locator(`[data-ts="${ts}"]`)
    await card.getByRole('button', { name: 'Roll back to 41' }).click()
    const question = page.getByRole('dialog', { name: 'Roll back porttrack-app?' })
    await question.getByRole('button', { name: 'Not now' }).click()
    await question.waitFor({ state: 'detached' })
    const heardBefore = world.heard.actions.filter((one) => one.action_id === 'confirm').length
    expect(heardBefore).toBe(0)
    await card.getByRole('button', { name: 'Roll back to 41' }).click()
    await question.getByRole('button', { name: 'Roll back', exact: true }).click()
    await soon(() => card.textContent()).toContain('R-0042 · Confirmed')
    // Every state of a task is a word beside its shape.
    for (const word of ['Done', 'In progress', 'Waiting', 'Failed']) expect(await card.textContent()).toContain(word)
    expect(world.heard.actions.filter((one) => one.action_id === 'confirm')).toEqual([
      { action_id: 'confirm', value: 'R-0042' },
    ])
    expect(faultsOf(page)).toEqual([])
  })

  test('a button whose app does not answer says so and can be pressed again', async () => {
    const page = await open(browser, world)
    const ts = await post('Choices', gallery[2]?.blocks)
    const button = page.locator(`[data-ts="${ts}"]`).getByRole('button', { name: /Keep waiting/ })
    await button.click()
    await soon(() => button.getAttribute('aria-busy')).toBe('true')
    await soon(() => button.textContent()).toContain('We had some trouble connecting')
    expect(await button.isEnabled()).toBe(true)
  })

  test('menus, selects, dates and checkboxes tell the app what was chosen', async () => {
    const page = await open(browser, world)
    const card = page.locator(`[data-ts="${await post('Choices', gallery[2]?.blocks)}"]`)
    await card.getByRole('button', { name: /Restore point/ }).click()
    await page.getByRole('group', { name: 'Yesterday' }).getByRole('option').click()
    const last = () => world.heard.actions.at(-1)
    await soon(last).toMatchObject({ action_id: 'pick', value: { value: 'c' } })
    await card.getByRole('button', { name: /From the app/ }).click()
    await page.getByRole('combobox', { name: 'Search' }).fill('et')
    await page.getByRole('option', { name: 'beta' }).click()
    await soon(last).toMatchObject({ action_id: 'external', value: { value: 'beta' } })
    await card.getByLabel('Date').fill('2026-04-01')
    await soon(last).toMatchObject({ action_id: 'date', value: '2026-04-01' })
    await card.getByRole('checkbox', { name: /Open an incident/ }).check()
    await soon(last).toMatchObject({ action_id: 'checks', value: [{ value: 'incident' }] })
    const plan = page.locator(`[data-ts="${await post('Plan', planCard)}"]`)
    await plan.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'See the template' }).click()
    await soon(last).toMatchObject({ action_id: 'menu', value: { value: 'template' } })
  })

  test('text from outside is text: no HTML, no javascript links, no pings forged with escapes', async () => {
    const page = await open(browser, world)
    const ts = await post(
      '<script>x</script> <img src=x onerror=alert(1)> <javascript:alert(1)|here> &lt;!channel&gt; *bold* `a*b*`',
    )
    const content = page.locator(`[data-ts="${ts}"] .message-content`)
    await content.waitFor()
    expect(await content.textContent()).toBe(
      '<script>x</script> <img src=x onerror=alert(1)> <javascript:alert(1)|here> <!channel> bold a*b*',
    )
    expect(await content.locator('script, img, a, .mention').count()).toBe(0)
    expect(await content.locator('strong').allTextContents()).toEqual(['bold'])
  })

  test('a reply opens a thread, is counted, and a command in it is refused as Slack does', async () => {
    const page = await open(browser, world)
    const ts = await post('Does the worker matter?')
    const message = page.locator(`.place [data-ts="${ts}"]`)
    await message.hover()
    await message.getByRole('button', { name: 'Reply in thread' }).click()
    const reply = page.locator('#reply-box')
    await reply.fill('It does')
    await reply.press('Enter')
    await soon(() => page.locator('.thread .message').last().textContent()).toContain('It does')
    await soon(() => message.locator('.replies').textContent()).toContain('1 reply')
    await reply.fill('/rollback porttrack-app')
    await reply.press('Enter')
    await expect
      .poll(() => page.locator('.thread .message-private').textContent())
      .toContain('/rollback is not supported in threads. Sorry!')
    expect(world.heard.commands).not.toContain('porttrack-app')
    // Nothing typed was lost; with the box empty, Escape leaves the thread.
    expect(await reply.inputValue()).toBe('/rollback porttrack-app')
    await reply.fill('')
    await reply.press('Escape')
    await soon(() => page.locator('.thread').count()).toBe(0)
  })

  test('a reaction is added, seen by others at once, and taken back', async () => {
    const [page, other] = [await open(browser, world), await open(browser, { ...world, who: 'ana' })]
    const ts = await post('React to this')
    const message = page.locator(`[data-ts="${ts}"]`)
    await message.hover()
    await message.getByRole('button', { name: 'Mark with a pin' }).click()
    const seen = other.locator(`[data-ts="${ts}"] .reaction`)
    await soon(() => seen.getAttribute('aria-label')).toBe('1 pushpin: Marta Vidal')
    await message.locator('.reaction').click()
    await soon(() => seen.count()).toBe(0)
  })

  test('the place one reads stays; new messages are counted until one goes down', async () => {
    const page = await open(browser, world)
    for (let line = 0; line < 30; line++) await post(`line ${line}`)
    const list = page.locator('.place .messages')
    await soon(() => list.textContent()).toContain('line 29')
    await list.evaluate('document.querySelector(".place .messages").scrollTo({ top: 0, behavior: "instant" })')
    await soon(() => list.evaluate((element) => element.scrollTop)).toBe(0)
    await world.person('message', { user: 'luis', channel, text: 'first below' })
    await world.person('message', { user: 'luis', channel, text: 'second below' })
    await soon(() => page.locator('.new-below').textContent()).toBe('2 new messages')
    expect(await list.evaluate((element) => element.scrollTop)).toBe(0)
    await page.locator('.new-below').click()
    await soon(() => page.locator('.new-below').count()).toBe(0)
  })

  test('what came while one was away stands below the "New" line, and the channel is marked until then', async () => {
    const page = await open(browser, { ...world, who: 'marta', place: 'C0GENERAL' })
    await page.locator('.beginning').waitFor()
    await world.person('message', { user: 'luis', channel, text: 'for @marta' })
    const room = page.getByRole('button', { name: /^porttrack-ops/ })
    await soon(() => room.textContent()).toMatch(/mention/)
    await room.click()
    const order = () =>
      page
        .locator('.place .new-line, .place .message')
        .evaluateAll((all) => all.slice(-2).map((one) => one.className.split(' ')[0]))
    await soon(order).toEqual(['new-line', 'message'])
    await soon(() => room.textContent()).not.toMatch(/mention/)
  })

  test('a link to a message leads there within the page, marked, from whatever channel', async () => {
    const ts = await post('the one that is meant')
    for (let line = 0; line < 25; line++) await post(`later ${line}`)
    const { permalink } = await world.client.chat.getPermalink({ channel, message_ts: ts })
    await world.client.chat.postMessage({ channel: 'C0GENERAL', text: `See <${permalink}|the message>` })
    const page = await open(browser, { ...world, place: 'C0GENERAL' })
    await page.getByRole('link', { name: 'the message', exact: true }).click()
    await soon(() => page.locator('.message-found').textContent()).toContain('the one that is meant')
    expect(page.context().pages()).toHaveLength(1)
    expect(await page.locator(`[data-ts="${ts}"]`).evaluate((element) => element.getBoundingClientRect().top > 0)).toBe(
      true,
    )
  })

  test('what the workspace itself says is said in the language of the reader, with who did it', async () => {
    await world.client.conversations.setTopic({ channel: 'C0DEPLOYS', topic: 'SEV2' })
    const page = await open(browser, { ...world, who: 'ana', place: 'C0DEPLOYS' })
    await soon(() => page.locator('.system-line').last().textContent()).toBe('@Rescue cambió el tema del canal: SEV2')
  })

  test('every kind of block passes axe, light and dark', async () => {
    for (const card of gallery) await post(card.text, card.blocks)
    for (const dark of [false, true]) {
      const page = await open(browser, { ...world, dark })
      await page.locator('.plan').first().waitFor()
      expect(await seriousFindings(page)).toEqual([])
    }
  })

  test('a lost connection is said and mended by itself', async () => {
    await using line = await startLine(new URL(world.url).port)
    const page = await open(browser, { url: line.url })
    await page.locator('.beginning').waitFor()
    line.cut()
    await soon(() => page.locator('.offline').count()).toBe(1)
    await post('sent while offline')
    line.mend()
    await soon(() => page.locator('.place .messages').textContent()).toContain('sent while offline')
    await soon(() => page.locator('.offline').count()).toBe(0)
  })
})
