import { z } from 'zod'
import { attempt, type SlackResult } from '../../services/slack/errors.ts'
import { uploadText } from '../../services/slack/files.ts'
import type { Place } from '../../services/slack/post.ts'
import { listEvidence, readEvidence } from '../../store/evidence.ts'
import { listMessages, rememberMessage } from '../../store/messages.ts'
import type { Claimed } from '../../store/outbox.ts'
import { threadEvidenceCard } from '../../texts/cards/thread.ts'
import { inLanguage, type Look } from '../../texts/language.ts'
import type { RunView } from '../../texts/views.ts'
import { runWords } from '../../texts/words/run.ts'
import { runOwner } from '../incident/owners.ts'
import { later } from '../later.ts'
import { ensureMessage } from '../message.ts'
import type { Delivered, SlackContext } from '../types.ts'

/** At the end of a run: what was kept before anything changed, named in the thread and put there as one file. */
export async function deliverEvidence(
  context: SlackContext,
  entry: Claimed,
  view: RunView,
  parent: Place,
  look: Look,
): Promise<Delivered | undefined> {
  const { run, evidence } = view
  if (run.state !== 'ended' || evidence.length === 0) return undefined
  const owner = runOwner(run.id)
  const roles = (await listMessages(context.db, owner)).map(({ role }) => role)
  if (roles.includes('file:done')) return undefined
  const said = await ensureMessage(context, entry, {
    owner,
    role: 'evidence',
    channel: parent.channel,
    threadTs: parent.ts,
    card: () => threadEvidenceCard(view, look),
    state: 'evidence',
    since: run.createdAt,
  })
  if (said.kind === 'failed') return later(said.failure, entry)
  const name = `${run.id}-evidence.txt`
  const mark = (role: string) => rememberMessage(context.db, { owner, role, channel: parent.channel, ts: '' })
  if (roles.includes('file:begun')) {
    const there = await findFile(context, parent, name)
    if (there.kind !== 'ok') return later(there, entry)
    if (there.value) {
      await mark('file:done')
      return undefined
    }
  }
  await mark('file:begun')
  const title = inLanguage(runWords, look).thread.file(run.id)
  const file = { channel: parent.channel, threadTs: parent.ts, name, title, content: await evidenceText(context, view) }
  const sent = await uploadText(context.lanes.state, file)
  const wait = sent.kind === 'ok' ? undefined : later(sent, entry)
  if (wait !== undefined) return wait
  if (sent.kind !== 'ok')
    context.log.warn(
      { run: run.id, failure: sent.kind },
      'the evidence could not be put into the thread; it is in the store',
    )
  await mark('file:done')
  return undefined
}

const largestFile = 1_000_000

async function evidenceText(context: SlackContext, { run }: RunView): Promise<string> {
  const parts: string[] = []
  let length = 0
  for (const { name, position } of await listEvidence(context.db, run.id)) {
    const item = await readEvidence(context.db, run.id, position)
    const text = `===== ${name} =====\n${item?.content ?? ''}\n`
    if (length + text.length > largestFile) {
      parts.push(`===== ${name} =====\n(only in the store: the file would be too large)\n`)
      continue
    }
    parts.push(text)
    length += text.length
  }
  return parts.join('\n')
}

const repliesSchema = z.object({
  messages: z.array(z.object({ files: z.array(z.object({ name: z.string().nullish() })).optional() })).default([]),
})

/** An upload has no key of ours: after an uncertain one the thread is looked through for the file's name. */
async function findFile(context: SlackContext, parent: Place, name: string): Promise<SlackResult<boolean>> {
  return attempt(async () => {
    const answer = await context.lanes.state.conversations.replies({
      channel: parent.channel,
      ts: parent.ts,
      limit: 200,
    })
    return repliesSchema.parse(answer).messages.some(({ files }) => files?.some((file) => file.name === name) === true)
  })
}
