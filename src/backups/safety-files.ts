import { constants } from 'node:fs'
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { hiddenName, isHiddenPart, type SafetyForm, safetyTime } from './safety-name.ts'

/** What a killed process left and nobody writes into any more. */
const staleMs = 6 * 3_600_000

/** Removes the hidden halves of this run's earlier attempts, and those that nobody has written to for hours. */
export async function removeHalves(folder: string, run: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!isHiddenPart(name)) continue
    const path = join(folder, name)
    const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now())
    if (isHiddenPart(name, run) || age > staleMs) await rm(path, { force: true })
  }
}

/** The whole backup that an earlier attempt of this run has left: whatever has its name was read whole before it got it. */
export async function finishedIn(
  folder: string,
  named: { readonly run: string; readonly database: string; readonly form: SafetyForm },
  since: Date,
): Promise<string | undefined> {
  const names = await readdir(folder)
  return names.find((name) => {
    const at = safetyTime(name, named)
    // Another bot may keep its own R-0042 in the same folder: an older one is not ours. Names have whole seconds.
    return at !== undefined && at.getTime() >= since.getTime() - 1_000 && names.includes(`${name}.sha256`)
  })
}

/**
 * Gives a written and judged file its name: bytes on the disk first, the checksum beside it next, the name last. Whatever is
 * killed in between leaves no half file under a name that looks whole.
 */
export async function publish(folder: string, name: string, sha256: string): Promise<void> {
  const hidden = join(folder, hiddenName(name))
  const sidecar = join(folder, `${name}.sha256`)
  const hiddenSidecar = join(folder, hiddenName(`${name}.sha256`))
  await sync(hidden)
  const file = await open(hiddenSidecar, 'w', 0o600)
  try {
    await file.writeFile(`${sha256}  ${basename(name)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(hiddenSidecar, sidecar)
  await rename(hidden, join(folder, name))
  await sync(dirname(sidecar))
}

async function sync(path: string): Promise<void> {
  const file = await open(path, constants.O_RDONLY)
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
