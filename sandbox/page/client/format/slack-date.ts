/** Whose eyes read it: dates and times are always the reader's own. */
export type Reader = { readonly zone: string; readonly locale: string }

const day = 86_400_000

/** `<!date^…>` formats: every token of Slack's list, in the reader's zone and language. */
export function formatSlackDate(seconds: number, format: string, reader: Reader, now: number, words: DayWords): string {
  const at = new Date(seconds * 1000)
  const show = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(reader.locale, { timeZone: reader.zone, ...options }).format(at)
  const near = nearDay(at, new Date(now), reader.zone, words)
  const short = () => show({ month: 'short', day: 'numeric', year: 'numeric' })
  const long = () => show({ weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' })
  const plain = () => show({ month: 'long', day: 'numeric', year: 'numeric' })
  const tokens: Readonly<Record<string, () => string>> = {
    date_num: () => isoDay(at, reader.zone),
    date_slash: () => show({ year: 'numeric', month: '2-digit', day: '2-digit' }),
    date: plain,
    date_pretty: () => near ?? plain(),
    date_short: short,
    date_short_pretty: () => near ?? short(),
    date_long: long,
    date_long_pretty: () => near ?? long(),
    time: () => show({ hour: 'numeric', minute: '2-digit' }),
    time_secs: () => show({ hour: 'numeric', minute: '2-digit', second: '2-digit' }),
    ago: () => relative(at.getTime() - now, reader.locale),
  }
  return format.replaceAll(/\{([a-z_]+)\}/g, (all, name: string) => tokens[name]?.() ?? all)
}

export type DayWords = { readonly today: string; readonly yesterday: string; readonly tomorrow: string }

function nearDay(at: Date, now: Date, zone: string, words: DayWords): string | undefined {
  const of = (offset: number) => isoDay(new Date(now.getTime() + offset), zone)
  const own = isoDay(at, zone)
  if (own === of(0)) return words.today
  if (own === of(-day)) return words.yesterday
  return own === of(day) ? words.tomorrow : undefined
}

/** The calendar day in that zone, as 2026-03-07. */
export const isoDay = (at: Date, zone: string) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)

/** "3 minutes ago", "in 2 hours", in the reader's language. */
export function relative(milliseconds: number, locale: string): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'always' })
  const sizes = [
    ['day', day],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ] as const
  for (const [unit, size] of sizes)
    if (Math.abs(milliseconds) >= size) return format.format(Math.trunc(milliseconds / size), unit)
  return format.format(Math.trunc(milliseconds / 1000), 'second')
}
