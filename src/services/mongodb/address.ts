/** The URL with its password leaves this room only for the driver and for a tool's own settings file. */
type Parts = {
  readonly scheme: string
  readonly account: string | undefined
  readonly hosts: string
  readonly database: string | undefined
  readonly options: URLSearchParams
}

/** The database that a URL names. @throws Error that quotes nothing of the URL, which may hold a password */
export function databaseIn(url: string): string {
  const { database } = parse(url)
  if (database === undefined) throw new Error('the address of the database names no database (mongodb://HOST/NAME)')
  return database
}

/**
 * The same server and account for MongoDB's tools: a database in the URL would count as `--db` for them and change what
 * `--nsInclude` means. Who signs in against it still does.
 */
export function urlForTools(url: string): string {
  const { scheme, account, hosts, database, options } = parse(url)
  if (account !== undefined && database !== undefined && !options.has('authSource')) options.set('authSource', database)
  const query = options.size === 0 ? '' : `?${options.toString()}`
  return `${scheme}://${account === undefined ? '' : `${account}@`}${hosts}/${query}`
}

/** `host:port` of each server, without the account: for words. */
export const hostsIn = (url: string): string => parse(url).hosts

function parse(url: string): Parts {
  const match = /^(mongodb(?:\+srv)?):\/\/(?:([^@/]*)@)?([^@/?]+)(?:\/([^?/]*))?(?:\?(.*))?$/.exec(url)
  const [, scheme, account, hosts, database, query] = match ?? []
  if (scheme === undefined || hosts === undefined) throw new Error('the address of the database is no mongodb:// URL')
  return {
    scheme,
    account,
    hosts,
    database: database === undefined || database === '' ? undefined : decodeURIComponent(database),
    options: new URLSearchParams(query ?? ''),
  }
}
