import type { Browser, Page } from 'playwright-core'
import type { Sandbox } from '../sandbox/start.ts'
import { command, openChannel, picture, scenario } from './pictures.ts'

type Story = {
  readonly name: string
  readonly incidents: readonly [RegExp, RegExp]
  readonly scenario: string
  readonly command: string
  readonly database: string
}

const stories: readonly Story[] = [
  {
    name: 'recover',
    incidents: [/^inc-.*-01-/, /^inc-.*-02-/],
    scenario: 'database-damaged',
    command: '/recover db',
    database: 'porttrack',
  },
  {
    name: 'recover-mongo',
    incidents: [/^inc-.*-03-/, /^inc-.*-04-/],
    scenario: 'mongo-damaged',
    command: '/recover mongo',
    database: 'porttrack_nosql',
  },
]

/** Restores of both databases: the form, what was proved, the second person's approval, the outcome, and the way back. */
export async function theRestores(browser: Browser, world: Sandbox): Promise<void> {
  const as = async (person: string): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1100 }, colorScheme: 'light' })
    await page.goto(`${world.facts.page}#${person}/C0OPS`)
    return page
  }
  const [ana, luis] = [await as('ana'), await as('luis')]
  await command(ana, '/status db')
  await ana.getByText('Último backup').last().waitFor()
  await picture(ana, 'status-databases')
  const told = world.databases.mongo === undefined ? stories.slice(0, 1) : stories
  for (const story of told) await aRestore(ana, luis, world, story)
  await ana.close()
  await luis.close()
}

async function aRestore(ana: Page, luis: Page, world: Sandbox, story: Story): Promise<void> {
  await scenario(world, story.scenario)
  await openChannel(ana, 'porttrack-ops')
  await command(ana, story.command)
  const form = ana.getByRole('dialog')
  await form.waitFor()
  if (story.command === '/recover db') await choose(ana, story.database)
  await form.getByRole('button', { name: 'Prepararlo' }).waitFor()
  await picture(ana, `${story.name}-form`)
  await form.getByRole('button', { name: 'Prepararlo' }).click()
  await confirmButton(ana).waitFor({ timeout: 60_000 })
  await ana.waitForTimeout(2_500)
  await picture(ana, `${story.name}-plan`)
  await ana.getByRole('button', { name: 'Ver todos los cambios' }).last().click()
  await ana.getByRole('dialog').waitFor()
  await ana.waitForTimeout(800)
  await picture(ana, `${story.name}-evidence`)
  await ana.keyboard.press('Escape')
  await openChannel(luis, 'porttrack-ops')
  await approve(luis, `${story.name}-approval`)
  const [restore, undo] = story.incidents
  await outcome(luis, restore, /restaurad/i, `${story.name}-outcome`)
  await luis
    .getByRole('button', { name: /Deshacer|Traer/ })
    .last()
    .click()
  await luis.getByRole('dialog').getByRole('button', { name: 'Mostrar el plan' }).click()
  await openChannel(ana, restore)
  await approve(ana, undefined)
  await outcome(ana, undo, /de vuelta|ha vuelto|vuelve/i, `${story.name}-undo`)
}

const confirmButton = (page: Page) => page.getByRole('button', { name: /^(Restaurar y cambiar|Volver a la)/ }).last()

async function choose(page: Page, name: string): Promise<void> {
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Elige una base/ })
    .click()
  await page.getByRole('option', { name, exact: true }).click()
}

/** The click and its question. */
async function approve(page: Page, name: string | undefined): Promise<void> {
  await confirmButton(page).waitFor({ timeout: 60_000 })
  await page.waitForTimeout(1_000)
  await confirmButton(page).click()
  const sure = page.getByRole('dialog').getByRole('button').first()
  await sure.waitFor()
  if (name !== undefined) await picture(page, name)
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Restaurar y cambiar|Volver|Cambiar/ })
    .last()
    .click()
}

async function outcome(page: Page, channel: RegExp, words: RegExp, name: string): Promise<void> {
  await page.getByRole('navigation').getByText(channel).waitFor({ timeout: 60_000 })
  await openChannel(page, channel)
  await page.getByText(words).last().waitFor({ timeout: 60_000 })
  await page.waitForTimeout(2_500)
  await picture(page, name)
}
