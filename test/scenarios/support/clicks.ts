import { buttonsOf, type Message, type Person, type View } from './person.ts'

/** A person whose presses are counted: a button, its question ("are you sure"), the submit of a form. Typing is none. */
export type Counted = {
  readonly clicks: () => number
  press(channel: string, message: Message, action: string): Promise<void>
  send(view: View, values: Record<string, unknown>): Promise<Record<string, unknown>>
}

export function counted(who: Person): Counted {
  let clicks = 0
  return {
    clicks: () => clicks,
    press: async (channel, message, action) => {
      if (!buttonsOf(message).some((button) => button.action_id === action))
        throw new Error(`the message has no button ${action}`)
      const asks = JSON.stringify(message.blocks).split(`"${action}"`)[1]?.split('"type":"button"')[0] ?? ''
      clicks += asks.includes('"confirm":{') ? 2 : 1
      const answer = await who.click({ channel, ts: message.ts }, action)
      if (answer['ok'] !== true) throw new Error(`the click was not taken: ${JSON.stringify(answer)}`)
    },
    send: async (view, values) => {
      clicks += 1
      return who.submit(view, values)
    },
  }
}
