import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, ops, type Room, startRoom } from './workspace.ts'

let room: Room

beforeAll(async () => {
  room = await startRoom()
})
afterAll(() => room.stop())

describe('files', () => {
  test('a file goes up by URL and arrives in a thread', async () => {
    const { ts } = await room.call('chat.postMessage', { channel: ops, text: 'card' })
    const content = 'line 1\nline 2 ñ'
    await room.web.filesUploadV2({
      channel_id: ops,
      thread_ts: String(ts),
      filename: 'evidence.log',
      title: 'Evidence',
      content,
      initial_comment: 'kept',
    })
    const thread = (await room.call('conversations.replies', { channel: ops, ts }))['messages'] as Answer[]
    expect(thread.at(-1)).toMatchObject({
      text: 'kept',
      files: [{ title: 'Evidence', name: 'evidence.log', size: Buffer.byteLength(content) }],
    })
    const [file] = (thread.at(-1) as { files?: { id: string; url_private: string }[] } | undefined)?.files ?? []
    const shown = await fetch(file?.url_private ?? '')
    expect(await shown.text()).toBe(content)
    expect(shown.headers.get('content-security-policy')).toContain('sandbox')
    expect(await room.call('files.info', { file: file?.id })).toMatchObject({ file: { title: 'Evidence' } })
  })

  test('what was never sent cannot be completed', async () => {
    const { file_id: id } = await room.call('files.getUploadURLExternal', { filename: 'a', length: 3 })
    expect(await room.call('files.completeUploadExternal', { files: [{ id }], channel_id: ops })).toEqual({
      ok: false,
      error: 'file_not_found',
    })
    expect(await room.call('files.info', { file: id })).toEqual({ ok: false, error: 'file_not_found' })
  })

  test('a length that was not the announced one is refused', async () => {
    const { upload_url: url } = await room.call('files.getUploadURLExternal', { filename: 'a', length: 3 })
    const response = await fetch(String(url), { method: 'POST', body: 'four' })
    expect(response.status).toBe(400)
  })
})
