import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { S3mini } from 's3mini'
import type { BackupPlace } from '../../catalog/schema.ts'
import type { BackupDeps } from '../deps.ts'
import { BadBackup, NotJudged } from '../fault.ts'
import { longestSidecar } from '../sidecar.ts'
import { isCompanion, isMongoFolder, isMongoPacked, isOfMongoServer, type Place, type Stored } from './types.ts'

type Bucket = Extract<BackupPlace, { kind: 's3' }>
type Item = { readonly key: string; readonly size: number; readonly modified: Date; readonly etag: string }

const answerMs = 30_000

/** A bucket that speaks S3. Keys that share a folder are one backup, as pg_dump -Fd and mongodump write them. */
export function bucketPlace(bucket: Bucket, deps: Pick<BackupDeps, 'secret' | 'signal'>): Place {
  let client: Promise<S3mini> | undefined
  const connected = () => {
    client ??= connect(bucket, deps)
    return client
  }
  const keyOf = (stored: Stored, part?: string) =>
    `${bucket.prefix}${stored.name}${part === undefined ? '' : `/${part}`}`
  const get = (key: string, bytes?: number) =>
    asked(bucket, async () => {
      const s3 = await connected()
      const answer = bytes === undefined ? await s3.getObjectRaw(key) : await s3.getObjectRaw(key, false, 0, bytes)
      if (answer.body === null) throw new Error('an answer without a body')
      return Readable.fromWeb(answer.body as ReadableStream)
    })
  let listed: Promise<Item[]> | undefined
  /** Asked once: a place is made anew for each request. */
  const all = () => {
    listed ??= asked(bucket, async () => itemsOf(await connected(), bucket.prefix))
    return listed
  }
  const text = async (key: string): Promise<string | undefined> => {
    const found = (await all()).find((item) => item.key === key)
    if (found === undefined) return undefined
    if (found.size > longestSidecar) throw new BadBackup('too_large', `${key} has ${found.size} bytes`)
    return (await collect(await get(key), longestSidecar)).toString('utf8')
  }
  return {
    list: async () => group(await all(), bucket.prefix),
    find: async (name) => group(await all(), bucket.prefix).find((stored) => stored.name === name),
    async start(stored, bytes) {
      // A range of an empty object is an error of S3.
      if (stored.sizeBytes === 0) return Buffer.alloc(0)
      return collect(await get(keyOf(stored, stored.folder === 'pg' ? 'toc.dat' : undefined), bytes), bytes)
    },
    async sidecar(stored) {
      const inside = stored.folder === undefined ? undefined : await text(keyOf(stored, 'SHA256SUMS'))
      return inside ?? (await text(`${keyOf(stored)}.sha256`))
    },
    path: () => undefined,
    async parts(stored) {
      const start = `${keyOf(stored)}/`
      const items = (await all()).filter((item) => item.key.startsWith(start))
      return items.map((item) => ({ name: item.key.slice(start.length), sizeBytes: item.size }))
    },
    read: (stored, part) => get(keyOf(stored, part)),
  }
}

async function connect(bucket: Bucket, deps: Pick<BackupDeps, 'secret' | 'signal'>): Promise<S3mini> {
  const { S3mini } = await import('s3mini')
  const [accessKeyId, secretAccessKey] = await Promise.all([
    deps.secret(bucket.accessKey),
    deps.secret(bucket.secretKey),
  ])
  return new S3mini({
    accessKeyId,
    secretAccessKey,
    endpoint: `${bucket.endpoint.replace(/\/+$/, '')}/${bucket.bucket}`,
    region: bucket.region,
    fetch: (input, init) => withinTime(input, init, deps.signal),
  })
}

/** The time limit is for the first bytes of an answer; a long download only ends with the run. */
async function withinTime(
  input: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new Error('no answer')), answerMs)
  const signals = signal === undefined ? [late.signal] : [late.signal, signal]
  return fetch(input, { ...init, redirect: 'error', signal: AbortSignal.any(signals) }).finally(() =>
    clearTimeout(timer),
  )
}

