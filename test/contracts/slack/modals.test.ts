import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { goodModal } from './fixtures/good-blocks.ts'
import { type Answer, type Heard, heardAs, ops, type Room, startBolt, startRoom } from './workspace.ts'

let room: Room
let bolt: { stop(): Promise<void> }
let now = 0
let triggers: string[] = []
const heard: { type: string; payload: Heard }[] = []
/** What the app answers to the next submission. */
let response: object | undefined
/** What happens before the app answers a submission. */
let beforeAnswer: () => Promise<unknown> = async () => undefined
/** What the app does on a click, before it acks. */
let onClick: (trigger: string) => Promise<unknown> = async () => undefined

beforeAll(async () => {
  room = await startRoom({ clock: () => Date.now() + now })
  bolt = await startBolt(room, (app) => {
    app.command('/status', async ({ ack, command }) => {
      triggers.push(command.trigger_id)
      await ack()
    })
    app.action(/.*/, async ({ ack, body, payload }) => {
      heard.push({ type: 'action', payload: heardAs(payload) })
      await onClick('trigger_id' in body ? String(body.trigger_id) : '')
      await ack()
    })
    app.view({ callback_id: 'everything', type: 'view_submission' }, async ({ ack, view }) => {
      heard.push({ type: 'submission', payload: heardAs(view) })
      await beforeAnswer()
      await (response === undefined ? ack() : ack(response as never))
    })
    app.view({ callback_id: 'everything', type: 'view_closed' }, async ({ ack, body }) => {
      heard.push({ type: 'closed', payload: heardAs(body) })
      await ack()
    })
    app.options('search', async ({ ack, payload }) => {
      await ack({
        options: [{ text: { type: 'plain_text', text: `found ${payload.value}` }, value: `v-${payload.value}` }],
      })
    })
  })
})
afterAll(async () => {
  await bolt.stop()
  await room.stop()
})
afterEach(async () => {
  response = undefined
  beforeAnswer = async () => undefined
  onClick = async () => undefined
  now = 0
  for (let view = await shown(); view !== null; view = await shown())
    await room.post('close', { user: 'ana', view_id: view['id'] })
  heard.length = 0
})

const shown = async (user = 'ana') => (await room.get(`view?user=${user}`))['view'] as Answer | null

/** What the open modal's inputs hold. */
async function values(): Promise<Record<string, unknown>> {
  const view = (await shown()) as { state?: { values: Record<string, unknown> } } | null
  return view?.state?.values ?? {}
}

async function trigger(user = 'ana'): Promise<string> {
  triggers = []
  await room.post('command', { user, channel: ops, text: '/status' })
  return triggers[0] ?? ''
}

async function open(view: object = goodModal): Promise<Answer> {
  const answer = await room.call('views.open', { trigger_id: await trigger(), view })
  expect(answer).toMatchObject({ ok: true })
  return answer['view'] as Answer
}

const submit = (view: Answer, values: object, user = 'ana') =>
  room.post('submit', { user, view_id: view['id'], values })
const reason = { reason: { v: 'it is broken' } }
const other = { ...goodModal, callback_id: 'everything', title: { type: 'plain_text', text: 'Second' } }

describe('triggers', () => {
  test('work once', async () => {
    const id = await trigger()
    expect(await room.call('views.open', { trigger_id: id, view: goodModal })).toMatchObject({ ok: true })
    expect(await room.call('views.open', { trigger_id: id, view: goodModal })).toEqual({
      ok: false,
      error: 'exchanged_trigger_id',
    })
  })

  test('live 3 s', async () => {
    const id = await trigger()
    now = 3100
    expect(await room.call('views.open', { trigger_id: id, view: goodModal })).toEqual({
      ok: false,
      error: 'expired_trigger_id',
    })
    expect(await shown()).toBeNull()
  })

  test('are not made up, and belong to one person', async () => {
    expect(await room.call('views.open', { trigger_id: '1.2.abc', view: goodModal })).toEqual({
      ok: false,
      error: 'invalid_trigger_id',
    })
    await room.call('views.open', { trigger_id: await trigger('luis'), view: goodModal })
    expect(await shown()).toBeNull()
    const view = await shown('luis')
    expect(await room.post('close', { user: 'ana', view_id: view?.['id'] })).toMatchObject({
      ok: false,
      error: 'view_not_found',
    })
    expect(await room.post('close', { user: 'luis', view_id: view?.['id'] })).toEqual({ ok: true })
  })
})

