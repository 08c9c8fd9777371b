/**
 * The instant at which a clock in `timeZone` shows the given date and time.
 * @param shown the clock's face, as if it were UTC, in milliseconds
 * @returns ISO 8601; of an hour that comes twice in autumn the first, so that data never look younger than they are
 */
export function localTime(shown: number, timeZone: string): string | undefined {
  const offsets = [shown - 86_400_000, shown + 86_400_000].map((at) => offsetAt(at, timeZone))
  const instants = offsets.map((offset) => shown - offset).filter((at) => offsetAt(at, timeZone) === shown - at)
  const instant = instants.length > 0 ? Math.min(...instants) : shown - (offsets[0] ?? 0)
  const date = new Date(instant)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

function offsetAt(instant: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const part: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value)
  const face = Date.UTC(
    part['year'] ?? 0,
    (part['month'] ?? 1) - 1,
    part['day'],
    part['hour'],
    part['minute'],
    part['second'],
  )
  return face - Math.trunc(instant / 1000) * 1000
}