async function asked<T>(bucket: Bucket, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof BadBackup || error instanceof NotJudged) throw error
    throw new NotJudged(
      'place_away',
      `the bucket ${bucket.bucket} at ${new URL(bucket.endpoint).host}: ${reasonOf(error)}`,
    )
  }
}

/** The status or code only: the text of an answer may repeat what was sent. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer'
  const code = codeOf(error)
  if ('status' in error && typeof error.status === 'number') return `answered ${error.status} ${code ?? ''}`.trim()
  return code ?? (error.message.startsWith('the environment variable') ? error.message : 'no answer')
}

/** The first code in a chain of causes. */
function codeOf(error: Error): string | undefined {
  if ('code' in error && typeof error.code === 'string') return error.code.slice(0, 40)
  return error.cause instanceof Error ? codeOf(error.cause) : undefined
}

async function itemsOf(s3: S3mini, prefix: string): Promise<Item[]> {
  const found = await s3.listObjects('/', prefix)
  if (found === null) throw Object.assign(new Error('no bucket'), { status: 404 })
  return found.map(({ Key, Size, LastModified, ETag }) => ({
    key: Key,
    size: Size,
    modified: LastModified,
    etag: ETag,
  }))
}

function group(items: readonly Item[], prefix: string): Stored[] {
  const kinds = foldersOf(items, prefix)
  const folders = new Map([...kinds.keys()].map((folder): [string, Item[]] => [folder, []]))
  const single: Stored[] = []
  for (const item of items) {
    const folder = folders.get(item.key.slice(0, item.key.lastIndexOf('/') + 1))
    if (folder !== undefined) folder.push(item)
    else if (!isCompanion(item.key) && !isOfMongoServer(item.key, false) && isNamed(item.key, prefix))
      single.push(stored(item.key.slice(prefix.length), [item], undefined))
  }
  const whole = [...folders].map(([key, members]) => stored(key.slice(prefix.length, -1), members, kinds.get(key)))
  return [...single, ...whole.filter(({ name, folder }) => folder !== 'mongo' || !isOfMongoServer(name, true))]
}

function isNamed(key: string, prefix: string): boolean {
  return !key.endsWith('/') && key.length > prefix.length
}

/** Which keys share a folder, as pg_dump -Fd and mongodump write them; never the prefix itself. */
function foldersOf(items: readonly Item[], prefix: string): ReadonlyMap<string, 'pg' | 'mongo'> {
  const kinds = new Map<string, 'pg' | 'mongo'>()
  for (const { key } of items) {
    const slash = key.lastIndexOf('/') + 1
    const [folder, name] = [key.slice(0, slash), key.slice(slash)]
    if (folder.length <= prefix.length) continue
    if (name === 'toc.dat') kinds.set(folder, 'pg')
    else if (!kinds.has(folder) && isMongoFolder([name])) kinds.set(folder, 'mongo')
  }
  return kinds
}

function stored(name: string, items: readonly Item[], folder: Stored['folder']): Stored {
  const identity = createHash('sha256')
  for (const item of items) identity.update(`${item.key}\0${item.size}\0${item.etag}\n`)
  return {
    name,
    folder,
    sizeBytes: items.reduce((sum, item) => sum + item.size, 0),
    modifiedAt: new Date(Math.max(...items.map((item) => item.modified.getTime()))),
    identity: identity.digest('hex').slice(0, 32),
    ...(folder === 'mongo' ? { packed: isMongoPacked(items.map(({ key }) => key)) } : {}),
  }
}

async function collect(stream: Readable, most: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    chunks.push(chunk)
    size += chunk.length
    // Also where a server sends the whole object although a range was asked for.
    if (size >= most) break
  }
  return Buffer.concat(chunks).subarray(0, most)
}
