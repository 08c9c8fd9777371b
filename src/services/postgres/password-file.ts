import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectionEnvironment, passwordOf } from './address.ts'

/**
 * The environment of a child of libpq, whose password is in a file that only this account can read; removed afterwards.
 * @param folder of this process alone, mode 0700
 * @param options settings of the child's sessions, `name=value`
 */
export async function withPasswordFile<T>(
  url: string,
  folder: string,
  options: readonly string[],
  body: (environment: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const file = join(folder, 'password')
  // Host, port, database and account are any: the file is made for this child alone.
  const escaped = passwordOf(url).replace(/[\\:]/g, '\\$&')
  await writeFile(file, `*:*:*:*:${escaped}\n`, { mode: 0o600 })
  try {
    return await body(connectionEnvironment(url, options, file))
  } finally {
    await rm(file, { force: true })
  }
}
