import { type Mrkdwn, mrkdwn } from '../escape.ts'
import type { Both } from '../language.ts'

const en = {
  preparing: (what: Mrkdwn): Mrkdwn => mrkdwn`Preparing: ${what}`,
  harmless: mrkdwn`Nothing in use is touched. When this is done you see what was found, and a second person decides.`,
}

const es: typeof en = {
  preparing: (what) => mrkdwn`Preparando: ${what}`,
  harmless: mrkdwn`No se toca nada de lo que está en uso. Cuando acabe verás qué se encontró, y decidirá una segunda persona.`,
}

export const preparingWords: Both<typeof en> = { en, es }
