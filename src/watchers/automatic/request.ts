import type { Catalog } from '../../catalog/schema.ts'
import type { StartRequest } from '../../operations/types.ts'
import type { Actor } from '../../store/types.ts'
import type { BadRelease } from '../bad-releases/types.ts'

/** Who acts when nobody asked. */
export const releasesWatcher: Actor = { kind: 'watcher', name: 'releases' }

/** The rollback that a bad release calls for: no revision named, so the last healthy one is chosen, never one that failed. */
export function rollbackOf(release: BadRelease): Pick<StartRequest, 'operation' | 'params'> {
  return { operation: 'rollback', params: { app: release.app } }
}

/** One run for one release, whoever asks and however often. */
export function requestOf(release: BadRelease, catalog: Catalog): StartRequest {
  return {
    ...rollbackOf(release),
    actor: releasesWatcher,
    origin: { surface: 'watcher', language: catalog.language },
    idempotencyKey: `automatic/${release.app}/${release.uid}/${release.templateKey}/${release.revision}`,
  }
}

/** The key of a release in the store. */
export const keyOf = ({ app, uid, templateKey }: BadRelease) => ({ app, uid, templateKey })

/** What the audit keeps of what was seen; pods' own words are in the run's evidence. */
export function seenIn(release: BadRelease): Readonly<Record<string, unknown>> {
  const { app, revision, source, signal, releasedAt, visibleAt, judgedAt } = release
  const sights = release.sights.slice(0, 5).map(({ message: _message, ...sight }) => sight)
  return { app, revision, source, signal, releasedAt, visibleAt, judgedAt, sights }
}
