import type { App, BlockAction } from '@slack/bolt'
import type { KnownBlock } from '@slack/web-api'
import { planCard, progressBlocks, rollbackModal, secondModal } from './cards.ts'

/** What the app was told, for tests to look at. */
export type Heard = {
  readonly commands: string[]
  readonly actions: { action_id: string; value: unknown }[]
  readonly submissions: unknown[]
  readonly closed: string[]
  readonly shortcuts: string[]
}

/** A small app that uses all of the page: commands, modals with stack and errors, buttons, selects, a home. */
export function listenAsApp(app: App): Heard {
  const heard: Heard = { commands: [], actions: [], submissions: [], closed: [], shortcuts: [] }
  app.command('/rollback', async ({ ack, body, client }) => {
    heard.commands.push(body.text)
    await ack()
    if (body.text === '') await client.views.open({ trigger_id: body.trigger_id, view: rollbackModal })
    else await client.chat.postMessage({ channel: body.channel_id, text: 'Roll back porttrack-app', blocks: planCard })
  })
  app.command('/status', ({ ack }) => ack({ response_type: 'ephemeral', text: '*porttrack-app*: 3 of 3 pods ready' }))
  // Acknowledging too late is what this one is for.
  app.command('/silent', async () => {})
  app.action(/.*/, async ({ ack, action, body, client }) => {
    const { action_id, ...rest } = Object(action) as { action_id: string } & Record<string, unknown>
    const chosen = rest['value'] ?? rest['selected_option'] ?? rest['selected_options'] ?? rest['selected_date']
    heard.actions.push({ action_id, value: chosen })
    if (action_id === 'unanswered') return
    await ack()
    const { channel, message, trigger_id, view } = body as BlockAction
    if (action_id === 'confirm' && channel && message)
      await client.chat.update({
        channel: channel.id,
        ts: message.ts,
        text: 'Rolling back',
        blocks: progressBlocks('Confirmed'),
      })
    if (action_id === 'more' && view) await client.views.push({ trigger_id, view: secondModal })
  })
  app.view('rollback', async ({ ack, view }) => {
    heard.submissions.push(view.state.values)
    const reason = view.state.values['reason']?.['reason']?.value
    if (reason !== 'no') await ack()
    else await ack({ response_action: 'errors', errors: { reason: 'Say why in more than two letters.' } })
  })
  app.view({ type: 'view_closed', callback_id: 'rollback' }, async ({ ack, view }) => {
    heard.closed.push(view.callback_id)
    await ack()
  })
  app.options('external', ({ ack, payload }) =>
    ack({
      options: ['alpha', 'beta', 'gamma']
        .filter((one) => one.includes(payload.value))
        .map((one) => ({ text: { type: 'plain_text', text: one }, value: one })),
    }),
  )
  app.shortcut('timeline', async ({ ack, shortcut }) => {
    heard.shortcuts.push(shortcut.callback_id)
    await ack()
  })
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: homeBlocks } })
  })
  return heard
}

const homeBlocks: KnownBlock[] = [
  { type: 'header', text: { type: 'plain_text', text: 'PortTrack' } },
  {
    type: 'section',
    text: { type: 'mrkdwn', text: '*porttrack-app* · 3 of 3 pods ready · rev. 41' },
    accessory: { type: 'button', action_id: 'home:roll', text: { type: 'plain_text', text: 'Roll back' } },
  },
]
