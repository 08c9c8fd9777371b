import htm from 'htm'
import { type ComponentChildren, h } from 'preact'

/** What a component gives back: nodes, text, or nothing. */
export type Drawn = ComponentChildren

/** Templates that become nodes; text in them is never HTML. */
export const html: (strings: TemplateStringsArray, ...values: unknown[]) => Drawn = htm.bind(h)

/** Joins class names, leaving out what does not hold. */
export const classes = (...names: (string | false | undefined | null)[]) => names.filter(Boolean).join(' ')
