import { randomBytes } from 'node:crypto'
import { App, HTTPReceiver, type Receiver, type RespondFn } from '@slack/bolt'
import type { Logger } from 'pino'
import { commands } from './commands/index.ts'
import type { Environment } from './config/environment.ts'
import { registerEvents } from './interactions/events.ts'
import { forms } from './interactions/forms.ts'
import { buttons } from './interactions/index.ts'
import { chooseDatabase } from './interactions/recover-modal.ts'
import { chooseApp } from './interactions/rollback-modal.ts'
import { slackAck } from './metrics.ts'
import type { Desk } from './operations/desk.ts'
import { libraryLog, type SlackLanes } from './services/slack/lanes.ts'
import { makeAskers } from './surface/askers.ts'
import type { Asker, Reply, Surface } from './surface/types.ts'
import { modalIds, recoverInputs, rollbackInputs } from './texts/actions.ts'
import { noticeCard } from './texts/cards/notice.ts'
import { readRecoverValues } from './texts/modals/recover-values.ts'
import { readRollbackValues } from './texts/modals/rollback-values.ts'

/**
 * Builds the Bolt app: every request of Slack is acknowledged, resolved to a person, and handed to one function.
 * Does not listen.
 */
export function buildApp(desk: Desk, lanes: SlackLanes, receiver: Receiver, token: string, log: Logger): App {
  const app = new App({
    receiver,
    // The token's own identity is not needed, so Slack need not answer before the bot can.
    authorize: async () => ({ botToken: token }),
    logger: libraryLog(log),
    ignoreSelf: false,
  })
  const askers = makeAskers(lanes.interactive, desk.services)
  const surface: Surface = { desk, askers, web: lanes.interactive, log }
  registerCommands(app, surface)
  registerButtons(app, surface)
  registerModals(app, surface)
  registerEvents(app, surface, askers.refresh)
  app.error(async (error) => log.error({ err: error }, 'a request of Slack failed'))
  return app
}

/** Slack waits 3 s; what takes longer than this is answered later. */
const mostAckMs = 1_000

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref())

/** HTTP instead of Socket Mode: Slack's signature is checked over the raw body. */
export function openHttp(environment: Environment, log: Logger): HTTPReceiver {
  return new HTTPReceiver({
    signingSecret: environment.SLACK_SIGNING_SECRET ?? '',
    endpoints: ['/slack/events'],
    logger: libraryLog(log),
  })
}

function registerCommands(app: App, surface: Surface): void {
  for (const command of commands)
    app.command(command.name, async ({ command: sent, ack, respond }) => {
      await acknowledged(ack)
      await guarded(surface, sent.user_id, replyBy(respond, surface), (asker, reply) =>
        command.handle({
          surface,
          asker,
          text: sent.text,
          channel: sent.channel_id,
          triggerId: sent.trigger_id,
          key: `command:${sent.trigger_id}`,
          reply,
        }),
      )
    })
}

function registerButtons(app: App, surface: Surface): void {
  for (const [actionId, handle] of Object.entries(buttons))
    app.action({ type: 'block_actions', action_id: actionId }, async ({ body, action, ack, respond }) => {
      const value = 'value' in action ? action.value : undefined
      const work = guarded(surface, body.user.id, replyBy(respond, surface), (asker, reply) =>
        handle({
          surface,
          asker,
          value,
          channel: body.channel?.id,
          triggerId: body.trigger_id,
          key: `click:${body.user.id}:${actionId}:${'action_ts' in action ? action.action_ts : body.trigger_id}`,
          reply,
        }),
      )
      // A decision is written down before Slack is told that it arrived: killed in between, Slack sends the click again.
      await Promise.race([work, pause(mostAckMs)])
      await acknowledged(ack)
      await work
    })
}

function registerModals(app: App, surface: Surface): void {
  for (const [id, form] of Object.entries(forms))
    app.view({ callback_id: id, type: 'view_submission' }, async ({ body, view, ack }) => {
      const asker = await surface.askers.find(body.user.id)
      const submission = { viewId: view.id, metadata: view.private_metadata, values: view.state.values }
      const errors = await form.submit(surface, asker, submission).catch((error: unknown) => {
        surface.log.error({ err: error, form: id }, 'the form could not be handled')
        return { [form.block]: noticeCard({ kind: 'store_away' }, asker.look).text }
      })
      await ack(errors === undefined ? undefined : { response_action: 'errors', errors: { ...errors } })
    })
  app.action({ type: 'block_actions', action_id: rollbackInputs.app.action }, async ({ body, ack }) => {
    await acknowledged(ack)
    if (body.view === undefined) return
    const { id, private_metadata: metadata, state } = body.view
    const { app: chosen, reason, emergency } = readRollbackValues(state.values)
    // The form of an emergency has nothing to fill in after the choice.
    if (chosen === undefined || body.view.callback_id !== modalIds.rollback) return
    const asker = await surface.askers.find(body.user.id)
    await chooseApp(surface, asker, { id, metadata, reason, emergency }, chosen)
  })
  app.action({ type: 'block_actions', action_id: recoverInputs.database.action }, async ({ body, ack }) => {
    await acknowledged(ack)
    if (body.view === undefined) return
    const { id, private_metadata: metadata, state } = body.view
    const { database, reason } = readRecoverValues(state.values)
    if (database !== undefined)
      await chooseDatabase(surface, await surface.askers.find(body.user.id), { id, metadata, reason }, database)
  })
  const { point, scope, apps, onlyLive } = recoverInputs
  for (const { action } of [point, scope, apps, onlyLive])
    app.action({ type: 'block_actions', action_id: action }, async ({ ack }) => ack())
  // Choices inside a form are read when it is sent.
  for (const { action } of [rollbackInputs.revision, rollbackInputs.color, rollbackInputs.emergency])
    app.action({ type: 'block_actions', action_id: action }, async ({ ack }) => ack())
}

async function acknowledged(ack: () => Promise<void>): Promise<void> {
  const end = slackAck.startTimer()
  await ack()
  end()
}

/** One catch for everything that a person asks: they get an answer and an id for the logs, never silence. */
async function guarded(
  surface: Surface,
  userId: string,
  reply: Reply,
  body: (asker: Asker, reply: Reply) => Promise<void>,
): Promise<void> {
  const asker = await surface.askers.find(userId)
  try {
    await body(asker, reply)
  } catch (error) {
    const id = randomBytes(4).toString('hex')
    surface.log.error({ err: error, id, user: asker.person.name }, 'a request failed')
    await reply(noticeCard({ kind: 'unexpected', id }, asker.look))
  }
}

function replyBy(respond: RespondFn, surface: Surface): Reply {
  return async (card, how) => {
    await respond({
      response_type: 'ephemeral',
      replace_original: how?.replace ?? false,
      text: card.text,
      blocks: card.blocks,
    }).catch((error: unknown) => surface.log.warn({ err: error }, 'an answer did not reach the person'))
  }
}
