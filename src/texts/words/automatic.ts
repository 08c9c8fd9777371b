import { bold, code, type Mrkdwn, mrkdwn } from '../escape.ts'
import type { Both } from '../language.ts'

/** Sentences of what the bot does, asks or leaves by itself when a release turns out bad. */
const en = {
  /** What is wrong, to stand behind "revision 7 is bad:". */
  signals: {
    crash_loop: 'its pods crash again and again',
    image_pull: 'its image cannot be pulled',
    config_error: 'a ConfigMap, a Secret or a key that it needs is missing',
    invalid_image: 'the name of its image is not valid',
    liveness_failed: 'its liveness probe fails, so its pods are restarted',
    startup_failed: 'its startup probe fails, so its pods are restarted',
    readiness_failed: 'its readiness probe fails',
    out_of_memory: 'its pods run out of memory',
    quota: 'its pods cannot be created',
    deadline_exceeded: 'its rollout does not get on',
    unavailable_after_release: 'too few of its pods are available since it came',
  },
  isBad: (app: Mrkdwn, revision: string, what: string): Mrkdwn =>
    mrkdwn`${bold(mrkdwn`${app}: revision ${revision} is bad`)}, ${what}.`,
  seen: (after: string): Mrkdwn => mrkdwn`Seen ${after} after the release:`,
  restarts: (n: number) => (n === 1 ? '1 restart' : `${n} restarts`),
  exit: (n: number) => `exit ${n}`,
  more: (n: number) => (n === 1 ? 'and 1 more sight' : `and ${n} more sights`),
  because: (revision: string, what: string): Mrkdwn => mrkdwn`revision ${revision} is bad: ${what}`,
  byItself: mrkdwn`without asking, as the catalog says (${code('automatic: act')})`,
  asking: (to: Mrkdwn): Mrkdwn => mrkdwn`${bold(mrkdwn`${to}?`)}`,
  twoPeople: mrkdwn`It asks instead of acting because this rollback needs a second person.`,
  ifNobody: (calls: Mrkdwn | undefined, expires: Mrkdwn): Mrkdwn =>
    calls === undefined
      ? mrkdwn`Without a click nothing changes; the plan expires at ${expires}.`
      : mrkdwn`Without a click nothing changes: the person on call is paged at ${calls}, and the plan expires at ${expires}.`,
  escalated: (at: Mrkdwn): Mrkdwn => mrkdwn`Nobody answered: the person on call is being paged since ${at}.`,
  left: mrkdwn`I leave it to you`,
  why: {
    off: mrkdwn`automatic rollback is off for this app`,
    muted: mrkdwn`it is muted`,
    acted_already: (run: Mrkdwn, by: Mrkdwn): Mrkdwn =>
      mrkdwn`${run} dealt with this very release, and ${by} has put it back. I do it once, never in a loop`,
    too_old: (age: string, window: string): Mrkdwn =>
      mrkdwn`it is ${age} old, and only releases of the last ${window} are undone without a person`,
    person_at_work: (run: Mrkdwn, who: Mrkdwn): Mrkdwn => mrkdwn`${run} of ${who} is at work on it`,
    last_failed: (run: Mrkdwn): Mrkdwn =>
      mrkdwn`my last rollback of this app, ${run}, failed. There is no second one before a person has acted`,
    cool_down: (run: Mrkdwn, until: Mrkdwn): Mrkdwn =>
      mrkdwn`I rolled this app back with ${run} a moment ago; no further one before ${until}`,
    too_many: (count: number): Mrkdwn => mrkdwn`I rolled this app back ${count} times within an hour already`,
    old_failing: mrkdwn`the pods of the revision before fail as well, so going back would not help`,
    restart_only: mrkdwn`it was only restarted: the revision before is the same version, so going back would not help`,
    node_fault: (reason: string): Mrkdwn => mrkdwn`the nodes are to blame (${reason}), not the release`,
    irreversible_migration: (says: Mrkdwn): Mrkdwn =>
      mrkdwn`it changed the database for good (${says}), and the old version may not work with it`,
    config_missing: (name: Mrkdwn): Mrkdwn => mrkdwn`the revision before needs ${name}, which is gone`,
    no_safe_revision: mrkdwn`there is no earlier revision that is known to be good`,
    paused: mrkdwn`its rollout is paused, which somebody did on purpose`,
    gitops: (owner: Mrkdwn): Mrkdwn =>
      mrkdwn`${owner} owns it, and would bring the release back with its next sync. Revert it in the repository too`,
    gone: mrkdwn`it is no longer what runs`,
    cannot_plan: (why: Mrkdwn): Mrkdwn => mrkdwn`no plan can be made (${why})`,
  },
  nothingChanged: mrkdwn`Nothing was changed.`,
  noted: (what: Mrkdwn): Mrkdwn => mrkdwn`The watcher sees it too: ${what} It stays out of it.`,
  somebody: mrkdwn`somebody`,
  plan: 'Plan the rollback',
  emergency: 'Emergency',
  status: 'See its status',
  mute: 'Mute for 1 h',
  muteConfirm: {
    title: 'Mute this app?',
    text: 'For one hour the bot neither rolls it back nor asks nor pages by itself. /rescue automatic sets it back.',
    confirm: 'Mute it',
    deny: 'Keep watching',
  },
  pageWhy: {
    act: 'being rolled back automatically',
    unanswered: 'nobody answered whether to roll back',
    left: 'left to people',
  },
  pageSummary: (app: string, revision: string, what: string, why: string) =>
    `${app}: revision ${revision} is bad, ${what}; ${why}`,
  head: 'What the bot does by itself when a release is bad',
  modes: {
    act: 'rolls back at once',
    ask: 'asks people',
    off: 'nothing',
  },
  modeLine: (app: Mrkdwn, mode: string): Mrkdwn => mrkdwn`${bold(app)}: ${mode}`,
  limits: (window: number, coolDown: number, most: number) =>
    `within ${window} min of a release, at least ${coolDown} min apart, at most ${most} an hour`,
  answer: (minutes: number) =>
    minutes === 0 ? 'pages with the question' : `pages after ${minutes} min without an answer`,
  set: (who: Mrkdwn, until: Mrkdwn | undefined, allowed: string): Mrkdwn =>
    until === undefined
      ? mrkdwn`Set by ${who} until somebody sets it back; the catalog says: ${allowed}.`
      : mrkdwn`Set by ${who} until ${until}; the catalog says: ${allowed}.`,
  nowSet: (app: Mrkdwn, mode: string): Mrkdwn => mrkdwn`From now on, when a release of ${bold(app)} is bad: ${mode}.`,
  howTo: (off: Mrkdwn, back: Mrkdwn): Mrkdwn => mrkdwn`${off} makes it stricter for a while; ${back} sets it back.`,
  last: (at: Mrkdwn, what: string): Mrkdwn => mrkdwn`Last, ${at}: ${what}`,
  decisions: { act: 'rolled back', ask: 'asked', leave: 'left to people' },
  beyond: (app: Mrkdwn, allowed: string): Mrkdwn =>
    mrkdwn`${bold(mrkdwn`Not set: for ${app} the catalog allows at most: ${allowed}.`)} More is written in the catalog (${code('automatic')}), by the people who answer for it.`,
  example: { off: '/rescue automatic porttrack-worker off for 2h', back: '/rescue automatic porttrack-worker act' },
  inStatus: (mode: string): Mrkdwn => mrkdwn`When a release is bad: ${mode}.`,
  setBy: (who: Mrkdwn, until: Mrkdwn | undefined): Mrkdwn =>
    until === undefined ? mrkdwn`Set by ${who}.` : mrkdwn`Set by ${who} until ${until}.`,
  inPolicy: 'When a release turns out bad, without being asked',
  policyLine: (app: Mrkdwn, mode: string): Mrkdwn => mrkdwn`${app}: ${mode}`,
  policyNone: 'the bot does nothing by itself, for any app',
}

