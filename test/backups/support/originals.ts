import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BackupWorld } from './world.ts'

/** Real dumps of one database, as bytes, and two folder dumps as files: what bad ones are made of. */
export type Originals = {
  readonly custom: Buffer
  readonly uncompressed: Buffer
  readonly plain: Buffer
  readonly folder: string
  readonly folderUncompressed: string
}

export async function makeOriginals(world: BackupWorld): Promise<Originals> {
  const folder = join(world.folder, 'originals')
  await mkdir(folder)
  const dump = async (name: string, ...args: readonly string[]) => {
    await world.dump(['-f', join(folder, name), ...args])
    return join(folder, name)
  }
  return {
    custom: await readFile(await dump('custom', '-Fc')),
    uncompressed: await readFile(await dump('uncompressed', '-Fc', '-Z0')),
    plain: await readFile(await dump('plain')),
    folder: await dump('folder', '-Fd'),
    folderUncompressed: await dump('folder-uncompressed', '-Fd', '-Z0'),
  }
}
