import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/**
 * A self-signed certificate for 127.0.0.1 and localhost. Real kubectl sends its token over TLS only, and Node has no way to make a
 * certificate, so the few DER structures of one are written here (RFC 5280; ECDSA on P-256 with SHA-256).
 */
export type Credentials = { readonly key: string; readonly cert: string }

const tag = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  sequence: 0x30,
  set: 0x31,
  time: 0x18,
  boolean: 0x01,
}

export function selfSigned(name: string): Credentials {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const body = certificateBody(name, publicKey)
  const signature = sign('sha256', body, privateKey)
  const certificate = sequence(body, signatureAlgorithm(), der(tag.bits, Buffer.concat([Buffer.from([0]), signature])))
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? []
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  }
}

function certificateBody(name: string, publicKey: KeyObject): Buffer {
  const serial = randomBytes(16)
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x01
  const subject = sequence(der(tag.set, sequence(oid(2, 5, 4, 3), der(tag.utf8, Buffer.from(name)))))
  const day = 86_400_000
  const validity = sequence(time(Date.now() - day), time(Date.now() + 3650 * day))
  const basic = extension(oid(2, 5, 29, 19), sequence(der(tag.boolean, Buffer.from([0xff]))), true)
  const alternatives = extension(
    oid(2, 5, 29, 17),
    sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1]))),
    false,
  )
  return sequence(
    der(0xa0, der(tag.integer, Buffer.from([2]))),
    der(tag.integer, serial),
    signatureAlgorithm(),
    subject,
    validity,
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(basic, alternatives)),
  )
}

/** ecdsa-with-SHA256 */
function signatureAlgorithm(): Buffer {
  return sequence(oid(1, 2, 840, 10045, 4, 3, 2))
}

function extension(id: Buffer, value: Buffer, critical: boolean): Buffer {
  return sequence(id, ...(critical ? [der(tag.boolean, Buffer.from([0xff]))] : []), der(tag.octets, value))
}

function time(at: number): Buffer {
  return der(tag.time, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`))
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(tag.sequence, Buffer.concat(parts))
}

function oid(first: number, second: number, ...rest: readonly number[]): Buffer {
  const bytes = [first * 40 + second]
  for (const part of rest) {
    const groups = [part & 0x7f]
    for (let left = part >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80)
    bytes.push(...groups)
  }
  return der(tag.oid, Buffer.from(bytes))
}

function der(kind: number, content: Buffer): Buffer {
  const length =
    content.length < 128
      ? [content.length]
      : content.length < 256
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 0xff]
  return Buffer.concat([Buffer.from([kind, ...length]), content])
}
