import type { Exchange } from '../http/exchange.ts'

/** A permalink (`/archives/<channel>/p<ts>`) leads to its place on the page: `/#/<channel>[/<thread ts>]`. */
export function openPermalink({ rest, query, response }: Exchange): void {
  const [channel = ''] = rest.split('/')
  const thread = query.get('thread_ts')
  const place = [channel, ...(thread === null ? [] : [thread])].map(encodeURIComponent).join('/')
  response.writeHead(302, { location: `/#/${place}`, 'cache-control': 'no-store' }).end()
}
