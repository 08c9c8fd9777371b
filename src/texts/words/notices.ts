import { bold, type Mrkdwn, mrkdwn } from '../escape.ts'
import type { Both } from '../language.ts'

/** Short answers to one person: what happened, what it means, what to do next. */
const en = {
  nothing: mrkdwn`Nothing was changed.`,
  nothingRan: mrkdwn`Nothing ran because of this click.`,
  fields: {
    app: 'app',
    revision: 'revision',
    reason: 'reason',
    word: 'word',
    command: 'command',
    run: 'run',
    audit: 'audit',
    name: 'name',
  },
  denied: {
    start: (role: string) => mrkdwn`Not done: this needs the role ${role}, and you do not have it.`,
    confirm: (role: string) => mrkdwn`Not confirmed: this needs the role ${role}, and you do not have it.`,
    own: mrkdwn`Not confirmed: it is your own request, and this one needs a second person.`,
    look: mrkdwn`Not shown: the catalog does not name you among those who may look.`,
    stop: (role: string) => mrkdwn`Not stopped: this needs the role ${role}, and you do not have it.`,
  },
  whoCould: (list: Mrkdwn): Mrkdwn => mrkdwn`Could do it: ${list}.`,
  nobodyCould: mrkdwn`The catalog names nobody who could.`,
  badValue: (field: string, value: Mrkdwn): Mrkdwn => mrkdwn`${bold(field)} ${value} is not understood.`,
  missingValue: (field: string): Mrkdwn => mrkdwn`${bold(field)} is missing.`,
  unknownApp: (value: Mrkdwn): Mrkdwn => mrkdwn`There is no app ${value} in the catalog.`,
  unknownName: (value: Mrkdwn): Mrkdwn => mrkdwn`There is nothing called ${value} in the catalog.`,
  allowed: (list: Mrkdwn): Mrkdwn => mrkdwn`Allowed: ${list}.`,
  forExample: (list: Mrkdwn): Mrkdwn => mrkdwn`For example ${list}.`,
  there: (list: Mrkdwn): Mrkdwn => mrkdwn`There are: ${list}.`,
  nearest: (name: Mrkdwn): Mrkdwn => mrkdwn`Did you mean ${name}?`,
  number: 'a whole number from 1 on',
  tooLong: (field: string, length: number | undefined, max: string): Mrkdwn =>
    length === undefined
      ? mrkdwn`${bold(field)} is too long: it may have at most ${max} characters.`
      : mrkdwn`${bold(field)} is too long: it has ${length} characters and may have at most ${max}.`,
  /** The words of a command, as this language's help writes them. */
  words: { 'to N': 'to N', emergency: 'emergency', 'reason …': 'reason …' },
  help: (command: Mrkdwn): Mrkdwn => mrkdwn`See ${command}.`,
  held: (subject: Mrkdwn, run: Mrkdwn, who: Mrkdwn, at: Mrkdwn): Mrkdwn =>
    mrkdwn`${bold(mrkdwn`${subject} is held by ${run}`)} of ${who}, since ${at}.`,
  heldNext: (run: Mrkdwn): Mrkdwn => mrkdwn`Wait for it, or stop it: ${run}.`,
  started: (run: Mrkdwn, where: Mrkdwn | undefined): Mrkdwn =>
    where === undefined
      ? mrkdwn`${run} is planning; the plan comes in a moment.`
      : mrkdwn`${run} is planning; the plan comes in ${where}.`,
  again: (run: Mrkdwn): Mrkdwn => mrkdwn`This request is ${run} already; it was not started twice.`,
  waitingAlready: (run: Mrkdwn, who: Mrkdwn): Mrkdwn =>
    mrkdwn`${run} asks for the same already (${who}) and waits for a decision. Decide on that one.`,
  reasonNeeded: mrkdwn`This form needs a written reason.`,
  reasonHow: (example: Mrkdwn): Mrkdwn => mrkdwn`For example ${example}.`,
  storeAway: mrkdwn`Not started: the bot's own store does not answer.`,
  storeNext: mrkdwn`Try again in a minute; your request was not kept.`,
  unknownRun: (run: Mrkdwn): Mrkdwn => mrkdwn`There is no run ${run}.`,
  runsHow: (command: Mrkdwn): Mrkdwn => mrkdwn`${command} lists the last ones.`,
  tooLate: (run: Mrkdwn): Mrkdwn => mrkdwn`Too late for ${run}:`,
  states: {
    planning: 'it is still being planned',
    waiting: 'it waits for a decision',
    confirmed: 'it is confirmed and about to begin',
    running: 'it is under way',
    ended: 'it has ended',
  },
  expired: (run: Mrkdwn): Mrkdwn => mrkdwn`The plan of ${run} expired before your click.`,
  stalePlan: (run: Mrkdwn): Mrkdwn =>
    mrkdwn`The plan of ${run} was replaced after you saw it; the new one is on its card.`,
  oldClick: mrkdwn`This button belongs to a message that is over.`,
  expiredNext: (command: Mrkdwn): Mrkdwn => mrkdwn`Ask again with ${command}: the plan will be of now.`,
  confirmed: (run: Mrkdwn): Mrkdwn => mrkdwn`${run} is confirmed.`,
  cancelled: (run: Mrkdwn): Mrkdwn => mrkdwn`${run} is cancelled.`,
  stopping: (run: Mrkdwn): Mrkdwn => mrkdwn`${run} will stop after the step under way.`,
  stoppingAgain: (run: Mrkdwn): Mrkdwn => mrkdwn`${run} was asked to stop before; the step under way ends first.`,
  notFinished: (run: Mrkdwn): Mrkdwn => mrkdwn`${run} has not ended, so there is nothing to undo yet.`,
  nothingToUndo: (run: Mrkdwn): Mrkdwn => mrkdwn`${run} changed nothing that could be undone.`,
  undoneAlready: (run: Mrkdwn, by: Mrkdwn): Mrkdwn => mrkdwn`${run} was undone by ${by} already.`,
  unexpected: (id: Mrkdwn): Mrkdwn => mrkdwn`The bot met an error that it does not know; its log has it under ${id}.`,
  unexpectedNext: (command: Mrkdwn): Mrkdwn => mrkdwn`What had begun goes on: ${command} shows it.`,
  clusterAway: (app: Mrkdwn): Mrkdwn =>
    mrkdwn`The cluster of ${app} does not answer, so its revisions cannot be shown.`,
  clusterNext: mrkdwn`Look at it with kubectl, or try again.`,
  forbidden: (app: Mrkdwn): Mrkdwn => mrkdwn`The cluster does not let me read ${app}.`,
  planIn: (channel: Mrkdwn): Mrkdwn => mrkdwn`The plan is in ${channel}.`,
  notMember: (channel: Mrkdwn): Mrkdwn => mrkdwn`I am not a member of this channel, so the plan is in ${channel}.`,
  noSuchIncident: (id: Mrkdwn): Mrkdwn => mrkdwn`There is no open incident ${id}.`,
  incidentResolved: (id: Mrkdwn): Mrkdwn => mrkdwn`${id} is resolved.`,
  incidentBusy: (id: Mrkdwn, run: Mrkdwn): Mrkdwn => mrkdwn`${id} stays open: ${run} is still under way.`,
  example: {
    rollback: '/rollback porttrack-app emergency reason 500 on every page',
    again: '/rollback',
    runs: '/rescue runs',
  },
}

