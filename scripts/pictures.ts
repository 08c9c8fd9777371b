import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import type { Sandbox } from '../sandbox/start.ts'

/** What the programs that make pictures share. */
export const images = resolve(import.meta.dirname, '../docs/images')

export async function command(page: Page, text: string): Promise<void> {
  await page.locator('textarea').first().click()
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
}

export async function openChannel(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('navigation').getByText(name).last().click()
  await page.waitForTimeout(600)
}

export async function scenario(world: Sandbox, name: string): Promise<void> {
  const answer = await fetch(new URL(`scenarios/${name}`, world.facts.page), { method: 'POST' })
  if (!answer.ok) throw new Error(`the scenario ${name} failed: ${await answer.text()}`)
}

export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(images, `${name}.png`) })
  console.log(`docs/images/${name}.png`)
}
