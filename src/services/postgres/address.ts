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
  const { host, port, user, sslMode } = addressOf(url)
  const password = decodeURIComponent(parse(url).password)
  return {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    ...(password === '' ? {} : { PGPASSWORD: password }),
    ...(sslMode === undefined ? {} : { PGSSLMODE: sslMode }),
    ...(options.length === 0 ? {} : { PGOPTIONS: options.map((option) => `-c ${option}`).join(' ') }),
    PGCONNECT_TIMEOUT: '10',
    PGAPPNAME: 'rescue',
    LC_ALL: 'C',
  }
}

function parse(url: string): URL {
  const parsed = URL.parse(url)
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol))
    throw new Error('the address of the database is no postgres:// URL')
  return parsed
}
