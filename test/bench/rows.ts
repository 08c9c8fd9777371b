/** One line of the table. */
export type Row = {
  readonly what: string
  readonly measured: number
  readonly unit: 'ms' | 's' | 'MB' | 'KiB' | 'x' | ''
  /** What a limit of this kind means for the end of the program: see `judge`. Absent: told, not judged. */
  readonly limit?: { readonly kind: 'time' | 'ratio' | 'count' | 'memory'; readonly most: number }
  /** The same measured of the peer, in the same unit. */
  readonly peer?: { readonly name: string; readonly measured: number }
  readonly note?: string
}

export type Verdict = 'pass' | 'over' | 'broken' | ''

/** Above this many times its limit a figure is broken, not merely over. A clock alone never breaks anything: machines are noisy. */
const margins = { time: Number.POSITIVE_INFINITY, ratio: 2, memory: 1.1, count: 1 } as const

/** `over` is printed; `broken` also ends the program with 1. A figure that could not be measured is broken. */
export function judge({ measured, limit }: Row): Verdict {
  if (limit === undefined) return ''
  if (Number.isNaN(measured)) return 'broken'
  if (measured <= limit.most) return 'pass'
  return measured <= limit.most * margins[limit.kind] ? 'over' : 'broken'
}

/** A count that must be exactly met counts what is wrong: the limit is none. */
export function exactly(what: string, found: number, wanted: number): Row {
  return {
    what,
    measured: Math.abs(found - wanted),
    unit: '',
    limit: { kind: 'count', most: 0 },
    note: `${found} of ${wanted}`,
  }
}
