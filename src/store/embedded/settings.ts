import { randomBytes } from 'node:crypto'
import { link, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { codeOf } from '../away.ts'

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

/** The first settings of a folder; when another process makes them in the same moment, its own stand. */
export async function createSettings(folder: string): Promise<Settings> {
  const fresh = { password: randomBytes(24).toString('base64url') }
  const unfinished = await writeBeside(folder, fresh)
  try {
    await link(unfinished, fileOf(folder))
    return fresh
  } catch (error) {
    const standing = codeOf(error) === 'EEXIST' ? await readSettings(folder) : undefined
    if (standing === undefined) throw error
    return standing
  } finally {
    await rm(unfinished, { force: true })
  }
}

export async function writeSettings(folder: string, settings: Settings): Promise<void> {
  await rename(await writeBeside(folder, settings), fileOf(folder))
}

/** Whole or not at all: a reader never sees half a file. */
async function writeBeside(folder: string, settings: Settings): Promise<string> {
  const path = `${fileOf(folder)}.${process.pid}`
  const file = await open(path, 'w', 0o600)
  await file.writeFile(JSON.stringify(settings))
  await file.sync()
  await file.close()
  return path
}
