/** Where a database is, taken apart from its URL. The password leaves it only for a client or a child's environment. */
export type Address = {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  readonly sslMode: string | undefined
}

/** @throws Error that names no part of the URL, which may hold a password */
export function addressOf(url: string): Address {
  const parsed = parse(url)
  return {
    host: parsed.hostname === '' ? 'localhost' : decodeURIComponent(parsed.hostname).replace(/^\[|\]$/g, ''),
    port: Number(parsed.port || 5432),
    user: decodeURIComponent(parsed.username) || 'postgres',
    database: decodeURIComponent(parsed.pathname.slice(1)) || 'postgres',
    sslMode: parsed.searchParams.get('sslmode') ?? undefined,
  }
}

/** The same server and account, another database. */
export function urlOfDatabase(url: string, database: string): string {
  const parsed = parse(url)
  parsed.pathname = `/${encodeURIComponent(database)}`
  return parsed.href
}

/** What libpq's programs need to connect; they get it by environment, so that no list of processes shows a password. */
export function childEnvironment(url: string, options: readonly string[] = []): Record<string, string> {
  const password = passwordOf(url)
  return { ...connectionEnvironment(url, options), ...(password === '' ? {} : { PGPASSWORD: password }) }
}

/** The same without the password, which is in `file`: neither arguments nor environment of a child show it. */
export function connectionEnvironment(
  url: string,
  options: readonly string[] = [],
  file?: string,
): Record<string, string> {
  const { host, port, user, sslMode } = addressOf(url)
  return {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    ...(file === undefined ? {} : { PGPASSFILE: file }),
    ...(sslMode === undefined ? {} : { PGSSLMODE: sslMode }),
    ...(options.length === 0 ? {} : { PGOPTIONS: options.map((option) => `-c ${option}`).join(' ') }),
    PGCONNECT_TIMEOUT: '10',
    PGAPPNAME: 'rescue',
    LC_ALL: 'C',
  }
}

/** Empty: the URL has none. Only for what hands it on to a client or a child. */
export const passwordOf = (url: string): string => decodeURIComponent(parse(url).password)

function parse(url: string): URL {
  const parsed = URL.parse(url)
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol))
    throw new Error('the address of the database is no postgres:// URL')
  return parsed
}
