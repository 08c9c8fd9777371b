import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { type Sandbox, startSandbox } from '../sandbox/start.ts'
import { command, images, openChannel, picture, scenario } from './pictures.ts'
import { theRestores } from './restore-pictures.ts'

/**
 * Makes the pictures of the README and the docs: a rollback from the form to its proof, one that fails, the status, and restores
 * of both databases; `restores` as an argument makes only these. Needs Chromium: `apt-get install -y chromium`, or its path in CHROMIUM.
 */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

const folder = await mkdtemp(join(tmpdir(), 'rescue-pictures-'))
await mkdir(images, { recursive: true })
const sandbox = await startSandbox({ port: 0, folder, mongo: true, automatic: false, onLog: () => undefined })
const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: flags })
try {
  if (!process.argv.includes('restores')) await theRollbacks()
  await theRestores(browser, sandbox)
} finally {
  await browser.close()
  await sandbox.stop()
  await rm(folder, { recursive: true, force: true })
}

async function theRollbacks(): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' })
  await page.goto(sandbox.facts.page)
  await openChannel(page, 'porttrack-ops')
  await theStatus(page)
  await aRollback(page, sandbox)
  await aFailedOne(page, sandbox)
  await onAPhone(sandbox)
  await byItself()
  await page.close()
}

async function theStatus(page: Page): Promise<void> {
  await command(page, '/status')
  await page
    .getByText(/componentes/)
    .last()
    .waitFor()
  await picture(page, 'status')
}

async function aRollback(page: Page, world: Sandbox): Promise<void> {
  await scenario(world, 'bad-release')
  await page.waitForTimeout(6_000)
  await command(page, '/rollback porttrack-app')
  await page.getByRole('dialog').getByText('la última sana').waitFor()
  await picture(page, 'rollback-form')
  await page.getByRole('button', { name: 'Mostrar el plan' }).click()
  const confirm = page.getByRole('button', { name: 'Volver a la 6' }).last()
  await confirm.waitFor()
  await page.waitForTimeout(1_500)
  await picture(page, 'rollback-plan')
  await confirm.click()
  await page.getByRole('dialog').getByRole('button', { name: 'Volver a la 6' }).waitFor()
  await picture(page, 'rollback-confirm')
  await page.getByRole('dialog').getByRole('button', { name: 'Volver a la 6' }).click()
  await openChannel(page, 'inc-')
  await page.getByText('Comparar con el plan').last().waitFor()
  await picture(page, 'rollback-progress')
  await page
    .getByText(/ha vuelto a la revisión/)
    .last()
    .waitFor({ timeout: 60_000 })
  await page.waitForTimeout(1_000)
  await picture(page, 'rollback-verified')
}

/** Back to a revision that cannot start either: the page, the reasons, and the ways on. */
async function aFailedOne(page: Page, world: Sandbox): Promise<void> {
  await scenario(world, 'reset')
  await openChannel(page, 'porttrack-ops')
  await command(page, '/rollback porttrack-app to 4')
  const confirm = page.getByRole('button', { name: 'Volver a la 4' }).last()
  await confirm.waitFor()
  await page.waitForTimeout(1_000)
  await picture(page, 'rollback-warned')
  await confirm.click()
  await page.getByRole('dialog').getByRole('button', { name: 'Volver a la 4' }).click()
  await page
    .getByRole('navigation')
    .getByText(/^inc-.*-02-/)
    .waitFor({ timeout: 30_000 })
  await openChannel(page, /^inc-.*-02-/)
  await page.getByText(/falló/).last().waitFor({ timeout: 150_000 })
  await page.waitForTimeout(4_000)
  await picture(page, 'rollback-failed')
  await page.getByRole('tab', { name: 'Guardia' }).click()
  await page.waitForTimeout(800)
  await picture(page, 'paging')
}

/** A release that saves itself, and a question about another one; a world of its own, because there the bot acts unasked. */
async function byItself(): Promise<void> {
  const own = await mkdtemp(join(tmpdir(), 'rescue-pictures-automatic-'))
  const world = await startSandbox({ port: 0, folder: own, onLog: () => undefined })
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' })
  try {
    await page.goto(world.facts.page)
    await openChannel(page, 'porttrack-ops')
    await scenario(world, 'crash-loop')
    await page.getByText('sin preguntar').waitFor({ timeout: 60_000 })
    await scenario(world, 'bad-release')
    await page.getByText('Sin un clic no cambia nada').waitFor({ timeout: 60_000 })
    await page.waitForTimeout(1_500)
    await picture(page, 'automatic')
  } finally {
    await page.close()
    await world.stop()
    await rm(own, { recursive: true, force: true })
  }
}

async function onAPhone(world: Sandbox): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
  await page.goto(world.facts.page)
  await page.waitForTimeout(1_500)
  await picture(page, 'phone')
  await page.close()
}
