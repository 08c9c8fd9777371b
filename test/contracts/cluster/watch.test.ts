import { describe, expect, it } from 'vitest'
import { type Client, until } from './client.ts'
import { at, cluster, core, items, patch, post } from './helpers.ts'

type Event = { type: string; object: Record<string, unknown> }

/** Watches in the background; `events` grows. */
function follow(client: Client, path: string) {
  const abort = new AbortController()
  const events: Event[] = []
  let ended = false
  const done = (async () => {
    for await (const event of client.watch(path, abort.signal)) events.push(event)
  })()
    .catch(() => {})
    .finally(() => {
      ended = true
    })
  const names = () => events.map((one) => `${one.type} ${at(one.object, 'metadata', 'name') ?? ''}`.trim())
  const stop = () => {
    abort.abort()
    return done
  }
  return { events, names, isEnded: () => ended, [Symbol.asyncDispose]: stop }
}

const config = (name: string, labels: Record<string, string> = {}) => ({ metadata: { name, labels } })

describe('watches and pages', () => {
  it('what is there first, then every change, with the versions of the changes', async () => {
    await using world = await cluster()
    await post(world.client, `${core}/configmaps`, config('a', { watched: 'yes' }))
    await using watch = follow(world.client, `${core}/configmaps?watch=1&labelSelector=watched`)
    await until(
      'the first event',
      () => watch.events.length,
      (count) => count === 1,
    )
    await post(world.client, `${core}/configmaps`, config('b', { watched: 'yes' }))
    await patch(world.client, `${core}/configmaps/a`, 'merge', { data: { x: '1' } })
    await world.client.call(`${core}/configmaps/b`, { method: 'DELETE' })
    await until('all events', watch.names, (names) => names.length === 4)
    expect(watch.names()).toEqual(['ADDED a', 'ADDED b', 'MODIFIED a', 'DELETED b'])
    const versions = watch.events.map((one) => Number(at(one.object, 'metadata', 'resourceVersion')))
    expect(versions).toEqual([...versions].sort((a, b) => a - b))
  })

  it('an object that leaves the selection is deleted for that watcher', async () => {
    await using world = await cluster()
    await post(world.client, `${core}/configmaps`, config('a', { colour: 'blue' }))
    await using watch = follow(world.client, `${core}/configmaps?watch=1&labelSelector=colour%3Dblue`)
    await until(
      'the first event',
      () => watch.events.length,
      (count) => count === 1,
    )
    await patch(world.client, `${core}/configmaps/a`, 'merge', { metadata: { labels: { colour: 'green' } } })
    await patch(world.client, `${core}/configmaps/a`, 'merge', { metadata: { labels: { colour: 'blue' } } })
    await until('all events', watch.names, (names) => names.length === 3)
    expect(watch.names()).toEqual(['ADDED a', 'DELETED a', 'ADDED a'])
  })

  it('a watch from a list misses nothing and repeats nothing', async () => {
    await using world = await cluster()
    await post(world.client, `${core}/configmaps`, config('a'))
    const version = at((await world.client.call(`${core}/configmaps`)).body, 'metadata', 'resourceVersion')
    await post(world.client, `${core}/configmaps`, config('b'))
    await using watch = follow(world.client, `${core}/configmaps?watch=1&resourceVersion=${version}`)
    await until('the change between', watch.names, (names) => names.includes('ADDED b'))
    expect(watch.names()).toEqual(['ADDED b'])
  })

  it('bookmarks come when asked, also on a quiet watch', async () => {
    await using world = await cluster({ bookmarkMs: 30 })
    await using watch = follow(
      world.client,
      `${core}/configmaps?watch=1&resourceVersion=1&allowWatchBookmarks=true&fieldSelector=metadata.name%3Dnone`,
    )
    await until(
      'two bookmarks',
      () => watch.events.filter((one) => one.type === 'BOOKMARK').length,
      (count) => count >= 2,
    )
    expect(Number(at(watch.events.at(-1)?.object, 'metadata', 'resourceVersion'))).toBeGreaterThan(1)
  })

  it('a version that is forgotten ends in an ERROR event with 410 inside an answer of 200', async () => {
    await using world = await cluster()
    const version = at((await world.client.call(`${core}/configmaps`)).body, 'metadata', 'resourceVersion')
    await post(world.client, `${core}/configmaps`, config('a'))
    world.server.compact()
    await using watch = follow(world.client, `${core}/configmaps?watch=1&resourceVersion=${version}`)
    await until('the end', watch.isEnded, (ended) => ended)
    expect(watch.events).toMatchObject([
      {
        type: 'ERROR',
        object: {
          kind: 'Status',
          code: 410,
          reason: 'Expired',
          message: expect.stringContaining('too old resource version'),
        },
      },
    ])
  })

  it('a version of the future is a 504 that says when to come back', async () => {
    await using world = await cluster()
    const { status, body, headers } = await world.client.call(`${core}/pods?resourceVersion=99999999`)
    expect([status, headers.get('retry-after')]).toEqual([504, '1'])
    expect(body).toMatchObject({
      reason: 'Timeout',
      details: { causes: [{ reason: 'ResourceVersionTooLarge' }], retryAfterSeconds: 1 },
    })
  })

  it('timeoutSeconds ends a watch in peace', async () => {
    await using world = await cluster()
    await using watch = follow(
      world.client,
      `${core}/configmaps?watch=1&timeoutSeconds=1&fieldSelector=metadata.name%3Dnone`,
    )
    await until('the end', watch.isEnded, (ended) => ended)
    expect(watch.events).toEqual([])
  })

  it('pages are one snapshot, though objects come and go between them', async () => {
    await using world = await cluster({ controllers: false })
    for (const name of ['a', 'b', 'c', 'd']) await post(world.client, `${core}/secrets`, config(name))
    const first = await world.client.call(`${core}/secrets?limit=2`)
    expect(at(first.body, 'metadata', 'remainingItemCount')).toBe(2)
    await world.client.call(`${core}/secrets/c`, { method: 'DELETE' })
    await post(world.client, `${core}/secrets`, config('bb'))
    const second = await world.client.call(`${core}/secrets?limit=2&continue=${at(first.body, 'metadata', 'continue')}`)
    expect([...items(first), ...items(second)].map((one) => at(one, 'metadata', 'name'))).toEqual(['a', 'b', 'c', 'd'])
    expect(items(first)[0], 'items carry no kind').not.toHaveProperty('kind')
  })

  it('a page of a forgotten snapshot is 410, with a token that goes on without it', async () => {
    await using world = await cluster({ controllers: false })
    for (const name of ['a', 'b', 'c']) await post(world.client, `${core}/secrets`, config(name))
    const first = await world.client.call(`${core}/secrets?limit=1`)
    await post(world.client, `${core}/secrets`, config('d'))
    world.server.compact()
    const late = await world.client.call(`${core}/secrets?limit=1&continue=${at(first.body, 'metadata', 'continue')}`)
    expect(late.body).toMatchObject({ code: 410, reason: 'Expired' })
    const on = await world.client.call(`${core}/secrets?continue=${at(late.body, 'metadata', 'continue')}`)
    expect(items(on).map((one) => at(one, 'metadata', 'name'))).toEqual(['b', 'c', 'd'])
  })

  it('a cut watch breaks, a silenced one stays open and says nothing', async () => {
    await using world = await cluster({ bookmarkMs: 20 })
    await using cut = follow(world.client, `${core}/configmaps?watch=1&allowWatchBookmarks=true`)
    await until(
      'a bookmark',
      () => cut.events.length,
      (count) => count > 1,
    )
    world.server.watches.cut()
    await until('the break', cut.isEnded, (ended) => ended)
    await using quiet = follow(world.client, `${core}/configmaps?watch=1&allowWatchBookmarks=true`)
    await until(
      'a bookmark',
      () => quiet.events.length,
      (count) => count > 1,
    )
    world.server.watches.silence()
    await using other = follow(world.client, `${core}/configmaps?watch=1&allowWatchBookmarks=true`)
    const heard = quiet.events.length
    await until(
      'bookmarks of another watch',
      () => other.events.length,
      (count) => count > 5,
    )
    expect(quiet.events.length).toBeLessThanOrEqual(heard + 1)
    expect(quiet.isEnded()).toBe(false)
  })
})