const es: typeof en = {
  signals: {
    crash_loop: 'sus pods mueren una y otra vez',
    image_pull: 'su imagen no se puede descargar',
    config_error: 'falta un ConfigMap, un Secret o una clave que necesita',
    invalid_image: 'el nombre de su imagen no es válido',
    liveness_failed: 'su liveness probe falla y sus pods se reinician',
    startup_failed: 'su startup probe falla y sus pods se reinician',
    readiness_failed: 'su readiness probe falla',
    out_of_memory: 'sus pods se quedan sin memoria',
    quota: 'sus pods no se pueden crear',
    deadline_exceeded: 'su rollout no avanza',
    unavailable_after_release: 'desde que llegó hay demasiados pocos pods disponibles',
  },
  isBad: (app, revision, what) => mrkdwn`${bold(mrkdwn`${app}: la revisión ${revision} está mal`)}, ${what}.`,
  seen: (after) => mrkdwn`Visto ${after} después de la release:`,
  restarts: (n) => (n === 1 ? '1 reinicio' : `${n} reinicios`),
  exit: (n) => `exit ${n}`,
  more: (n) => (n === 1 ? 'y 1 indicio más' : `y ${n} indicios más`),
  because: (revision, what) => mrkdwn`la revisión ${revision} está mal: ${what}`,
  byItself: mrkdwn`sin preguntar, como dice el catálogo (${code('automatic: act')})`,
  asking: (to) => mrkdwn`${bold(mrkdwn`¿${to}?`)}`,
  twoPeople: mrkdwn`Pregunta en vez de actuar porque esta vuelta atrás necesita a una segunda persona.`,
  ifNobody: (calls, expires) =>
    calls === undefined
      ? mrkdwn`Sin un clic no cambia nada; el plan caduca a las ${expires}.`
      : mrkdwn`Sin un clic no cambia nada: a las ${calls} se avisa a quien esté de guardia, y el plan caduca a las ${expires}.`,
  escalated: (at) => mrkdwn`Nadie ha respondido: desde las ${at} se está avisando a quien está de guardia.`,
  left: mrkdwn`Te lo dejo a ti`,
  why: {
    off: mrkdwn`la vuelta atrás automática está apagada para esta app`,
    muted: mrkdwn`está silenciada`,
    acted_already: (run, by) =>
      mrkdwn`${run} ya se ocupó de esta misma release, y ${by} la ha vuelto a poner. Lo hago una vez, nunca en bucle`,
    too_old: (age, window) =>
      mrkdwn`tiene ${age}, y sin una persona solo se deshacen releases de los últimos ${window}`,
    person_at_work: (run, who) => mrkdwn`${run} de ${who} ya está en ello`,
    last_failed: (run) =>
      mrkdwn`mi última vuelta atrás de esta app, ${run}, falló. No hay otra hasta que actúe una persona`,
    cool_down: (run, until) => mrkdwn`acabo de hacer volver esta app con ${run}; no lo repito antes de las ${until}`,
    too_many: (count) => mrkdwn`ya hice volver esta app ${count} veces en una hora`,
    old_failing: mrkdwn`los pods de la revisión anterior también fallan, así que volver no serviría`,
    restart_only: mrkdwn`solo se reinició: la revisión anterior es la misma versión, así que volver no serviría`,
    node_fault: (reason) => mrkdwn`la culpa es de los nodos (${reason}), no de la release`,
    irreversible_migration: (says) =>
      mrkdwn`cambió la base de datos sin vuelta atrás (${says}), y la versión anterior puede no funcionar con ella`,
    config_missing: (name) => mrkdwn`la revisión anterior necesita ${name}, que ya no existe`,
    no_safe_revision: mrkdwn`no hay ninguna revisión anterior de la que se sepa que es buena`,
    paused: mrkdwn`su rollout está en pausa, y eso lo hizo alguien a propósito`,
    gitops: (owner) =>
      mrkdwn`${owner} es su dueño y traería la release de vuelta en su próximo sync. Reviértela también en el repositorio`,
    gone: mrkdwn`ya no es lo que corre`,
    cannot_plan: (why) => mrkdwn`no se puede hacer un plan (${why})`,
  },
  nothingChanged: mrkdwn`No se ha cambiado nada.`,
  noted: (what) => mrkdwn`El vigilante también lo ve: ${what} No se mete.`,
  somebody: mrkdwn`alguien`,
  plan: 'Planear la vuelta atrás',
  emergency: 'Emergencia',
  status: 'Ver su estado',
  mute: 'Silenciar 1 h',
  muteConfirm: {
    title: '¿Silenciar esta app?',
    text: 'Durante una hora el bot ni la hace volver, ni pregunta, ni avisa por sí mismo. /rescue automático la restablece.',
    confirm: 'Silenciarla',
    deny: 'Seguir vigilando',
  },
  pageWhy: {
    act: 'se está haciendo volver automáticamente',
    unanswered: 'nadie ha respondido si hay que volver atrás',
    left: 'queda en manos de las personas',
  },
  pageSummary: (app, revision, what, why) => `${app}: la revisión ${revision} está mal, ${what}; ${why}`,
  head: 'Qué hace el bot por sí mismo cuando una release está mal',
  modes: {
    act: 'vuelve atrás al momento',
    ask: 'pregunta',
    off: 'nada',
  },
  modeLine: (app, mode) => mrkdwn`${bold(app)}: ${mode}`,
  limits: (window, coolDown, most) =>
    `hasta ${window} min después de una release, con al menos ${coolDown} min entre dos, como mucho ${most} por hora`,
  answer: (minutes) => (minutes === 0 ? 'avisa al preguntar' : `avisa tras ${minutes} min sin respuesta`),
  set: (who, until, allowed) =>
    until === undefined
      ? mrkdwn`Lo puso ${who} hasta que alguien lo restablezca; el catálogo dice: ${allowed}.`
      : mrkdwn`Lo puso ${who} hasta ${until}; el catálogo dice: ${allowed}.`,
  nowSet: (app, mode) => mrkdwn`Desde ahora, cuando una release de ${bold(app)} esté mal: ${mode}.`,
  howTo: (off, back) => mrkdwn`${off} lo hace más estricto un rato; ${back} lo restablece.`,
  last: (at, what) => mrkdwn`Lo último, ${at}: ${what}`,
  decisions: { act: 'volvió atrás', ask: 'preguntó', leave: 'lo dejó a las personas' },
  beyond: (app, allowed) =>
    mrkdwn`${bold(mrkdwn`Sin cambios: para ${app} el catálogo permite como mucho: ${allowed}.`)} Lo que pase de ahí se escribe en el catálogo (${code('automatic')}), y lo escribe quien responde de ello.`,
  example: {
    off: '/rescue automático porttrack-worker apagado durante 2h',
    back: '/rescue automático porttrack-worker actuar',
  },
  inStatus: (mode) => mrkdwn`Si una release está mal: ${mode}.`,
  setBy: (who, until) => (until === undefined ? mrkdwn`Lo puso ${who}.` : mrkdwn`Lo puso ${who} hasta ${until}.`),
  inPolicy: 'Cuando una release resulta mala, sin que nadie lo pida',
  policyLine: (app, mode) => mrkdwn`${app}: ${mode}`,
  policyNone: 'el bot no hace nada por sí mismo, con ninguna app',
}

export const automaticWords: Both<typeof en> = { en, es }
