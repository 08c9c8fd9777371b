import { randomBytes } from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { codeOf } from '../db.ts'

const settingsSchema = z.object({
  password: z.string().min(20),
  /** The last port: taken again when it is free, so that addresses given out before stay right. */
  port: z.number().int().min(1).max(65535).optional(),
})
export type Settings = z.infer<typeof settingsSchema>

const fileOf = (folder: string) => join(folder, 'postgres.json')

/** What must survive a restart of the bot: the password, in a file that only its owner can read. */
export async function readSettings(folder: string): Promise<Settings | undefined> {
  const text = await readFile(fileOf(folder), 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? undefined : settingsSchema.parse(JSON.parse(text))
}

export async function writeSettings(folder: string, settings: Settings): Promise<void> {
  const unfinished = `${fileOf(folder)}.${process.pid}`
  const file = await open(unfinished, 'w', 0o600)
  await file.writeFile(JSON.stringify(settings))
  await file.sync()
  await file.close()
  await rename(unfinished, fileOf(folder))
}

export function newPassword(): string {
  return randomBytes(24).toString('base64url')
}
