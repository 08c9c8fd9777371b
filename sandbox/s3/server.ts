import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Keys, signatureFault } from './signature.ts'

/** The next answers, instead of the right ones. */
export type Fault =
  /** An error with this status and code. */
  | { readonly kind: 'error'; readonly status: number; readonly code: string }
  /** The connection breaks after so many bytes of an object. */
  | { readonly kind: 'cut'; readonly after: number }

export type Bucket = {
  readonly url: string
  readonly name: string
  readonly keys: Keys
  /** Queues faults for the requests to come; one that nobody ran into is in `unused`. */
  fail(...faults: readonly Fault[]): void
  unused(): readonly Fault[]
  /** `GET /bucket/key` and so on, as they came. */
  readonly requests: readonly string[]
  stop(): Promise<void>
}

export type BucketOptions = {
  /** Its files are the bucket's objects. */
  readonly folder: string
  readonly name?: string
  readonly port?: number
  readonly keys?: Keys
  /** Keys in one answer of a list; small in tests. */
  readonly pageSize?: number
}

const sandboxKeys: Keys = { accessKey: 'SANDBOXKEY', secretKey: 'sandbox-secret', region: 'us-east-1' }

/**
 * One bucket of a service that speaks S3, for reading: ListObjectsV2, GetObject, ranges; signatures are checked. What it
 * does not know is an error, never an empty answer.
 * @throws when the port is taken
 */
export async function startBucket(options: BucketOptions): Promise<Bucket> {
  const name = options.name ?? 'backups'
  const keys = options.keys ?? sandboxKeys
  const faults: Fault[] = []
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    void answer({ ...options, name, keys, pageSize: options.pageSize ?? 1000 }, faults, request, response).catch(() =>
      response.destroy(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    name,
    keys,
    requests,
    fail: (...more) => void faults.push(...more),
    unused: () => faults,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

type Served = Required<Omit<BucketOptions, 'port'>>

async function answer(
  bucket: Served,
  faults: Fault[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  request.resume()
  const fault = signatureFault(request, bucket.keys)
  if (fault !== undefined) return sendError(response, 403, fault)
  const url = new URL(request.url ?? '/', 'http://localhost')
  const [, name, ...rest] = url.pathname.split('/').map(decodeURIComponent)
  if (name !== bucket.name) return sendError(response, 404, 'NoSuchBucket')
  if (request.method !== 'GET') return sendError(response, 405, 'MethodNotAllowed')
  const key = rest.join('/')
  if (faults[0]?.kind === 'error') {
    const { status, code } = faults[0]
    faults.shift()
    return sendError(response, status, code)
  }
  if (key === '') return list(bucket, url.searchParams, response)
  return send(bucket, key, faults, request, response)
}

async function list(bucket: Served, query: URLSearchParams, response: ServerResponse): Promise<void> {
  const known = ['list-type', 'prefix', 'max-keys', 'continuation-token', 'delimiter', 'encoding-type']
  if (query.get('list-type') !== '2' || [...query.keys()].some((key) => !known.includes(key)))
    return sendError(response, 501, 'NotImplemented')
  const all = (await keysOf(bucket.folder)).filter((key) => key.startsWith(query.get('prefix') ?? ''))
  const from = Number(query.get('continuation-token') ?? 0)
  const page = all.slice(from, from + Math.min(bucket.pageSize, Number(query.get('max-keys') ?? 1000)))
  const next = from + page.length
  const contents = await Promise.all(page.map((key) => describe(bucket.folder, key)))
  const more = next < all.length
  const xml = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
    `<Name>${bucket.name}</Name><KeyCount>${page.length}</KeyCount><IsTruncated>${more}</IsTruncated>`,
    more ? `<NextContinuationToken>${next}</NextContinuationToken>` : '',
    ...contents,
    '</ListBucketResult>',
  ]
  response.writeHead(200, { 'content-type': 'application/xml' }).end(xml.join(''))
}

async function keysOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return files.map((path) => relative(folder, path).split(sep).join('/')).sort()
}

async function describe(folder: string, key: string): Promise<string> {
  const { size, mtime } = await stat(join(folder, key))
  const etag = createHash('md5')
    .update(await readFile(join(folder, key)))
    .digest('hex')
  const shown = key.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<Contents><Key>${shown}</Key><LastModified>${mtime.toISOString()}</LastModified><ETag>&quot;${etag}&quot;</ETag><Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`
}

async function send(
  bucket: Served,
  key: string,
  faults: Fault[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = join(bucket.folder, key)
  // `join` has resolved every `..`: what is no key of the list is no object.
  const found = (await keysOf(bucket.folder)).includes(key) ? await stat(path) : undefined
  if (found === undefined) return sendError(response, 404, 'NoSuchKey')
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  const start = Number(range?.[1] ?? 0)
  const end = Math.min(found.size - 1, range?.[2] ? Number(range[2]) : found.size - 1)
  if (range !== null && start >= found.size) return sendError(response, 416, 'InvalidRange')
  const fault = range === null ? faults.shift() : undefined
  const length = end - start + 1
  response.writeHead(range === null ? 200 : 206, {
    'content-length': length,
    ...(range === null ? {} : { 'content-range': `bytes ${start}-${end}/${found.size}` }),
  })
  if (length === 0) return void response.end()
  if (fault?.kind === 'cut') {
    response.write((await readFile(path)).subarray(0, fault.after))
    setImmediate(() => response.destroy())
    return
  }
  await pipeline(createReadStream(path, { start, end }), response)
}

function sendError(response: ServerResponse, status: number, code: string): void {
  const xml = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`
  response.writeHead(status, { 'content-type': 'application/xml' }).end(xml)
}
