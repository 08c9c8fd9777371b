import { z } from 'zod'

/** Arguments come as strings of a form or as JSON values; both are taken. */

export const text = z.preprocess((value) => (typeof value === 'number' ? String(value) : value), z.string().min(1))

/** May be empty, such as a topic that is taken away. */
export const freeText = z.preprocess((value) => (typeof value === 'number' ? String(value) : value), z.string())

export const flag = z.preprocess((value) => {
  if (value === 'true' || value === '1' || value === 1) return true
  if (value === 'false' || value === '0' || value === 0 || value === '') return false
  return value
}, z.boolean())

export const whole = z.preprocess(
  (value) => (typeof value === 'string' && value !== '' ? Number(value) : value),
  z.number().int(),
)

/** Nested values come JSON-encoded in forms. What does not parse stays a string, for the method to refuse in its own words. */
export const nested = z.preprocess((value) => {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value) as unknown
  } catch {
    return value
  }
}, z.unknown())

/** A list of ids with commas, or a real list. */
export const idList = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',').map((one) => one.trim()) : value),
  z.array(z.string().min(1)).min(1),
)

export const paging = { cursor: freeText.optional(), limit: whole.optional() }
