import type { AppEntry } from '../../catalog/schema.ts'
import type { Desk } from '../../operations/desk.ts'
import { type WatchedApp, watchBadReleases } from '../bad-releases/watch.ts'
import { rest } from '../leader.ts'
import { followQuestions } from './ask.ts'
import { onBadRelease, resumeReleases } from './handle.ts'

const everyMs = 2_000

/** The apps that the catalog lets the bot ask or act about; the others are not even watched. */
export function watchedApps(apps: Readonly<Record<string, AppEntry>>): readonly WatchedApp[] {
  return Object.entries(apps)
    .filter(([, { automatic }]) => automatic.mode !== 'off')
    .map(([app, { automatic }]) => ({ app, windowSeconds: automatic.windowMinutes * 60 }))
}

/** Watches for bad releases and settles each, until the signal. One replica at a time does it. */
export async function watchReleases(desk: Desk, signal: AbortSignal): Promise<void> {
  const { services } = desk
  const apps = watchedApps(services.catalog.apps)
  await Promise.all([
    watchBadReleases(services, apps, (release, ending) => onBadRelease(desk, release, ending), signal),
    follow(desk, signal),
  ])
}

/** What was left undecided, and the questions that people have not answered. */
async function follow(desk: Desk, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await resumeReleases(desk, signal)
      await followQuestions(desk)
    } catch (error) {
      if (!signal.aborted) desk.services.log.warn({ err: error }, 'bad releases could not be followed; trying again')
    }
    await rest(everyMs, signal)
  }
}