const es: typeof en = {
  nothing: mrkdwn`No se ha cambiado nada.`,
  nothingRan: mrkdwn`Este clic no ha ejecutado nada.`,
  fields: {
    app: 'app',
    revision: 'revisión',
    reason: 'motivo',
    word: 'palabra',
    command: 'comando',
    run: 'ejecución',
    audit: 'auditoría',
    name: 'nombre',
  },
  denied: {
    start: (role) => mrkdwn`No se ha hecho: hace falta el rol ${role}, y no lo tienes.`,
    confirm: (role) => mrkdwn`Sin confirmar: hace falta el rol ${role}, y no lo tienes.`,
    own: mrkdwn`Sin confirmar: lo has pedido tú, y esto necesita a una segunda persona.`,
    look: mrkdwn`No se muestra: el catálogo no te nombra entre quienes pueden mirar.`,
    stop: (role) => mrkdwn`No se ha detenido: hace falta el rol ${role}, y no lo tienes.`,
  },
  whoCould: (list) => mrkdwn`Pueden hacerlo: ${list}.`,
  nobodyCould: mrkdwn`El catálogo no nombra a nadie que pueda.`,
  badValue: (field, value) => mrkdwn`No entiendo ${bold(field)} ${value}.`,
  missingValue: (field) => mrkdwn`Falta ${bold(field)}.`,
  unknownApp: (value) => mrkdwn`El catálogo no tiene ninguna app ${value}.`,
  unknownName: (value) => mrkdwn`El catálogo no tiene nada llamado ${value}.`,
  allowed: (list) => mrkdwn`Vale: ${list}.`,
  forExample: (list) => mrkdwn`Por ejemplo ${list}.`,
  there: (list) => mrkdwn`Hay: ${list}.`,
  nearest: (name) => mrkdwn`¿Querías decir ${name}?`,
  number: 'un número entero desde 1',
  tooLong: (field, length, max) =>
    length === undefined
      ? mrkdwn`${bold(field)} es demasiado largo: puede tener como mucho ${max} caracteres.`
      : mrkdwn`${bold(field)} es demasiado largo: tiene ${length} caracteres y puede tener como mucho ${max}.`,
  words: { 'to N': 'a N', emergency: 'emergencia', 'reason …': 'motivo …' },
  help: (command) => mrkdwn`Mira ${command}.`,
  held: (subject, run, who, at) => mrkdwn`${bold(mrkdwn`${subject} la tiene ${run}`)} de ${who}, desde ${at}.`,
  heldNext: (run) => mrkdwn`Espera a que acabe, o detenla: ${run}.`,
  started: (run, where) =>
    where === undefined
      ? mrkdwn`${run} se está planeando; el plan sale enseguida.`
      : mrkdwn`${run} se está planeando; el plan sale en ${where}.`,
  again: (run) => mrkdwn`Esta petición ya es ${run}; no se ha empezado dos veces.`,
  waitingAlready: (run, who) => mrkdwn`${run} ya pide lo mismo (${who}) y espera una decisión. Decide sobre esa.`,
  reasonNeeded: mrkdwn`Esta forma necesita un motivo escrito.`,
  reasonHow: (example) => mrkdwn`Por ejemplo ${example}.`,
  storeAway: mrkdwn`No ha empezado: el almacén del propio bot no responde.`,
  storeNext: mrkdwn`Inténtalo en un minuto; tu petición no se ha guardado.`,
  unknownRun: (run) => mrkdwn`No hay ninguna ejecución ${run}.`,
  runsHow: (command) => mrkdwn`${command} lista las últimas.`,
  tooLate: (run) => mrkdwn`Demasiado tarde para ${run}:`,
  states: {
    planning: 'aún se está planeando',
    waiting: 'espera una decisión',
    confirmed: 'está confirmada y a punto de empezar',
    running: 'está en curso',
    ended: 'ha terminado',
  },
  expired: (run) => mrkdwn`El plan de ${run} caducó antes de tu clic.`,
  stalePlan: (run) => mrkdwn`El plan de ${run} cambió después de que lo vieras; el nuevo está en su tarjeta.`,
  oldClick: mrkdwn`Este botón es de un mensaje que ya terminó.`,
  expiredNext: (command) => mrkdwn`Pídelo otra vez con ${command}: el plan será el de ahora.`,
  confirmed: (run) => mrkdwn`${run} está confirmada.`,
  cancelled: (run) => mrkdwn`${run} está cancelada.`,
  stopping: (run) => mrkdwn`${run} se detendrá tras el paso en curso.`,
  stoppingAgain: (run) => mrkdwn`Ya se pidió detener ${run}; antes termina el paso en curso.`,
  notFinished: (run) => mrkdwn`${run} no ha terminado: aún no hay nada que deshacer.`,
  nothingToUndo: (run) => mrkdwn`${run} no cambió nada que se pueda deshacer.`,
  undoneAlready: (run, by) => mrkdwn`${run} ya la deshizo ${by}.`,
  unexpected: (id) => mrkdwn`El bot ha topado con un error que no conoce; en su log está como ${id}.`,
  unexpectedNext: (command) => mrkdwn`Lo que había empezado sigue: ${command} lo muestra.`,
  clusterAway: (app) => mrkdwn`El cluster de ${app} no responde, así que no se pueden mostrar sus revisiones.`,
  clusterNext: mrkdwn`Míralo con kubectl, o inténtalo otra vez.`,
  forbidden: (app) => mrkdwn`El cluster no me deja leer ${app}.`,
  planIn: (channel) => mrkdwn`El plan está en ${channel}.`,
  notMember: (channel) => mrkdwn`No soy miembro de este canal, así que el plan está en ${channel}.`,
  noSuchIncident: (id) => mrkdwn`No hay ningún incidente abierto ${id}.`,
  incidentResolved: (id) => mrkdwn`${id} está resuelto.`,
  incidentBusy: (id, run) => mrkdwn`${id} sigue abierto: ${run} está en curso.`,
  example: {
    rollback: '/rollback porttrack-app emergencia motivo 500 en todas las páginas',
    again: '/rollback',
    runs: '/rescue runs',
  },
}

export const noticeWords: Both<typeof en> = { en, es }
