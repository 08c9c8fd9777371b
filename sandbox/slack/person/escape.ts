import { findChannelByName } from '../model/channels.ts'
import type { World } from '../model/world.ts'

/** What a person types, as Slack stores it: `&`, `<` and `>` escaped, names turned into references. */
export function asTyped(world: World, text: string): string {
  return withMentions(world, text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'))
}

/** `@ana` and `#general` become references where they name somebody or something. */
export function withMentions(world: World, text: string): string {
  const broadcast = text.replace(/(^|[\s(])@(here|channel|everyone)\b/g, '$1<!$2>')
  const people = broadcast.replace(/(^|[\s(])@([\p{L}\p{N}._-]+)/gu, (all, before: string, name: string) => {
    const user = [...world.users.values()].find((one) => one.name.toLowerCase() === name.toLowerCase())
    return user === undefined ? all : `${before}<@${user.id}>`
  })
  return people.replace(/(^|[\s(])#([\p{L}\p{N}_-]+)/gu, (all, before: string, name: string) => {
    const channel = findChannelByName(world, name)
    return channel === undefined ? all : `${before}<#${channel.id}|${channel.name}>`
  })
}
