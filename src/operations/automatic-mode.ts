import { type AutomaticMode, automaticModes, stricterMode } from '../catalog/automatic.ts'
import { hasRole, type Person, peopleWith } from '../catalog/people.ts'
import type { AppEntry, Role } from '../catalog/schema.ts'
import { appendAudit } from '../store/audit.ts'
import { listOverrides, setOverride } from '../store/automatic.ts'
import { transaction } from '../store/db.ts'
import type { Actor, OverrideRow } from '../store/types.ts'
import { mayStart } from './policy.ts'
import type { Services } from './services.ts'

/** What the bot may do by itself about an app at this moment. */
export type PresentMode = {
  readonly app: string
  readonly mode: AutomaticMode
  /** The catalog's: nothing goes beyond it. */
  readonly allowed: AutomaticMode
  /** What people set, where it still holds. */
  readonly override: OverrideRow | undefined
  /** When somebody last touched it with /rescue automatic, also to set it back. */
  readonly touchedAt: Date | undefined
}

/** The stricter of the catalog's mode and what people set, as long as that holds. Pure. */
export function presentMode(
  app: string,
  entry: Pick<AppEntry, 'automatic'>,
  row: OverrideRow | undefined,
  now: Date,
): PresentMode {
  const holds = row?.mode !== undefined && (row.until === undefined || row.until > now)
  const allowed = entry.automatic.mode
  const override = holds ? row : undefined
  const mode = override?.mode === undefined ? allowed : stricterMode(allowed, override.mode)
  return { app, mode, allowed, override, touchedAt: row?.at }
}

/** Of one app, or of all in the catalog's order. */
export async function presentModes(services: Pick<Services, 'db' | 'catalog'>, app?: string): Promise<PresentMode[]> {
  const rows = await listOverrides(services.db)
  const now = new Date()
  return Object.entries(services.catalog.apps)
    .filter(([name]) => app === undefined || app === name)
    .map(([name, entry]) =>
      presentMode(
        name,
        entry,
        rows.find((row) => row.app === name),
        now,
      ),
    )
}

export type ModeSet =
  | { readonly kind: 'set'; readonly mode: PresentMode }
  | { readonly kind: 'unknown_app'; readonly value: string; readonly allowed: readonly string[] }
  /** The catalog allows less: it is the people's written consent, and no command goes beyond it. */
  | { readonly kind: 'beyond_catalog'; readonly app: string; readonly allowed: AutomaticMode }
  | { readonly kind: 'denied'; readonly needed: Role; readonly who: readonly string[] }

export type ModeWish = {
  readonly app: string
  readonly mode: AutomaticMode
  /** Absent: until somebody sets it back. */
  readonly minutes?: number | undefined
}

/**
 * Makes the bot stricter about an app for a while, or sets it back to what the catalog says; any operator may do both.
 * Audited. Setting it back also counts as a person's act after an automatic rollback that failed.
 */
export async function setMode(
  services: Pick<Services, 'db' | 'catalog'>,
  wish: ModeWish,
  person: Person,
  actor: Actor,
): Promise<ModeSet> {
  const { db, catalog } = services
  const entry = Object.hasOwn(catalog.apps, wish.app) ? catalog.apps[wish.app] : undefined
  if (entry === undefined) return { kind: 'unknown_app', value: wish.app, allowed: Object.keys(catalog.apps) }
  if (!hasRole(person.role, mayStart)) return { kind: 'denied', needed: mayStart, who: peopleWith(catalog, mayStart) }
  const allowed = entry.automatic.mode
  if (automaticModes.indexOf(wish.mode) > automaticModes.indexOf(allowed))
    return { kind: 'beyond_catalog', app: wish.app, allowed }
  // The catalog's own mode is no override: it holds by itself.
  const mode = wish.mode === allowed || wish.mode === 'act' ? undefined : wish.mode
  const until =
    mode === undefined || wish.minutes === undefined ? undefined : new Date(Date.now() + wish.minutes * 60_000)
  await transaction(db, async (tx) => {
    await setOverride(tx, { app: wish.app, mode, until, actor })
    await appendAudit(tx, {
      kind: 'automatic',
      actor,
      data: { app: wish.app, mode: wish.mode, ...(until === undefined ? {} : { until: until.toISOString() }) },
    })
  })
  const [present] = await presentModes(services, wish.app)
  if (present === undefined) throw new Error(`the catalog lost the app ${wish.app}`)
  return { kind: 'set', mode: present }
}
