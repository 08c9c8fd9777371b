import type { Both } from '../language.ts'

export type HelpLine = { readonly form: string; readonly does: string }
export type Help = { readonly about: string; readonly lines: readonly HelpLine[]; readonly more: string }

/** One help a command; `rescue` also lists the others. */
const en = {
  '/rollback': {
    about: 'Undoes a release: shows a plan, waits for a click, changes one thing, verifies it.',
    lines: [
      { form: '/rollback', does: 'a form with the apps and their revisions' },
      { form: '/rollback porttrack-app', does: 'the same, with the app chosen' },
      { form: '/rollback porttrack-app to 41', does: 'the plan for revision 41, at once' },
      { form: '/rollback porttrack-app to 41 reason 500 on login', does: 'with a reason for the audit' },
      {
        form: '/rollback porttrack-app emergency reason 500 on every page',
        does: 'at once, also when the rollout is paused; needs a reason, and pages the people on call afterwards',
      },
    ],
    more: 'Nothing changes before somebody presses the button on the plan. Every finished run can be undone.',
  },
  '/status': {
    about: 'How everything in the catalog is, within two seconds.',
    lines: [
      { form: '/status', does: 'all components; those in trouble first' },
      { form: '/status app', does: 'one kind: app, db, node or monitoring' },
      { form: '/status porttrack-app', does: 'one component with its pods and checks' },
    ],
    more: 'It only looks; it changes nothing.',
  },
  '/rescue': {
    about: 'Everything about runs.',
    lines: [
      { form: '/rescue runs', does: 'the last runs' },
      { form: '/rescue run R-0042', does: 'one run with its steps' },
      { form: '/rescue stop R-0042', does: 'stops it after the step under way' },
      { form: '/rescue undo R-0042', does: 'plans its way back' },
      { form: '/rescue audit [R-0042|verify]', does: 'who did what; verify checks that nobody changed it' },
      { form: '/rescue locks', does: 'what is held now, and by whom' },
      { form: '/rescue policy', does: 'who may do what' },
    ],
    more: 'Also: /status, /rollback. Put help after any of them.',
  },
} satisfies Record<string, Help>

const es: Record<keyof typeof en, Help> = {
  '/rollback': {
    about: 'Deshace una release: enseña un plan, espera un clic, cambia una cosa y la verifica.',
    lines: [
      { form: '/rollback', does: 'un formulario con las apps y sus revisiones' },
      { form: '/rollback porttrack-app', does: 'lo mismo, con la app elegida' },
      { form: '/rollback porttrack-app a 41', does: 'el plan para la revisión 41, directamente' },
      { form: '/rollback porttrack-app a 41 motivo 500 al entrar', does: 'con un motivo para la auditoría' },
      {
        form: '/rollback porttrack-app emergencia motivo 500 en todas las páginas',
        does: 'al momento, también con el rollout en pausa; necesita un motivo, y después avisa a quien está de guardia',
      },
    ],
    more: 'No cambia nada hasta que alguien pulsa el botón del plan. Toda ejecución terminada se puede deshacer.',
  },
  '/status': {
    about: 'Cómo está todo lo del catálogo, en menos de dos segundos.',
    lines: [
      { form: '/status', does: 'todos los componentes; primero los que tienen problemas' },
      { form: '/status app', does: 'una clase: app, db, node o monitoring' },
      { form: '/status porttrack-app', does: 'un componente con sus pods y chequeos' },
    ],
    more: 'Solo mira; no cambia nada.',
  },
  '/rescue': {
    about: 'Todo sobre las ejecuciones.',
    lines: [
      { form: '/rescue runs', does: 'las últimas ejecuciones' },
      { form: '/rescue run R-0042', does: 'una ejecución con sus pasos' },
      { form: '/rescue stop R-0042', does: 'la detiene tras el paso en curso' },
      { form: '/rescue undo R-0042', does: 'planea su vuelta atrás' },
      { form: '/rescue audit [R-0042|verify]', does: 'quién hizo qué; verify comprueba que nadie lo cambió' },
      { form: '/rescue locks', does: 'qué está bloqueado ahora, y por quién' },
      { form: '/rescue policy', does: 'quién puede hacer qué' },
    ],
    more: 'También: /status, /rollback. Pon ayuda detrás de cualquiera.',
  },
}

export type HelpCommand = keyof typeof en
export const helpWords: Both<Record<HelpCommand, Help>> = { en, es }
