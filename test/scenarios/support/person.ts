/** What a person does, through the calls of docs/sandbox.md: the page itself uses the same. */

type Json = Record<string, unknown>

export type Message = {
  readonly ts: string
  readonly text: string
  readonly user?: string
  readonly bot_id?: string
  readonly thread_ts?: string
  readonly reply_count?: number
  readonly is_ephemeral?: boolean
  readonly blocks?: readonly Json[]
}

export type View = {
  readonly id: string
  readonly callback_id?: string
  readonly title: { readonly text: string }
  readonly blocks: readonly Json[]
  readonly private_metadata?: string
}

export type Person = {
  readonly name: string
  command(text: string, channel?: string): Promise<Json>
  messages(channel: string, threadTs?: string): Promise<Message[]>
  channels(): Promise<{ id: string; name: string; topic: string; is_member: boolean }[]>
  view(): Promise<View | null>
  click(target: { channel: string; ts: string } | { view_id: string }, actionId: string, more?: Json): Promise<Json>
  submit(view: View, values: Json): Promise<Json>
}

export const ops = 'C0OPS'

export function person(page: string, name: string): Person {
  const post = async (path: string, body: Json): Promise<Json> => {
    const answer = await fetch(new URL(`person/${path}`, page), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: name, ...body }),
    })
    return (await answer.json()) as Json
  }
  const get = async (path: string, query: Record<string, string>): Promise<unknown> => {
    const url = new URL(`person/${path}`, page)
    for (const [key, value] of Object.entries({ user: name, ...query })) url.searchParams.set(key, value)
    return (await fetch(url)).json()
  }
  const listed = async <T>(path: string, key: string, query: Record<string, string> = {}): Promise<T[]> => {
    const answer = await get(path, query)
    return (Array.isArray(answer) ? answer : (answer as Record<string, T[]>)[key]) as T[]
  }
  return {
    name,
    command: (text, channel = ops) => post('command', { channel, text }),
    messages: (channel, threadTs) =>
      listed('messages', 'messages', { channel, ...(threadTs === undefined ? {} : { thread_ts: threadTs }) }),
    channels: () => listed('channels', 'channels'),
    view: async () => {
      const answer = (await get('view', {})) as { view?: View | null } | View | null
      return answer !== null && 'view' in answer ? (answer.view ?? null) : (answer as View | null)
    },
    click: (target, actionId, more = {}) => post('click', { ...target, action_id: actionId, ...more }),
    submit: (view, values) => post('submit', { view_id: view.id, values }),
  }
}

/** All text of a message or view as one string, for reading it as a person does. */
export function textOf(thing: unknown): string {
  if (typeof thing === 'string') return thing
  if (Array.isArray(thing)) return thing.map(textOf).join('\n')
  if (typeof thing !== 'object' || thing === null) return ''
  return Object.entries(thing)
    .filter(([key]) => !['type', 'block_id', 'action_id', 'value', 'ts', 'user', 'style'].includes(key))
    .map(([, value]) => textOf(value))
    .filter((text) => text !== '')
    .join('\n')
}

/** The action_ids of the buttons of a message, in order. */
export function buttonsOf(message: Message): { action_id: string; text: string; value?: string; style?: string }[] {
  return (message.blocks ?? []).flatMap((block) => {
    const elements = [
      ...((block['elements'] as Json[] | undefined) ?? []),
      ...(block['accessory'] === undefined ? [] : [block['accessory'] as Json]),
    ]
    return elements
      .filter((element) => element['type'] === 'button')
      .map((element) => ({
        action_id: String(element['action_id']),
        text: textOf(element['text']),
        ...(element['value'] === undefined ? {} : { value: String(element['value']) }),
        ...(element['style'] === undefined ? {} : { style: String(element['style']) }),
      }))
  })
}

/** Asks until the answer is there. @throws Error that tells what was last seen, after `seconds` */
export async function until<T>(what: string, look: () => Promise<T | undefined | false>, seconds = 20): Promise<T> {
  const deadline = Date.now() + seconds * 1000
  let seen: unknown
  for (;;) {
    try {
      const found = await look()
      if (found !== undefined && found !== false) return found
      seen = found
    } catch (error) {
      seen = error
    }
    if (Date.now() > deadline) throw new Error(`not seen within ${seconds} s: ${what} (last: ${String(seen)})`)
    await new Promise((resolve) => setTimeout(resolve, 60))
  }
}
