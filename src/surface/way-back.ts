import type { Colors } from '../catalog/colors.ts'
import type { Catalog } from '../catalog/schema.ts'
import { type BadInput, fold } from './words.ts'

/** What a person asked for with `/rollback`, its form or the terminal. */
export type WayBackAsked = {
  readonly app: string
  readonly toRevision?: number | undefined
  /** A colour of the app, by its name in the catalog. */
  readonly toColor?: string | undefined
  readonly emergency?: boolean | undefined
  readonly reason?: string | undefined
}

export type WayBack =
  | {
      readonly kind: 'way_back'
      readonly operation: 'rollback' | 'switch-color'
      readonly params: Readonly<Record<string, unknown>>
    }
  | BadInput

export function colorsOf(catalog: Catalog, app: string | undefined): Colors | undefined {
  return app !== undefined && Object.hasOwn(catalog.apps, app) ? catalog.apps[app]?.colors : undefined
}

/**
 * The operation that undoes a release of this app: a rollback, or the switch to its other colour. An emergency has nothing
 * to be quicker with there: the switch is one change, and stops no rollout.
 */
export function wayBack(catalog: Catalog, asked: WayBackAsked): WayBack {
  const { app, toRevision, toColor, emergency, reason } = asked
  const colors = colorsOf(catalog, app)
  const why = reason === undefined ? {} : { reason }
  if (colors === undefined) {
    if (toColor !== undefined)
      return { kind: 'bad_input', field: 'revision', value: toColor, allowed: [], hint: 'number' }
    return {
      kind: 'way_back',
      operation: 'rollback',
      params: {
        app,
        ...(toRevision === undefined ? {} : { toRevision }),
        ...(emergency === true ? { emergency } : {}),
        ...why,
      },
    }
  }
  const names = colors.sides.map(({ name }) => name)
  if (toRevision !== undefined || (toColor !== undefined && !names.includes(toColor)))
    return { kind: 'bad_input', field: 'color', value: toColor ?? String(toRevision), allowed: names, hint: 'names' }
  return {
    kind: 'way_back',
    operation: 'switch-color',
    params: { app, ...(toColor === undefined ? {} : { to: toColor }), ...why },
  }
}

/** Words for colours, as people type them in the other language. */
const translations: Readonly<Record<string, string>> = {
  blue: 'azul',
  green: 'verde',
  red: 'rojo',
  yellow: 'amarillo',
  black: 'negro',
  white: 'blanco',
}

/** Every word that means a colour of the catalog, with the name that it has there. */
export function colorWords(catalog: Catalog): ReadonlyMap<string, string> {
  const names = Object.values(catalog.apps).flatMap(({ colors }) => colors?.sides.map(({ name }) => name) ?? [])
  const translated = Object.entries(translations).flatMap(([english, spanish]) => [
    ...(names.includes(english) ? [[spanish, english] as const] : []),
    ...(names.includes(spanish) ? [[english, spanish] as const] : []),
  ])
  return new Map([...translated, ...names.map((name) => [fold(name), name] as const)])
}

/** An app that was left out is answered with the apps there are; a wrong colour with those of its app. */
export function withNames(asked: BadInput & { readonly app?: string | undefined }, catalog: Catalog): BadInput {
  if (asked.field === 'app') return { ...asked, allowed: Object.keys(catalog.apps) }
  const colors = asked.field === 'revision' ? colorsOf(catalog, asked.app) : undefined
  if (colors === undefined) return asked
  return { ...asked, field: 'color', allowed: colors.sides.map(({ name }) => name), hint: 'names' }
}
