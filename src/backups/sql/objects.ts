import { createHash, type Hash } from 'node:crypto'
import type { Contents } from '../types.ts'

const begin = /^SELECT pg_catalog\.lo_open\('(\d+)', \d+\);\r?\n$/
const write = /^SELECT pg_catalog\.lowrite\(0, '\\x([0-9a-f]*)'\);\r?\n$/
const modulus = 2n ** 256n

/** Large objects in a script: they come as long lines, for which the way of every other statement would be slow. */
export type ObjectSum = {
  /** @returns whether the line was one of theirs */
  take(line: string): boolean
  end(): Contents['largeObjects']
}

/** Counts and sums them. The sum does not depend on their order, which a dump does not fix. */
export function sumObjects(): ObjectSum {
  let open: Hash | undefined
  let [count, bytes, sum] = [0, 0, 0n]
  const close = () => {
    if (open !== undefined) sum = (sum + BigInt(`0x${open.digest('hex')}`)) % modulus
    open = undefined
  }
  return {
    take(line) {
      if (!line.startsWith('SELECT pg_catalog.lo')) return false
      const id = begin.exec(line)?.[1]
      if (id !== undefined) {
        close()
        count += 1
        open = createHash('sha256').update(`${id}:`)
        return true
      }
      const data = write.exec(line)?.[1]
      if (data === undefined || open === undefined) return false
      open.update(Buffer.from(data, 'hex'))
      bytes += data.length / 2
      return true
    },
    end() {
      close()
      return { count, bytes, sha256: sum.toString(16).padStart(64, '0') }
    },
  }
}
