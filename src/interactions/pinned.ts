import { addIncidentEntry, incidentOfChannel } from '../store/incidents.ts'
import type { Asker, Surface } from '../surface/types.ts'

/** 📌 on a message in an incident's channel keeps it in the timeline. */
export const pinReaction = 'pushpin'

export async function keepInTimeline(
  surface: Surface,
  asker: Asker,
  item: { readonly channel: string; readonly ts: string },
): Promise<void> {
  const { db } = surface.desk.services
  const incident = await incidentOfChannel(db, item.channel)
  if (incident === undefined) return
  const found = await surface.web.conversations.history({
    channel: item.channel,
    latest: item.ts,
    oldest: item.ts,
    inclusive: true,
    limit: 1,
  })
  const text = found.messages?.[0]?.text ?? ''
  await addIncidentEntry(db, incident.id, {
    kind: 'note',
    actor: asker.actor,
    data: { text: text.slice(0, 1000), ts: item.ts },
  })
}
