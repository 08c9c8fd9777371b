import type { Language } from '../catalog/schema.ts'

/** Who reads, and when: all that a card needs besides its data. */
export type Look = { readonly language: Language; readonly now: Date }

/** Both languages side by side: Spanish is typed by English, so a missing sentence does not compile. */
export type Both<T> = { readonly en: T; readonly es: T }

export const inLanguage = <T>(both: Both<T>, look: Pick<Look, 'language'>): T => both[look.language]
