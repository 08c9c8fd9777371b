import type { RunId } from '../../store/types.ts'

/** Whose messages are remembered in the store. */
export const runOwner = (id: RunId): string => `run/${id}`
/** Goes with the run, also when old runs are removed. */
export const reviewOwner = (id: RunId): string => `run/${id}/review`
export const incidentOwner = (id: string): string => `incident/${id}`

/** A mark instead of a message: the channel where a run is told. It stays, also when the bot joins or leaves channels later. */
export const home = 'home'
/** A mark: whoever asked was told in private. */
export const toldPrivately = 'told'
/** A mark instead of a message: the channel of an incident could not be made. */
export const noChannel = 'no-channel'