describe('updating', () => {
  test('what was typed stays where the input stays, and goes where it changed', async () => {
    const view = await open()
    await room.post('click', {
      user: 'ana',
      view_id: view['id'],
      action_id: 'press',
      values: { reason: { v: 'typed' }, mail: { v: 'a@b.example' } },
    })
    const blocks = goodModal.blocks.filter((block) => block.block_id !== 'mail')
    await room.call('views.update', { view_id: view['id'], view: { ...goodModal, blocks } })
    const state = await values()
    expect(state['reason']).toEqual({ v: { type: 'plain_text_input', value: 'typed' } })
    expect(state).not.toHaveProperty('mail')
  })

  test('with an old hash conflicts and changes nothing', async () => {
    const view = await open()
    const first = await room.call('views.update', { view_id: view['id'], hash: view['hash'], view: other })
    expect(first).toMatchObject({ ok: true, view: { title: { text: 'Second' } } })
    expect(await room.call('views.update', { view_id: view['id'], hash: view['hash'], view: goodModal })).toEqual({
      ok: false,
      error: 'hash_conflict',
    })
    expect(await shown()).toMatchObject({ title: { text: 'Second' } })
  })

  test('by external id, which only one view may have', async () => {
    await open({ ...goodModal, external_id: 'run-1' })
    expect(
      await room.call('views.update', { external_id: 'run-1', view: { ...other, external_id: 'run-1' } }),
    ).toMatchObject({ ok: true })
    const answer = await room.call('views.open', {
      trigger_id: await trigger('luis'),
      view: { ...goodModal, external_id: 'run-1' },
    })
    expect(answer).toEqual({ ok: false, error: 'duplicate_external_id' })
  })

  test('a view that was closed is not found', async () => {
    const view = await open()
    await room.post('close', { user: 'ana', view_id: view['id'] })
    expect(await room.call('views.update', { view_id: view['id'], view: other })).toEqual({
      ok: false,
      error: 'not_found',
    })
  })
})

describe('the stack', () => {
  test('holds three views; the fourth is one too many', async () => {
    const root = await open()
    const results: Answer[] = []
    onClick = async (id) => results.push(await room.call('views.push', { trigger_id: id, view: other }))
    for (let depth = 0; depth < 3; depth++) {
      await room.post('click', { user: 'ana', view_id: (await shown())?.['id'], action_id: 'press' })
    }
    expect(results.map((one) => one['error'] ?? 'ok')).toEqual(['ok', 'ok', 'push_limit_reached'])
    expect(await shown()).toMatchObject({ root_view_id: root['id'], title: { text: 'Second' } })
  })

  test('pushing needs a click in a modal', async () => {
    await open()
    expect(await room.call('views.push', { trigger_id: await trigger(), view: other })).toEqual({
      ok: false,
      error: 'not_found',
    })
  })

  test('closing the top shows the one below, and the app hears of it', async () => {
    const root = await open()
    onClick = (id) => room.call('views.push', { trigger_id: id, view: other })
    await room.post('click', { user: 'ana', view_id: root['id'], action_id: 'press' })
    const top = await shown()
    await room.post('close', { user: 'ana', view_id: top?.['id'] })
    expect(await shown()).toMatchObject({ id: root['id'] })
    expect(heard.filter((one) => one.type === 'closed').map((one) => (one.payload['view'] as Answer)['id'])).toEqual([
      top?.['id'],
    ])
  })
})

