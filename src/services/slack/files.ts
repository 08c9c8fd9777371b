import type { WebClient } from '@slack/web-api'
import { attempt, type SlackResult } from './errors.ts'

export type TextFile = {
  readonly channel: string
  readonly threadTs: string
  readonly name: string
  readonly title: string
  readonly content: string
}

/** Uploads a text into a thread. The upload goes to an address that Slack gives, so the client must allow that. */
export async function uploadText(client: WebClient, file: TextFile): Promise<SlackResult<undefined>> {
  return attempt(async () => {
    await client.filesUploadV2({
      channel_id: file.channel,
      thread_ts: file.threadTs,
      filename: file.name,
      title: file.title,
      content: file.content,
    })
    return undefined
  })
}
