/** What every safety backup's name begins with. */
const start = 'safety-'

/** How a safety backup ends: pg_dump's custom archive, or mongodump's archive in gzip. */
export type SafetyForm = 'dump' | 'archive.gz'

type Named = { readonly run: string; readonly database: string; readonly form: SafetyForm }

/** `safety-R-0042-porttrack-20261124T171500Z.dump` */
export function safetyName({ run, database, form }: Named, at: Date): string {
  return `${start}${run}-${database}-${at
    .toISOString()
    .replace(/[-:]/g, '')
    .replace(/\.\d+Z$/, 'Z')}.${form}`
}

/** When a safety backup of just this run and database was begun; undefined: it is another file. */
export function safetyTime(name: string, { run, database, form }: Named): Date | undefined {
  const before = `${start}${run}-${database}-`
  const after = `.${form}`
  if (!name.startsWith(before) || !name.endsWith(after)) return undefined
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(name.slice(before.length, -after.length))
  if (found === null) return undefined
  const [, year, month, day, hour, minute, second] = found
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}

/**
 * Whether a restore point was made by the bot before a restore: it holds what was replaced, so "the newest backup" never means
 * it. @param name inside its place
 */
export const isSafetyBackup = (name: string): boolean => safetyRun(name) !== undefined

/** The run before which the bot made this safety backup; undefined: somebody else made it. @param name inside its place */
export const safetyRun = (name: string): string | undefined => new RegExp(`^${start}(R-\\d+)-`).exec(name)?.[1]

/** While it is written: hidden, so that no list shows it. */
export const hiddenName = (name: string): string => `.${name}.part`

/** Whether a hidden file is one of ours. @param run only that run's */
export function isHiddenPart(name: string, run?: string): boolean {
  return name.startsWith(`.${start}${run === undefined ? 'R-' : `${run}-`}`) && name.endsWith('.part')
}