describe('submitting', () => {
  test("every plain value becomes the state that Slack's payload has", async () => {
    const view = await open()
    const answer = await submit(view, {
      ...reason,
      revision: { v: '41' },
      app: { v: 'porttrack-api' },
      tags: { v: ['a'] },
      who: { v: ['U0ANA'] },
      mail: { v: 'ana@porttrack.example' },
      link: { v: 'https://example.com/x' },
      when: { v: 1_800_000_000 },
      rich: { v: 'a note' },
    })
    expect(answer).toEqual({ ok: true })
    expect(await shown()).toBeNull()
    expect(heard[0]?.payload).toMatchObject({
      private_metadata: 'kept',
      state: {
        values: {
          reason: { v: { type: 'plain_text_input', value: 'it is broken' } },
          revision: { v: { type: 'number_input', value: '41' } },
          app: {
            v: { type: 'static_select', selected_option: { value: 'porttrack-api', text: { text: 'porttrack-api' } } },
          },
          tags: { v: { type: 'checkboxes', selected_options: [{ value: 'a' }] } },
          who: { v: { type: 'multi_users_select', selected_users: ['U0ANA'] } },
          mail: { v: { type: 'email_text_input', value: 'ana@porttrack.example' } },
          link: { v: { type: 'url_text_input', value: 'https://example.com/x' } },
          when: { v: { type: 'datetimepicker', selected_date_time: 1_800_000_000 } },
          rich: { v: { type: 'rich_text_input', rich_text_value: { type: 'rich_text' } } },
          search: { search: { type: 'external_select', selected_option: null } },
        },
      },
    })
  })

  test.each([
    ['a required input left empty', {}, { reason: 'Please complete this required field.' }],
    ['a text that is too short', { reason: { v: 'no' } }, { reason: 'Must be at least 3 characters.' }],
    ['a text that is too long', { reason: { v: 'x'.repeat(21) } }, { reason: 'Must be no more than 20 characters.' }],
    ['a number out of range', { ...reason, revision: { v: '100' } }, { revision: 'Must be 99 or less.' }],
    ['a number with decimals', { ...reason, revision: { v: '1.5' } }, { revision: 'Must be a whole number.' }],
    ['no email address', { ...reason, mail: { v: 'ana' } }, { mail: 'Must be an email address.' }],
    ['too many people', { ...reason, who: { v: ['U0ANA', 'U0LUIS', 'U0MARTA'] } }, { who: 'Choose no more than 2.' }],
  ])('%s never reaches the app', async (_what, values, errors) => {
    expect(await submit(await open(), values)).toEqual({ ok: false, error: 'invalid_inputs', errors })
    expect(await shown()).toMatchObject({ errors })
    expect(heard).toEqual([])
  })

  test.each([
    ['a block that is not there', { nothing: { v: 'a' } }, 'values.nothing'],
    ['an action that is not there', { reason: { w: 'a' } }, 'values.reason.w'],
    ['a value that is none of the options', { ...reason, app: { v: 'other' } }, 'values.app.v'],
  ])('%s is a wrong body', async (_what, values, field) => {
    expect(await submit(await open(), values)).toMatchObject({ ok: false, field, allowed: expect.anything() })
  })

  test("the app's errors stand under its inputs and the view stays", async () => {
    const view = await open()
    response = { response_action: 'errors', errors: { reason: 'Say more.' } }
    expect(await submit(view, reason)).toEqual({ ok: false, error: 'invalid_inputs', errors: { reason: 'Say more.' } })
    expect(await shown()).toMatchObject({ id: view['id'], errors: { reason: 'Say more.' } })
  })

  test('errors for what is no input are useless', async () => {
    response = { response_action: 'errors', errors: { buttons: 'Say more.' } }
    expect(await submit(await open(), reason)).toMatchObject({ ok: false, error: 'invalid_response' })
  })

  test('the app may show another view instead, push one, or clear all', async () => {
    const view = await open()
    response = { response_action: 'update', view: other }
    await submit(view, reason)
    expect(await shown()).toMatchObject({ id: view['id'], title: { text: 'Second' } })
    response = { response_action: 'push', view: goodModal }
    await submit(view, reason)
    expect(await shown()).toMatchObject({ previous_view_id: view['id'], title: { text: 'Everything' } })
    response = { response_action: 'clear' }
    await submit((await shown()) as Answer, reason)
    expect(await shown()).toBeNull()
  })

  test('an answer to a view that was closed meanwhile opens nothing', async () => {
    const view = await open()
    response = { response_action: 'push', view: other }
    beforeAnswer = () => room.post('close', { user: 'ana', view_id: view['id'] })
    expect(await submit(view, reason)).toEqual({ ok: true })
    expect(await shown()).toBeNull()
  })

  test('a view that Slack would refuse is no answer', async () => {
    response = { response_action: 'update', view: { ...other, title: { type: 'plain_text', text: 'x'.repeat(25) } } }
    expect(await submit(await open(), reason)).toMatchObject({
      ok: false,
      error: 'invalid_response',
      problems: ['invalid_arguments', expect.stringContaining('/view/title/text')],
    })
  })

  test('twice at once reaches the app twice: it must not act twice', async () => {
    const view = await open()
    // Neither is answered before both have come: an answer closes the view.
    const both = Promise.withResolvers<void>()
    beforeAnswer = () => {
      if (heard.length === 2) both.resolve()
      return both.promise
    }
    const answers = await Promise.all([submit(view, reason), submit(view, reason)])
    beforeAnswer = async () => undefined
    expect(answers).toEqual([{ ok: true }, { ok: true }])
    expect(heard.map((one) => one.payload['id'])).toEqual([view['id'], view['id']])
    expect(await submit(view, reason)).toMatchObject({ ok: false, error: 'view_not_found' })
  })
})

