import { randomBytes } from 'node:crypto'
import type { Clock } from './types.ts'

const livesMs = 3000
/** Long enough to tell an expired trigger from one that never was. */
const rememberedMs = 10 * 60_000

type Trigger = { readonly userId: string; readonly viewId: string | undefined }

export type Triggers = {
  /** @param viewId the modal that the interaction came from, which `views.push` needs */
  issue(userId: string, viewId?: string): string
  /** Uses a trigger up; it works once and for 3 s. */
  exchange(id: string): Trigger | 'invalid_trigger_id' | 'exchanged_trigger_id' | 'expired_trigger_id'
}

export function createTriggers(clock: Clock): Triggers {
  const issued = new Map<string, Trigger & { readonly at: number; used: boolean }>()
  return {
    issue: (userId, viewId) => {
      for (const [old, { at }] of issued) if (clock() - at > rememberedMs) issued.delete(old)
      const id = `${Math.floor(clock())}.${randomBytes(4).readUInt32BE()}.${randomBytes(16).toString('hex')}`
      issued.set(id, { userId, viewId, at: clock(), used: false })
      return id
    },
    exchange: (id) => {
      const trigger = issued.get(id)
      if (trigger === undefined) return 'invalid_trigger_id'
      if (trigger.used) return 'exchanged_trigger_id'
      if (clock() - trigger.at > livesMs) return 'expired_trigger_id'
      trigger.used = true
      return trigger
    },
  }
}
