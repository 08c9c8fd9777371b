import { DatabaseError } from '../postgres/errors.ts'
import type { Connected } from './client.ts'
import { mongoError, nameGone, nameTaken, serverCode } from './errors.ts'
import { prefixOf } from './names.ts'
import { listAll } from './server.ts'

/** A collection by its UUID: names change, what it is does not. */
export type Rename = { readonly uuid: string; readonly from: string; readonly to: string }

/** A writer that makes a collection anew again and again is stopped by nothing but this. */
const strays = 40
const insistences = 100

/**
 * Gives a collection its name, and sets aside what a writer made there meanwhile.
 * @param late gets the names of what was set aside
 * @returns why the server refuses; undefined: it has the name now
 */
export async function renameOver(
  connected: Connected,
  run: string,
  { uuid, from, to }: Rename,
  replicaSet: boolean,
  late: Set<string>,
): Promise<string | undefined> {
  let name = from
  for (let attempt = 0; attempt < strays; attempt++) {
    try {
      await rename(connected, name, to, replicaSet)
      return undefined
    } catch (error) {
      const all = await listAll(connected)
      const now = all.find((each) => each.uuid === uuid)?.name
      // The answer to an earlier attempt may have been lost.
      if (now === to) return undefined
      if (now === undefined) return `${from} is not there any more`
      name = now
      if (serverCode(error) !== nameTaken) return refusal(error, from)
      const aside = freeName(new Set(all.map((each) => each.name)), run, to)
      // The name is asked for without a pause while it becomes free: a busy writer would take it again.
      const [moved] = await Promise.all([
        setAside(connected, to, aside, replicaSet),
        insist(connected, name, to, replicaSet),
      ])
      if (moved) late.add(aside)
    }
  }
  return `${to} is made anew again and again`
}

/** @throws what says nothing of the rename: the server is away */
function refusal(error: unknown, from: string): string {
  const known = mongoError(error)
  if (!(known instanceof DatabaseError) || known.reason === 'database_away') throw error
  return `${from}: ${known.message}`
}

function freeName(taken: ReadonlySet<string>, run: string, name: string): string {
  const plain = `${prefixOf('late', run)}${name}`
  for (let number = 2; ; number++) {
    const aside = number === 2 && !taken.has(plain) ? plain : `${plain}~${number}`
    if (!taken.has(aside)) return aside
  }
}

/** What a writer made under a name that was free for a moment. It is kept, never dropped. */
async function setAside(connected: Connected, name: string, aside: string, replicaSet: boolean): Promise<boolean> {
  try {
    await rename(connected, name, aside, replicaSet)
    return true
  } catch (error) {
    if (serverCode(error) === nameGone || serverCode(error) === nameTaken) return false
    throw error
  }
}

/** Whether it won is asked of the UUIDs afterwards. */
async function insist(connected: Connected, from: string, to: string, replicaSet: boolean): Promise<void> {
  for (let attempt = 0; attempt < insistences; attempt++) {
    try {
      return await rename(connected, from, to, replicaSet)
    } catch (error) {
      if (serverCode(error) !== nameTaken) return
    }
  }
}

/** Durable on the majority before the next: an election must not undo one of them. */
async function rename({ client, db }: Connected, from: string, to: string, replicaSet: boolean): Promise<void> {
  await client.db('admin').command({
    renameCollection: `${db.databaseName}.${from}`,
    to: `${db.databaseName}.${to}`,
    ...(replicaSet ? { writeConcern: { w: 'majority' } } : {}),
  })
}
