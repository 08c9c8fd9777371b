import type { StepState } from '../../store/types.ts'
import type { Both } from '../language.ts'
import type { ComponentState } from '../views.ts'

/** Words that every card shares. A state is a shape and a word; never a colour alone. */
const en = {
  states: {
    healthy: '✓ healthy',
    progressing: '→ rolling out',
    degraded: '△ degraded',
    down: '✗ down',
    unknown: '? unknown',
  } satisfies Record<ComponentState, string>,
  steps: {
    pending: 'waiting',
    running: 'under way',
    done: 'done',
    failed: 'failed',
    skipped: 'not needed',
  } satisfies Record<StepState, string>,
  kinds: { app: 'Apps', database: 'Databases', monitor: 'Monitoring', node: 'Nodes' },
  notDone: 'not done',
  roles: { viewer: 'viewer', operator: 'operator', approver: 'approver' },
  days: (n: number) => (n === 1 ? '1 day' : `${n} days`),
  and: 'and',
  or: 'or',
  more: (n: number) => `and ${n} more`,
  bot: 'the bot',
  releasesWatcher: 'the release watcher',
  backupsWatcher: 'the backup watcher',
  pods: (n: number) => (n === 1 ? '1 pod' : `${n} pods`),
  times: (n: number) => (n === 1 ? 'once' : `${n} times`),
  people: (n: number) => (n === 1 ? 'one person' : `${n} people`),
  nothingChanged: 'Nothing was changed.',
  elsewhere: (n: number) => (n === 1 ? '1 more line is in the thread.' : `${n} more lines are in the thread.`),
  loading: 'Reading the cluster…',
  close: 'Close',
  back: 'Back',
}

const es: typeof en = {
  states: {
    healthy: '✓ sano',
    progressing: '→ desplegando',
    degraded: '△ degradado',
    down: '✗ caído',
    unknown: '? sin datos',
  },
  steps: { pending: 'en espera', running: 'en curso', done: 'hecho', failed: 'falló', skipped: 'no hizo falta' },
  kinds: { app: 'Apps', database: 'Bases de datos', monitor: 'Monitorización', node: 'Nodos' },
  notDone: 'no se hizo',
  roles: { viewer: 'observador', operator: 'operador', approver: 'aprobador' },
  days: (n) => (n === 1 ? '1 día' : `${n} días`),
  and: 'y',
  or: 'o',
  more: (n) => `y ${n} más`,
  bot: 'el bot',
  releasesWatcher: 'el vigilante de releases',
  backupsWatcher: 'el vigilante de backups',
  pods: (n) => (n === 1 ? '1 pod' : `${n} pods`),
  times: (n) => (n === 1 ? '1 vez' : `${n} veces`),
  people: (n) => (n === 1 ? 'una persona' : `${n} personas`),
  nothingChanged: 'No se ha cambiado nada.',
  elsewhere: (n) => (n === 1 ? '1 línea más está en el hilo.' : `${n} líneas más están en el hilo.`),
  loading: 'Leyendo el cluster…',
  close: 'Cerrar',
  back: 'Volver',
}

export const commonWords: Both<typeof en> = { en, es }

/** Shapes of steps, beside their words. */
export const stepShapes: Record<StepState, string> = {
  pending: '○',
  running: '→',
  done: '✓',
  failed: '✗',
  skipped: '■',
}
