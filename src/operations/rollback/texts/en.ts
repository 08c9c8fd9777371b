import { code, type Mrkdwn, mrkdwn } from '../../../texts/escape.ts'
import type { outcomeReasons, WarningCode } from '../types.ts'
import type { stepNames } from '../workflow.ts'

type StepName = (typeof stepNames)[number]
type FailReason = (typeof outcomeReasons)['failed'][number]
type RefuseReason = (typeof outcomeReasons)['refused'][number]

/** Pieces that are put together in the same way in both languages; each is ready to be shown. */
export type WarningPieces = {
  readonly revision: string
  readonly name: Mrkdwn
  readonly what: Mrkdwn
  readonly by: Mrkdwn | undefined
  readonly at: Mrkdwn | undefined
  readonly count: number
  readonly from: number
  readonly to: number
  readonly list: Mrkdwn
}

export type OutcomePieces = {
  readonly app: Mrkdwn
  readonly from: string
  readonly to: string
  readonly by: Mrkdwn | undefined
  readonly asked: string
}

export const en = {
  asked: (app: Mrkdwn, to: string | undefined): Mrkdwn =>
    to === undefined ? mrkdwn`Roll back ${app}` : mrkdwn`Roll back ${app} to revision ${to}`,
  rollBack: (app: Mrkdwn, to: string): Mrkdwn => mrkdwn`Roll back ${app} to revision ${to}`,
  rollingBack: (app: Mrkdwn, to: string): Mrkdwn => mrkdwn`Rolling back ${app} to revision ${to}`,
  emergency: 'Emergency',
  breaksGlass: mrkdwn`Confirming it pages the people on call at once, and another person reviews it afterwards.`,
  resumed: mrkdwn`The rollout was paused and goes on again.`,
  where: (namespace: Mrkdwn, environment: string): Mrkdwn => mrkdwn`${namespace} / ${environment}`,
  now: (revision: string, about: Mrkdwn, state: Mrkdwn): Mrkdwn => mrkdwn`Now ${revision} (${about}): ${state}.`,
  old: (age: string) => `${age} old`,
  ready: (ready: number, desired: number) => `${ready} of ${desired} ${desired === 1 ? 'pod' : 'pods'} ready`,
  readyNew: (ready: number, wanted: number) => `${ready} of ${wanted} new ${wanted === 1 ? 'pod' : 'pods'} ready`,
  oldServe: (n: number, of: Mrkdwn | undefined): Mrkdwn =>
    mrkdwn`${n === 1 ? 'the old pod' : mrkdwn`the ${n} old ones`}${of === undefined ? '' : mrkdwn` of ${of}`} still ${n === 1 ? 'serves' : 'serve'}`,
  noPodsWanted: 'scaled to zero',
  inTrouble: (n: number, reason: Mrkdwn): Mrkdwn => mrkdwn`${n} in ${reason}`,
  besides: (n: number, reason: Mrkdwn): Mrkdwn => mrkdwn`and ${n} new in ${reason}`,
  exit: (exitCode: number) => `exit ${exitCode}`,
  restarted: (n: number) => (n === 1 ? 'restarted once' : `restarted ${n} times`),
  noPod: 'no pod serves',
  ranHealthy: (revision: string, about: Mrkdwn, how: Mrkdwn): Mrkdwn => mrkdwn`${revision} (${about}) ${how}.`,
  healthy: {
    observed: (age: string) => mrkdwn`ran healthy for ${age}`,
    estimated: (age: string) => mrkdwn`was in service for about ${age}`,
    unknown: mrkdwn`has no record of its health`,
  },
  cause: (cause: Mrkdwn): Mrkdwn => mrkdwn`Its release note: ${cause}.`,
  changesBack: (list: Mrkdwn): Mrkdwn => mrkdwn`Changes back: ${list}.`,
  returns: (path: Mrkdwn): Mrkdwn => mrkdwn`${path} returns`,
  goes: (path: Mrkdwn): Mrkdwn => mrkdwn`${path} goes away`,
  notTouched: (list: Mrkdwn): Mrkdwn => mrkdwn`Not touched: ${list}.`,
  replicas: (n: number) => `replicas ${n}`,
  configuration: 'ConfigMaps, Secrets, databases',
  serves: (list: Mrkdwn): Mrkdwn => mrkdwn`Serves ${list}.`,
  takes: (about: string, how: string) => `Takes about ${about}, ${how}.`,
  how: {
    outAlready: 'no pod serves now, so nothing can get worse for its users',
    oneByOne: 'pods are replaced one at a time, no outage expected',
    surge: (n: number) => `pods are replaced ${n === 1 ? 'one at a time' : `${n} at a time`}, no outage expected`,
    mayNotStart: 'the pods of now stop only when the new ones are ready, and with that revision they may never be',
    fewer: (n: number) => `up to ${n === 1 ? '1 pod is' : `${n} pods are`} missing meanwhile`,
    recreate: 'all pods stop before the new ones start: the app is out meanwhile',
    perNode: (n: number) => `node by node, ${n === 1 ? 'one' : n} at a time`,
    onDelete: 'pods change only when somebody deletes them',
  },
  confirmLabel: (to: string) => `Roll back to ${to}`,
  otherLabel: 'Other revision',
  alternativeLabel: (to: string) => `Roll back to ${to}`,
  undoLabel: (from: string) => `Go back to ${from}`,
  againLabel: 'See the new plan',
  confirm: {
    title: (app: string, to: string) => `Roll back ${app} to ${to}?`,
    text: (how: string) => `It begins at once: ${how}. You can stop it between steps.`,
    undoTitle: (app: string, from: string) => `Plan the way back of ${app} to ${from}?`,
    undoText: 'You will see its plan first. Nothing changes before you confirm that.',
    undoConfirm: 'Show the plan',
    deny: 'Keep it as it is',
  },
  warnings: {
    paused: ({ by, at }) =>
      mrkdwn`The rollout is paused${by === undefined ? '' : mrkdwn` by ${by}`}${at === undefined ? '' : mrkdwn` since ${at}`}; this resumes it.`,
    hpa: ({ name, from, to }) => mrkdwn`The autoscaler ${name} keeps deciding the number of pods (${from} to ${to}).`,
    config_changed: ({ name, at, revision, by }) =>
      mrkdwn`ConfigMap ${name} changed ${at ?? 'later'}${by === undefined ? '' : mrkdwn` (${by})`}, after ${revision}: ${revision} has never seen it like this, and it is not taken back.`,
    secret_changed: ({ name, at, revision, by }) =>
      mrkdwn`Secret ${name} changed ${at ?? 'later'}${by === undefined ? '' : mrkdwn` (${by})`}, after ${revision}: ${revision} has never seen it like this, and it is not taken back.`,
    config_missing: ({ what, name }) => mrkdwn`${what} ${name} does not exist: pods that need it will not start.`,
    irreversible_migration: ({ revision, what }) =>
      mrkdwn`Revision ${revision} changed the database and cannot be taken back (${what}). The old version may not work with it.`,
    gitops: ({ what, name }) =>
      mrkdwn`${what} owns this workload (${name}): it may put the release back at its next sync. Pause it, or revert in the repository too.`,
    failed_before: ({ revision, what }) => mrkdwn`Revision ${revision} failed before (${what}).`,
    scaled_to_zero: () => mrkdwn`It is scaled to zero: nothing will show whether the old version works.`,
    last_applied_stale: ({ list }) =>
      mrkdwn`The file last given to ${code('kubectl apply')} still names ${list}: applying it again brings the release back.`,
    ready_already: ({ count }) => mrkdwn`What runs now looks healthy: all ${count} pods are ready.`,
    older_than: ({ count, at }) => mrkdwn`It is ${count} days old${at === undefined ? '' : mrkdwn` (from ${at})`}.`,
    skips_revisions: ({ list }) => mrkdwn`It also skips ${list}, which lies between the two.`,
    target_failing_too: ({ revision, count, what }) =>
      mrkdwn`${count === 1 ? '1 pod' : `${count} pods`} of ${revision} fail as well (${what}): going back may not help.`,
    node_trouble: ({ what, count }) =>
      mrkdwn`The ${count === 1 ? 'pod suffers' : 'pods suffer'} from the nodes, not from the release (${what}): another revision would fare no better.`,
    on_delete: () => mrkdwn`Its pods change only when they are deleted (OnDelete).`,
    partition: ({ count }) => mrkdwn`Only pods from number ${count} on change (partition).`,
    not_checked: ({ list }) => mrkdwn`Could not be read, so not checked: ${list}.`,
    no_health_checks: () => mrkdwn`The catalog has no health check for it: only pod readiness will tell.`,
  } satisfies Record<WarningCode, (pieces: WarningPieces) => Mrkdwn>,
  steps: {
    compareWithPlan: 'Compare with the plan',
    restoreTemplate: 'Restore the template',
    replaceStuckPods: 'Replace stuck pods',
    awaitRollout: 'Wait for the pods',
    checkHealth: 'Check health',
    watchFlipBack: 'Watch that it stays',
  } satisfies Record<StepName, string>,
  waits: {
    not_observed: 'the controller has not seen the change yet',
    updating: 'pods are being created',
    old_pods: 'old pods are ending',
    unavailable: 'new pods are starting',
    paused: 'the rollout is paused',
    on_delete: 'waits for somebody to delete the old pods',
    cluster_away: 'the cluster does not answer; trying again',
  },
  missing: (pod: string, why: string) => `missing ${pod}: ${why}`,
  tries: (n: number, of: number) => `try ${n} of ${of}`,
  answers: (check: string, answer: string) => `${check}: ${answer}`,
  noAnswer: 'no answer',
  outcomes: {
    rolled_back: ({ app, to }) => mrkdwn`${app} is back on revision ${to}`,
    already_there: ({ app, to }) => mrkdwn`Nothing to do: ${app} runs the template of revision ${to} already`,
    unknown_revision: ({ app, asked }) => mrkdwn`Not rolled back: ${app} has no revision ${asked}`,
    no_history: ({ app }) => mrkdwn`Not rolled back: ${app} has no other revision`,
    no_safe_revision: ({ app }) => mrkdwn`Not rolled back: every other revision of ${app} failed before`,
    just_rolled_back: ({ app, from }) => mrkdwn`Not rolled back: ${app} just came back from ${from}`,
    paused: ({ app, by }) =>
      mrkdwn`Not rolled back: the rollout of ${app} is paused${by === undefined ? '' : mrkdwn` by ${by}`}`,
    not_found: ({ app }) => mrkdwn`Not rolled back: the cluster has no ${app}`,
    world_moved: ({ app }) => mrkdwn`Not rolled back: ${app} changed after you saw the plan`,
    forbidden: ({ app }) => mrkdwn`Not rolled back: the cluster does not let me change ${app}`,
    unauthorized: ({ app }) => mrkdwn`Not rolled back: the cluster does not accept my credentials for ${app}`,
    cluster_away: ({ app }) => mrkdwn`Not rolled back: the cluster of ${app} does not answer`,
    cluster_refused: ({ app }) => mrkdwn`Not rolled back: the cluster refused the change of ${app}`,
  } satisfies Record<RefuseReason | 'rolled_back' | 'already_there', (pieces: OutcomePieces) => Mrkdwn>,
  failures: {
    rollout_failed: ({ to }) => mrkdwn`revision ${to} does not become ready either`,
    rollout_timed_out: ({ to }) => mrkdwn`revision ${to} is not ready in time`,
    health_failed: ({ app, to }) => mrkdwn`${app} runs revision ${to}, and its health check fails`,
    flipped_back: ({ app, by }) => mrkdwn`${by ?? 'somebody'} put the release of ${app} back`,
    stopped: ({ app }) => mrkdwn`the rollback of ${app} was stopped on the way`,
    cluster_away: ({ app }) => mrkdwn`the cluster of ${app} went away`,
    cluster_refused: ({ app }) => mrkdwn`the cluster refused the change of ${app}`,
    forbidden: ({ app }) => mrkdwn`the cluster does not let me look at ${app}`,
    unauthorized: ({ app }) => mrkdwn`the cluster no longer accepts my credentials for ${app}`,
    not_found: ({ app }) => mrkdwn`${app} was deleted meanwhile`,
  } satisfies Record<FailReason, (pieces: OutcomePieces) => Mrkdwn>,
  nothingChanged: mrkdwn`Nothing was changed.`,
  changeUnknown: mrkdwn`The cluster went away in the middle of the change: whether it was done is not known. Look before you try again.`,
  /** Not said of which revision they are: they may be older than the one that was left. */
  stillServe: (n: number): Mrkdwn =>
    n === 1 ? mrkdwn`The old pod still serves.` : mrkdwn`The ${n} old pods still serve.`,
  nothingServes: mrkdwn`No pod serves.`,
  leftAs: (to: string): Mrkdwn => mrkdwn`The template of revision ${to} stays; nothing was taken back.`,
  newNumber: (was: string, is: string): Mrkdwn => mrkdwn`Kubernetes now numbers it ${is} (it was ${was}).`,
  newPods: (ready: number, desired: number, why: Mrkdwn | undefined): Mrkdwn =>
    why === undefined
      ? mrkdwn`${ready} of ${desired} new pods ready.`
      : mrkdwn`${ready} of ${desired} new pods ready, ${why}.`,
  allReady: (n: number): Mrkdwn => (n === 1 ? mrkdwn`The pod is ready.` : mrkdwn`All ${n} pods are ready.`),
  healthPassed: (list: Mrkdwn): Mrkdwn => mrkdwn`Health: ${list}.`,
  healthFailed: (list: Mrkdwn): Mrkdwn => mrkdwn`Health check: ${list}.`,
  available: (list: Mrkdwn): Mrkdwn => mrkdwn`There are: ${list}.`,
  failedOnce: 'failed before',
  notKept: mrkdwn`Kubernetes no longer keeps its ReplicaSet, so it can only be released again.`,
  noneAvailable: mrkdwn`Its history is empty: nothing else can be rolled back to.`,
  nameOne: (list: Mrkdwn): Mrkdwn => mrkdwn`Name the revision if you want one of them anyway: ${list}.`,
  alreadyBack: (at: Mrkdwn | undefined): Mrkdwn =>
    mrkdwn`A second undo would bring the bad release back. It went back ${at ?? 'a moment ago'}.`,
  orEmergency: (command: Mrkdwn): Mrkdwn =>
    mrkdwn`If it cannot wait, ${command} stops the bad rollout and resumes it in one change.`,
  resume: (command: Mrkdwn): Mrkdwn => mrkdwn`Resume it first: ${command}.`,
  clusterSays: (message: Mrkdwn): Mrkdwn => mrkdwn`The cluster says: ${message}`,
  missingRight: (verb: string, resource: Mrkdwn): Mrkdwn => mrkdwn`It needs the right to ${verb} ${resource}.`,
  moved: {
    recreated: ({ by, at }) => mrkdwn`It was deleted, and ${by} created it again${at}.`,
    template: ({ by, at, what }) => mrkdwn`${by} changed ${what}${at}.`,
    paused: ({ by, at }) => mrkdwn`${by} paused or resumed it${at}.`,
    replicas: ({ by, at, after }) => mrkdwn`${by} scaled it to ${after}${at}.`,
    annotations: ({ by, at }) => mrkdwn`${by} changed its annotations${at}.`,
  } satisfies Record<string, (pieces: MovedPieces) => Mrkdwn>,
  theTemplate: 'the pod template',
  somebody: 'somebody',
  atTime: (at: Mrkdwn): Mrkdwn => mrkdwn`at ${at}`,
  onDate: (at: Mrkdwn): Mrkdwn => mrkdwn`on ${at}`,
}

export type MovedPieces = {
  readonly by: Mrkdwn | string
  readonly at: Mrkdwn
  readonly after: string
  readonly what: Mrkdwn
}

export type RollbackTexts = typeof en
