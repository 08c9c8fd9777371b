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
      { form: '/rollback porttrack-web to green', does: 'the switch to that color, for an app that has two' },
      {
        form: '/rollback porttrack-app emergency reason 500 on every page',
        does: 'also when the rollout is paused; needs a reason, pages the people on call, and is reviewed by another person afterwards',
      },
    ],
    more: 'Nothing changes before somebody presses the button on the plan. Every finished run can be undone.',
  },
  '/recover': {
    about: 'Brings a database back: proves a copy beside it, shows what would be lost, exchanges both in an instant.',
    lines: [
      { form: '/recover db', does: 'a form with the databases and their backups' },
      { form: '/recover db porttrack from latest', does: 'prepares the newest backup, at once' },
      { form: '/recover db porttrack from nightly/monday.dump', does: 'a certain backup' },
      { form: '/recover db porttrack latest copy', does: 'only a copy to look at; nothing is replaced' },
      { form: '/recover db porttrack latest scale', does: 'with its apps scaled to 0 meanwhile' },
      { form: '/recover db porttrack table public.bookings', does: 'PostgreSQL: one table, or one schema' },
      { form: '/recover mongo', does: 'the form with the databases of MongoDB' },
      {
        form: '/recover mongo porttrack_nosql latest only-live aside',
        does: 'collections that the backup does not have are put aside; otherwise they stay in use',
      },
    ],
    more: 'Nothing in use changes before a second person approves. What is replaced stays for the way back.',
  },
  '/status': {
    about: 'How everything in the catalog is, within two seconds.',
    lines: [
      { form: '/status', does: 'all components; those in trouble first' },
      { form: '/status app', does: 'one kind: app, db, node or monitoring' },
      { form: '/status porttrack-app', does: 'one component with its pods and checks' },
      { form: '/status db porttrack', does: 'a database: size, connections, its last backup, its last proved restore' },
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
      {
        form: '/rescue automatic [app] [act|ask|off] [for 2h]',
        does: 'what it does by itself about bad releases; stricter for a while',
      },
      { form: '/rescue reviews', does: 'emergencies that another person still has to look at' },
    ],
    more: 'Also: /status, /rollback, /recover. Put help after any of them.',
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
      { form: '/rollback porttrack-web a green', does: 'el cambio a ese color, en una app que tiene dos' },
      {
        form: '/rollback porttrack-app emergencia motivo 500 en todas las páginas',
        does: 'también con el rollout en pausa; necesita un motivo, avisa a quien está de guardia, y después otra persona lo revisa',
      },
    ],
    more: 'No cambia nada hasta que alguien pulsa el botón del plan. Toda ejecución terminada se puede deshacer.',
  },
  '/recover': {
    about: 'Trae de vuelta una base: comprueba una copia al lado, enseña qué se perdería y las cambia en un instante.',
    lines: [
      { form: '/recover db', does: 'un formulario con las bases y sus backups' },
      { form: '/recover db porttrack desde ultimo', does: 'prepara el backup más nuevo, directamente' },
      { form: '/recover db porttrack desde nightly/lunes.dump', does: 'un backup concreto' },
      { form: '/recover db porttrack ultimo copia', does: 'solo una copia para mirarla; no se sustituye nada' },
      { form: '/recover db porttrack ultimo escalar', does: 'con sus apps escaladas a 0 mientras tanto' },
      { form: '/recover db porttrack tabla public.bookings', does: 'PostgreSQL: una tabla, o un esquema' },
      { form: '/recover mongo', does: 'el formulario con las bases de MongoDB' },
      {
        form: '/recover mongo porttrack_nosql ultimo solo-vivas apartar',
        does: 'las colecciones que el backup no tiene se apartan; si no, siguen en uso',
      },
    ],
    more: 'No cambia nada en uso hasta que otra persona lo aprueba. Lo sustituido se queda para poder volver.',
  },
  '/status': {
    about: 'Cómo está todo lo del catálogo, en menos de dos segundos.',
    lines: [
      { form: '/status', does: 'todos los componentes; primero los que tienen problemas' },
      { form: '/status app', does: 'una clase: app, db, node o monitoring' },
      { form: '/status porttrack-app', does: 'un componente con sus pods y chequeos' },
      {
        form: '/status db porttrack',
        does: 'una base: tamaño, conexiones, su último backup, su última restauración comprobada',
      },
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
      {
        form: '/rescue automático [app] [actuar|preguntar|apagado] [durante 2h]',
        does: 'qué hace por sí mismo con las releases malas; más estricto un rato',
      },
      { form: '/rescue reviews', does: 'emergencias que otra persona aún tiene que mirar' },
    ],
    more: 'También: /status, /rollback, /recover. Pon ayuda detrás de cualquiera.',
  },
}

export type HelpCommand = keyof typeof en
export const helpWords: Both<Record<HelpCommand, Help>> = { en, es }
