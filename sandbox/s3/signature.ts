import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export type Keys = { readonly accessKey: string; readonly secretKey: string; readonly region: string }

/** What is wrong with a request, in S3's own codes; undefined: its signature is good. */
export type SignatureFault = 'AccessDenied' | 'InvalidAccessKeyId' | 'SignatureDoesNotMatch' | 'RequestTimeTooSkewed'

const skewMs = 15 * 60_000
const form =
  /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8})\/([^/,]+)\/s3\/aws4_request,\s*SignedHeaders=([a-z0-9;-]+),\s*Signature=([0-9a-f]{64})$/

/** AWS Signature Version 4 in the Authorization header, as S3 checks it. */
export function signatureFault(request: IncomingMessage, keys: Keys, now = Date.now()): SignatureFault | undefined {
  const match = form.exec(request.headers.authorization ?? '')
  if (match === null) return 'AccessDenied'
  const [, accessKey, day = '', region = '', signed = '', signature = ''] = match
  if (accessKey !== keys.accessKey) return 'InvalidAccessKeyId'
  if (region !== keys.region) return 'SignatureDoesNotMatch'
  const stamp = headerOf(request, 'x-amz-date')
  if (!stamp.startsWith(day) || Math.abs(timeOf(stamp) - now) > skewMs) return 'RequestTimeTooSkewed'
  const names = signed.split(';')
  const unsigned = Object.keys(request.headers).filter((name) => name.startsWith('x-amz-') && !names.includes(name))
  if (!names.includes('host') || unsigned.length > 0) return 'AccessDenied'
  const scope = `${day}/${region}/s3/aws4_request`
  const text = ['AWS4-HMAC-SHA256', stamp, scope, sha256(canonical(request, names))].join('\n')
  const key = [region, 's3', 'aws4_request'].reduce(hmac, hmac(`AWS4${keys.secretKey}`, day))
  const right = hmac(key, text)
  return timingSafeEqual(right, Buffer.from(signature, 'hex')) ? undefined : 'SignatureDoesNotMatch'
}

function canonical(request: IncomingMessage, names: readonly string[]): string {
  const [path = '/', query = ''] = (request.url ?? '/').split('?')
  const headers = names.map((name) => `${name}:${headerOf(request, name).trim().replace(/\s+/g, ' ')}\n`)
  const sorted = query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => (part.includes('=') ? part : `${part}=`))
    .sort()
  const payload = headerOf(request, 'x-amz-content-sha256')
  return [request.method, path, sorted.join('&'), headers.join(''), names.join(';'), payload].join('\n')
}

function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(',') : (value ?? '')
}

/** 20261124T093000Z */
function timeOf(stamp: string): number {
  return Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
