import type { Both } from '../texts/language.ts'

/** What only the terminal says; the rest are the sentences of the cards. */
const en = {
  noRun: (run: string) => `There is no run ${run}. rescue runs lists the last ones.`,
  badRun: (word: string) => `run: "${word}" is no run; R-0042 is the form`,
  badRevision: (word: string) => `--to: "${word}" is no revision; a whole number from 1 is allowed`,
  badLimit: (word: string) => `--limit: "${word}" is not allowed; a whole number from 1 to 500 is`,
  noName: (word: string, there: string) => `name: "${word}" is not in the catalog (there are: ${there})`,
  waits: (run: string) => `${run} waits for a decision: rescue approve ${run}`,
  ask: (run: string) => `Confirm ${run}? Type its number to go on: `,
  notConfirmed: (run: string) => `${run} was not confirmed and still waits. Type its number when asked, or add --yes.`,
  storeAway: (why: string) => `The store cannot be reached: ${why}`,
  unknownLogin: (login: string) =>
    `"${login}" is not in the catalog's people. RESCUE_ACTOR names who acts: a person's name or login there.`,
  heads: {
    status: ['state', 'name', 'ready', 'image', 'why', 'detail'],
    runs: ['run', 'operation', 'target', 'state', 'by', 'at'],
    audit: ['entry', 'at', 'run', 'what', 'by', 'data'],
  },
  doctor: {
    catalog: 'catalog',
    actor: 'who acts',
    store: 'store',
    cluster: (name: string) => `cluster ${name}`,
    rights: (namespace: string) => `rights in ${namespace}`,
    counted: (apps: number, people: number) => `${apps} apps, ${people} people`,
    embedded: 'embedded PostgreSQL',
    answers: 'answers',
    mayAll: 'may get and patch',
    mayNot: (what: string) => `may not ${what}`,
    off: 'not configured',
    configured: 'configured',
    fix: {
      catalog: 'mend the line; RESCUE_CATALOG names the file',
      actor: 'set RESCUE_ACTOR to a name or login of the catalog',
      store: 'check DATABASE_URL, or RESCUE_DATA when there is none',
      cluster: "check KUBECONFIG and the cluster's entry in the catalog",
      rights: 'apply the Role of deploy/ in this namespace',
      slack: 'check SLACK_BOT_TOKEN and the way to SLACK_API_URL',
      slackOff: 'set SLACK_BOT_TOKEN',
      pagerduty: 'set PAGERDUTY_ROUTING_KEY',
    },
  },
}

const es: typeof en = {
  noRun: (run) => `No hay ninguna ejecución ${run}. rescue runs muestra las últimas.`,
  badRun: (word) => `run: "${word}" no es una ejecución; la forma es R-0042`,
  badRevision: (word) => `--to: "${word}" no es una revisión; vale un número entero desde 1`,
  badLimit: (word) => `--limit: "${word}" no vale; vale un número entero de 1 a 500`,
  noName: (word, there) => `name: "${word}" no está en el catálogo (están: ${there})`,
  waits: (run) => `${run} espera una decisión: rescue approve ${run}`,
  ask: (run) => `¿Confirmas ${run}? Escribe su número para seguir: `,
  notConfirmed: (run) =>
    `${run} no se ha confirmado y sigue esperando. Escribe su número cuando se te pida, o añade --yes.`,
  storeAway: (why) => `No se llega al almacén: ${why}`,
  unknownLogin: (login) =>
    `"${login}" no está entre las personas del catálogo. RESCUE_ACTOR dice quién actúa: un nombre o login de ahí.`,
  heads: {
    status: ['estado', 'nombre', 'listos', 'imagen', 'por qué', 'detalle'],
    runs: ['ejecución', 'operación', 'objetivo', 'estado', 'de', 'cuándo'],
    audit: ['entrada', 'cuándo', 'ejecución', 'qué', 'de', 'datos'],
  },
  doctor: {
    catalog: 'catálogo',
    actor: 'quién actúa',
    store: 'almacén',
    cluster: (name) => `cluster ${name}`,
    rights: (namespace) => `permisos en ${namespace}`,
    counted: (apps, people) => `${apps} apps, ${people} personas`,
    embedded: 'PostgreSQL incluido',
    answers: 'responde',
    mayAll: 'puede get y patch',
    mayNot: (what) => `no puede ${what}`,
    off: 'sin configurar',
    configured: 'configurado',
    fix: {
      catalog: 'corrige la línea; RESCUE_CATALOG dice cuál es el fichero',
      actor: 'pon en RESCUE_ACTOR un nombre o login del catálogo',
      store: 'revisa DATABASE_URL, o RESCUE_DATA si no la hay',
      cluster: 'revisa KUBECONFIG y la entrada del cluster en el catálogo',
      rights: 'aplica el Role de deploy/ en este namespace',
      slack: 'revisa SLACK_BOT_TOKEN y el camino a SLACK_API_URL',
      slackOff: 'pon SLACK_BOT_TOKEN',
      pagerduty: 'pon PAGERDUTY_ROUTING_KEY',
    },
  },
}

export const cliWords: Both<typeof en> = { en, es }
export type CliWords = typeof en
