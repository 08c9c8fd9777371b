import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskReason } from '../../../src/operations/mask-reason.ts'
import { redactSentence } from '../../../src/store/redact.ts'

describe('what looks like a secret in a sentence of a person', () => {
  it.each([
    ['password=hunter2 y ya', 'password [secret] y ya'],
    ['DB_PASSWORD: hunter2, luego falla', 'DB_PASSWORD [secret], luego falla'],
    ['la contraseña es hunter2!', 'la contraseña [secret]'],
    ['clave: "con espacios dentro" y más', 'clave [secret] y más'],
    ['api key = abc123', 'api key [secret]'],
    ['postgres://app:hunter2@db/x no responde', 'postgres://app:[password]@db/x no responde'],
    [`con ghp_${'a'.repeat(36)} desplegado`, 'con [token] desplegado'],
    ['AKIAABCDEFGHIJKLMNOP filtrada', '[key] filtrada'],
    ['sk_live_abcdefghijklmnop cobra dos veces', '[key] cobra dos veces'],
    ['Bearer abcdefghijkl caducado', 'Bearer [token] caducado'],
  ])('%s', (said, kept) => {
    expect(redactSentence(said)).toBe(kept)
  })

  it.each([
    '500 en todas las páginas desde las 3:20',
    'el token es inválido',
    'the token is expired, nobody can log in',
    'falta el secret porttrack-db',
    'password reset is broken',
    'clave del problema: la migración',
  ])('is not seen where there is none: %s', (said) => {
    expect(redactSentence(said)).toBe(said)
  })

  it('is gone after once: masking again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('password=', 'clave: ', 'token is a1'), (a, b) => {
        const once = redactSentence(`${a} ${b}${a} x9!`)
        expect(redactSentence(once)).toBe(once)
      }),
    )
  })
})

describe('the reason of a request', () => {
  it('is masked, and only then said to be', () => {
    expect(maskReason({ app: 'a', reason: 'password=hunter2' })).toEqual({
      params: { app: 'a', reason: 'password [secret]' },
      masked: true,
    })
    const plain = { app: 'a', reason: '500' }
    expect(maskReason(plain)).toEqual({ params: plain, masked: false })
    expect(maskReason({ app: 'a' })).toEqual({ params: { app: 'a' }, masked: false })
    expect(maskReason(undefined)).toEqual({ params: undefined, masked: false })
  })
})
