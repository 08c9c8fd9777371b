import { type Mrkdwn, mrkdwn } from '../escape.ts'
import type { Both } from '../language.ts'

/** Sentences of incidents and of calling people. */
const en = {
  open: (severity: string, what: Mrkdwn, environment: string): Mrkdwn =>
    mrkdwn`${severity} · open · ${what} · ${environment}`,
  resolved: (severity: string, what: Mrkdwn, environment: string): Mrkdwn =>
    mrkdwn`${severity} · resolved · ${what} · ${environment}`,
  since: (at: Mrkdwn): Mrkdwn => mrkdwn`Open since ${at}.`,
  lasted: (time: string, at: Mrkdwn): Mrkdwn => mrkdwn`Resolved at ${at} after ${time}.`,
  commander: (who: Mrkdwn): Mrkdwn => mrkdwn`Leads: ${who}.`,
  noCommander: 'Nobody leads it yet.',
  owners: (list: Mrkdwn): Mrkdwn => mrkdwn`Owners: ${list}.`,
  runs: 'Runs',
  noRuns: 'No run yet.',
  resolve: 'Resolve the incident',
  resolveConfirm: {
    title: 'Resolve the incident?',
    text: 'The page is closed too. The channel and everything in it stay.',
    confirm: 'Resolve it',
    deny: 'Keep it open',
  },
  topic: (severity: string, state: string, commander: string) => `${severity} · ${state} · leads: ${commander}`,
  topicStates: { open: 'open', resolved: 'resolved' },
  purpose: (id: string, what: string) => `${id}: ${what}. Made by rescue; runs, evidence and decisions are told here.`,
  nobody: 'nobody yet',
  over: (id: string, time: string): Mrkdwn =>
    mrkdwn`✓ ${id} is resolved after ${time}. The channel stays; archive it when you have written down what you learnt.`,
  reopened: (id: string): Mrkdwn => mrkdwn`→ ${id} goes on: a new run joined it.`,
  pageFailed: 'Nobody could be paged.',
  pageUnconfirmed: 'PagerDuty took the page, and a minute later shows no incident.',
  pageWhy: (why: Mrkdwn): Mrkdwn => mrkdwn`PagerDuty says: ${why}.`,
  call: (list: Mrkdwn): Mrkdwn => mrkdwn`Call by telephone: ${list}.`,
  noPhones: mrkdwn`The catalog names no telephone numbers (pagerduty.phones).`,
  pageBack: mrkdwn`✓ PagerDuty answers again: the page has arrived.`,
  breaksGlass: (run: string, who: Mrkdwn, doing: Mrkdwn): Mrkdwn =>
    mrkdwn`Emergency ${run} by ${who}, without a second person: ${doing}`,
  answers: {
    seen: (who: Mrkdwn): Mrkdwn => mrkdwn`${who} has seen it (PagerDuty).`,
    closed: (who: Mrkdwn): Mrkdwn => mrkdwn`${who} resolved it in PagerDuty; with that the incident is over here too.`,
    closed_busy: (who: Mrkdwn, run: Mrkdwn): Mrkdwn =>
      mrkdwn`${who} resolved it in PagerDuty. ${run} is still under way, so the incident stays open here.`,
    closed_other_open: (who: Mrkdwn): Mrkdwn =>
      mrkdwn`${who} resolved one page in PagerDuty; another one is open there, so the incident stays open here.`,
  },
  pageSummary: (run: string, what: string, where: string) => `${run} failed: ${what} (${where})`,
  whys: {
    not_configured: 'no routing key is configured',
    away: 'no answer; still trying',
    refused: 'the event was refused',
    rate_limited: 'too many events; still trying',
    not_seen: 'the event was accepted and lost',
  },
  planLink: 'The plan',
}

const es: typeof en = {
  open: (severity, what, environment) => mrkdwn`${severity} · abierto · ${what} · ${environment}`,
  resolved: (severity, what, environment) => mrkdwn`${severity} · resuelto · ${what} · ${environment}`,
  since: (at) => mrkdwn`Abierto desde ${at}.`,
  lasted: (time, at) => mrkdwn`Resuelto a las ${at} tras ${time}.`,
  commander: (who) => mrkdwn`Al mando: ${who}.`,
  noCommander: 'Aún no lo lleva nadie.',
  owners: (list) => mrkdwn`Responsables: ${list}.`,
  runs: 'Ejecuciones',
  noRuns: 'Aún no hay ninguna ejecución.',
  resolve: 'Resolver el incidente',
  resolveConfirm: {
    title: '¿Resolver el incidente?',
    text: 'También se cierra el aviso. El canal y todo lo que contiene se quedan.',
    confirm: 'Resolverlo',
    deny: 'Dejarlo abierto',
  },
  topic: (severity, state, commander) => `${severity} · ${state} · al mando: ${commander}`,
  topicStates: { open: 'abierto', resolved: 'resuelto' },
  purpose: (id, what) => `${id}: ${what}. Lo creó rescue; aquí se cuentan ejecuciones, pruebas y decisiones.`,
  nobody: 'nadie aún',
  over: (id, time) =>
    mrkdwn`✓ ${id} está resuelto tras ${time}. El canal se queda; archívalo cuando hayáis escrito lo aprendido.`,
  reopened: (id) => mrkdwn`→ ${id} sigue: se ha unido una ejecución nueva.`,
  pageFailed: 'No se ha podido avisar a nadie.',
  pageUnconfirmed: 'PagerDuty aceptó el aviso, y un minuto después no muestra ningún incidente.',
  pageWhy: (why) => mrkdwn`PagerDuty dice: ${why}.`,
  call: (list) => mrkdwn`Llama por teléfono: ${list}.`,
  noPhones: mrkdwn`El catálogo no tiene números de teléfono (pagerduty.phones).`,
  pageBack: mrkdwn`✓ PagerDuty vuelve a responder: el aviso ha llegado.`,
  breaksGlass: (run, who, doing) => mrkdwn`Emergencia ${run} de ${who}, sin una segunda persona: ${doing}`,
  answers: {
    seen: (who) => mrkdwn`${who} lo ha visto (PagerDuty).`,
    closed: (who) => mrkdwn`${who} lo ha resuelto en PagerDuty; con eso el incidente también acaba aquí.`,
    closed_busy: (who, run) =>
      mrkdwn`${who} lo ha resuelto en PagerDuty. ${run} sigue en curso, así que el incidente sigue abierto aquí.`,
    closed_other_open: (who) =>
      mrkdwn`${who} ha resuelto un aviso en PagerDuty; allí hay otro abierto, así que el incidente sigue abierto aquí.`,
  },
  pageSummary: (run, what, where) => `${run} falló: ${what} (${where})`,
  whys: {
    not_configured: 'no hay routing key configurada',
    away: 'no responde; se sigue intentando',
    refused: 'el evento fue rechazado',
    rate_limited: 'demasiados eventos; se sigue intentando',
    not_seen: 'el evento se aceptó y se perdió',
  },
  planLink: 'El plan',
}

export const incidentWords: Both<typeof en> = { en, es }