describe('inside a view', () => {
  test('a select tells the app and keeps the choice', async () => {
    const view = await open()
    expect(
      await room.post('click', {
        user: 'ana',
        view_id: view['id'],
        action_id: 'v',
        block_id: 'app',
        selected_option: 'porttrack-app',
      }),
    ).toEqual({ ok: true })
    expect(heard[0]?.payload).toMatchObject({
      type: 'static_select',
      block_id: 'app',
      selected_option: { value: 'porttrack-app' },
    })
    expect(await values()).toMatchObject({
      app: { v: { selected_option: { value: 'porttrack-app' } } },
    })
  })

  test('an external menu is filled by the app, and takes what it suggested', async () => {
    const view = await open()
    const place = { user: 'ana', view_id: view['id'], action_id: 'search' }
    expect(
      await room.post('submit', {
        user: 'ana',
        view_id: view['id'],
        values: { ...reason, search: { search: 'v-pod' } },
      }),
    ).toMatchObject({ field: 'values.search.search' })
    expect(await room.post('suggest', { ...place, value: 'pod' })).toMatchObject({
      ok: true,
      options: [{ value: 'v-pod' }],
    })
    expect(await submit(view, { ...reason, search: { search: 'v-pod' } })).toEqual({ ok: true })
    expect(heard[0]?.payload).toMatchObject({
      state: { values: { search: { search: { selected_option: { text: { text: 'found pod' } } } } } },
    })
  })
})

describe('home', () => {
  test('a person who looks the first time opens it; the app publishes', async () => {
    const home = { type: 'home', blocks: [{ type: 'header', text: { type: 'plain_text', text: 'Runs' } }] }
    expect(await room.call('views.publish', { user_id: 'U0MARTA', view: home })).toMatchObject({ ok: true })
    expect(await room.get('home?user=marta')).toMatchObject({
      ok: true,
      view: { type: 'home', blocks: [{ type: 'header' }] },
    })
    expect(await room.call('views.publish', { user_id: 'U0MARTA', hash: 'old', view: home })).toEqual({
      ok: false,
      error: 'hash_conflict',
    })
    expect(await room.call('views.publish', { user_id: 'U0MARTA', view: goodModal })).toMatchObject({
      error: 'invalid_arguments',
    })
  })
})
