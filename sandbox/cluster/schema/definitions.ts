import { readFileSync } from 'node:fs'

/** One definition of the API's schema, as recorded by test/real/kubernetes/record.ts from a real API server. */
export type Definition = {
  readonly $ref?: string
  readonly type?: string
  readonly format?: string
  readonly properties?: Readonly<Record<string, Definition>>
  readonly additionalProperties?: Definition
  readonly items?: Definition
  readonly required?: readonly string[]
  readonly 'x-kubernetes-group-version-kind'?: readonly { group: string; version: string; kind: string }[]
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'map' | 'set'
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular'
  readonly 'x-kubernetes-patch-strategy'?: string
  readonly 'x-kubernetes-patch-merge-key'?: string
  /** How empty fields are written: left out, or there with this value. */
  readonly 'x-zero'?: { readonly omit: readonly string[]; readonly keep: Readonly<Record<string, unknown>> }
}

export type Definitions = Readonly<Record<string, Definition>>

export const definitions = load<Definitions>('definitions.json')

const byReference = new Map(
  Object.entries(definitions).map(([name, definition]) => [`#/definitions/${name}`, definition]),
)

const byKind = new Map(
  Object.entries(definitions).flatMap(([name, definition]) =>
    (definition['x-kubernetes-group-version-kind'] ?? []).map(
      (one) => [`${one.group}/${one.version}/${one.kind}`, name] as const,
    ),
  ),
)

export function load<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as T
}

/** The definition's name of a kind. @throws Error for a kind that was not recorded. */
export function definitionOf(group: string, version: string, kind: string): string {
  const name = byKind.get(`${group}/${version}/${kind}`)
  if (name === undefined) throw new Error(`no schema of ${group}/${version} ${kind}`)
  return name
}

export function definitionNamed(name: string): Definition {
  return definitions[name] ?? {}
}

/** Follows a reference; a definition without one is itself. */
export function resolve(definition: Definition | undefined): Definition | undefined {
  const reference = definition?.$ref
  return reference === undefined ? definition : byReference.get(reference)
}

/** What a reference names, for messages: `DeploymentSpec`. */
export function shortName(definition: Definition | undefined): string | undefined {
  const reference = definition?.$ref
  return reference === undefined ? undefined : reference.slice(reference.lastIndexOf('.') + 1)
}

/** The definition of one field of an object, or of a map's values. */
export function fieldOf(parent: Definition | undefined, key: string): Definition | undefined {
  const own = resolve(parent)
  return own?.properties?.[key] ?? own?.additionalProperties
}
