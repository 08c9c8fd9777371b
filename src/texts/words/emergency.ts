import { type Mrkdwn, mrkdwn } from '../escape.ts'
import type { Both } from '../language.ts'

/** Sentences of the form that breaks glass. */
const en = {
  title: 'Emergency rollback',
  about: (app: Mrkdwn, to: string | undefined): Mrkdwn =>
    to === undefined
      ? mrkdwn`${app} goes back to its last healthy revision, also when its rollout is paused.`
      : mrkdwn`${app} goes back to revision ${to}, also when its rollout is paused.`,
  anyApp: mrkdwn`It goes back to its last healthy revision, also when its rollout is paused.`,
  next: mrkdwn`You see the plan first. When you confirm it, the people on call are paged, and another person reviews it afterwards.`,
  reason: 'Why it cannot wait',
  reasonPlaceholder: 'What is going wrong, and for whom?',
  reasonNeeded: 'An emergency needs a written reason; nothing was started.',
  paused: (who: Mrkdwn | undefined): Mrkdwn =>
    mrkdwn`△ Its rollout is paused${who === undefined ? '' : mrkdwn` by ${who}`}: it goes back only as an emergency (below), or when it is resumed.`,
  box: 'It is an emergency: also when the rollout is paused',
  boxAbout: 'Needs a reason; pages the people on call; reviewed by another person.',
  boxLabel: 'Emergency',
  button: 'Emergency…',
}

const es: typeof en = {
  title: 'Vuelta de emergencia',
  about: (app, to) =>
    to === undefined
      ? mrkdwn`${app} vuelve a su última revisión sana, también con el rollout en pausa.`
      : mrkdwn`${app} vuelve a la revisión ${to}, también con el rollout en pausa.`,
  anyApp: mrkdwn`Vuelve a su última revisión sana, también con el rollout en pausa.`,
  next: mrkdwn`Primero ves el plan. Cuando lo confirmes se avisa a quien está de guardia, y después otra persona lo revisa.`,
  reason: 'Por qué no puede esperar',
  reasonPlaceholder: '¿Qué va mal, y para quién?',
  reasonNeeded: 'Una emergencia necesita un motivo escrito; no se ha empezado nada.',
  paused: (who) =>
    mrkdwn`△ Su rollout está en pausa${who === undefined ? '' : mrkdwn` por ${who}`}: solo vuelve como emergencia (abajo), o cuando se reanude.`,
  box: 'Es una emergencia: también con el rollout en pausa',
  boxAbout: 'Necesita un motivo; avisa a la guardia; otra persona la revisa.',
  boxLabel: 'Emergencia',
  button: 'Emergencia…',
}

export const emergencyWords: Both<typeof en> = { en, es }
