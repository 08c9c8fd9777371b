import type { Origin } from '../store/types.ts'
import type { Surface } from './types.ts'

/** Where a request from Slack came from; channels are told in the catalog's language. */
export function originOf(surface: Surface, channel: string | undefined): Origin {
  const { language } = surface.desk.services.catalog
  return { surface: 'slack', language, ...(channel === undefined ? {} : { channel }) }
}
