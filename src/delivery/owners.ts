import type { RunId } from '../store/types.ts'

/** Whose messages are remembered in the store. */
export const runOwner = (id: RunId): string => `run/${id}`
export const incidentOwner = (id: string): string => `incident/${id}`

/** A mark instead of a message: the channel of an incident could not be made. */
export const noChannel = 'no-channel'
