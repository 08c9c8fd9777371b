import { code, type Mrkdwn, mrkdwn } from '../../../texts/escape.ts'
import type { outcomeReasons, WarningCode } from '../types.ts'
import type { stepNames } from '../workflow.ts'

type StepName = (typeof stepNames)[number]
type FailReason = (typeof outcomeReasons)['failed'][number]
type OtherReason = (typeof outcomeReasons)['verified' | 'nothing_to_do' | 'refused'][number]

/** Pieces of a warning; each is ready to be shown. */
export type WarningPieces = {
  readonly color: Mrkdwn
  readonly ready: number
  readonly of: number
  readonly run: Mrkdwn
  readonly by: Mrkdwn
  readonly at: Mrkdwn
  readonly tool: Mrkdwn
  readonly name: Mrkdwn
  readonly says: Mrkdwn
  readonly list: Mrkdwn
}

export type OutcomePieces = {
  readonly app: Mrkdwn
  readonly from: Mrkdwn
  readonly to: Mrkdwn
  readonly by: Mrkdwn | undefined
  readonly asked: Mrkdwn
  readonly route: Mrkdwn
}

export const en = {
  asked: (app: Mrkdwn, to: string | undefined): Mrkdwn =>
    to === undefined ? mrkdwn`Switch ${app} to its other color` : mrkdwn`Switch ${app} to ${to}`,
  switchTo: (app: Mrkdwn, to: Mrkdwn): Mrkdwn => mrkdwn`Switch ${app} to ${to}`,
  switching: (app: Mrkdwn, to: Mrkdwn): Mrkdwn => mrkdwn`Switching ${app} to ${to}`,
  where: (namespace: Mrkdwn, environment: string): Mrkdwn => mrkdwn`${namespace} / ${environment}`,
  serves: (color: Mrkdwn, about: Mrkdwn, state: Mrkdwn): Mrkdwn => mrkdwn`Now ${color} serves (${about}): ${state}.`,
  standsBy: (color: Mrkdwn, about: Mrkdwn, state: Mrkdwn): Mrkdwn => mrkdwn`${color} stands by (${about}): ${state}.`,
  revision: (n: number) => `revision ${n}`,
  ready: (ready: number, desired: number) => `${ready} of ${desired} ${desired === 1 ? 'pod' : 'pods'} ready`,
  ofOther: (n: number) => `${n} of them of another revision`,
  noPodsWanted: 'scaled to zero',
  since: (at: Mrkdwn): Mrkdwn => mrkdwn`since ${at}`,
  idleSince: (at: Mrkdwn): Mrkdwn => mrkdwn`has not served since ${at}`,
  servesWell: (checks: Mrkdwn): Mrkdwn => mrkdwn`health: ${checks}`,
  passes: (name: string, status: string) => `${name} ${status}`,
  fails: (name: string, answer: string) => `${name} fails (${answer})`,
  noAnswer: 'no answer',
  changes: (route: Mrkdwn, from: Mrkdwn, to: Mrkdwn): Mrkdwn =>
    mrkdwn`Changes: ${route} leads to ${to} instead of ${from}, in one change.`,
  notTouched: (from: Mrkdwn): Mrkdwn =>
    mrkdwn`Not touched: both workloads and their pods, ConfigMaps, Secrets, databases. ${from} stays as it is, ready for the way back.`,
  reached: (hosts: Mrkdwn): Mrkdwn => mrkdwn`Serves ${hosts}.`,
  takes: (seconds: number) =>
    `Takes a second or two; open connections stay where they are until they end. Then it is watched for ${seconds} s, and switched back by itself if the check fails.`,
  confirmLabel: (to: string) => `Switch to ${to}`,
  otherLabel: 'Show both colors',
  undoLabel: (from: string) => `Go back to ${from}`,
  againLabel: 'See the new plan',
  lookLabel: 'Look again',
  mendLabel: (app: string) => `Roll back ${app}`,
  confirm: {
    title: (app: string, to: string) => `Switch ${app} to ${to}?`,
    text: (from: string, to: string) => `From now on everybody reaches ${to}. ${from} stays as it is.`,
    undoTitle: (app: string, from: string) => `Plan the way back of ${app} to ${from}?`,
    undoText: 'You will see its plan first. Nothing changes before you confirm that.',
    undoConfirm: 'Show the plan',
    deny: 'Keep it as it is',
  },
  warnings: {
    failed_before: ({ color, at, run }) =>
      mrkdwn`${color} failed its check ${at} with this very version, and was switched away from (${run}).`,
    target_partial: ({ color, ready, of }) =>
      mrkdwn`Only ${ready} of ${of} pods of ${color} are ready: it may not carry everybody.`,
    target_mixed: ({ color, ready }) =>
      mrkdwn`A rollout of ${color} is under way: ${ready} of its ready pods ${ready === 1 ? 'is' : 'are'} of another revision.`,
    irreversible_migration: ({ color, says }) =>
      mrkdwn`The version on ${color} changed the database and cannot be taken back (${says}). The other one may not work with it.`,
    gitops: ({ tool, name }) =>
      mrkdwn`${tool} owns the route (${name}): it may switch back at its next sync. Pause it, or change the repository too.`,
    left_before: ({ color, at, by, run }) => mrkdwn`${by} left ${color} ${at} with this very version (${run}).`,
    fewer_pods: ({ color, ready, of }) =>
      mrkdwn`${color} has ${ready} ${ready === 1 ? 'pod' : 'pods'} for what ${of} carry now.`,
    live_healthy: ({ color, ready }) => mrkdwn`What serves now looks healthy: all ${ready} pods of ${color} are ready.`,
    last_applied_stale: ({ color }) =>
      mrkdwn`The file last given to ${code('kubectl apply')} names ${color}: applying it again switches back.`,
    health_fails_now: ({ list }) =>
      mrkdwn`The check ${list} fails although the pods run: if a database or the network is to blame, the other color fares no better.`,
    no_health_checks: () => mrkdwn`The catalog has no health check for it: only ready endpoints will tell.`,
  } satisfies Record<WarningCode, (pieces: WarningPieces) => Mrkdwn>,
  steps: {
    compareWithPlan: 'Compare with the plan',
    switchTraffic: 'Switch the traffic',
    awaitEndpoints: 'Wait for the endpoints',
    checkHealth: 'Watch the service',
    switchBack: 'Switch back',
    awaitReturn: 'Wait for the endpoints of before',
  } satisfies Record<StepName, string>,
  endpoints: (ready: number, old: number) =>
    `${ready === 1 ? '1 endpoint' : `${ready} endpoints`} ready${old === 0 ? '' : `, ${old} still of the other color`}`,
  clusterAway: 'the cluster does not answer; trying again',
  watched: (seconds: number, of: number) => `${seconds} of ${of} s`,
  failures: (n: number, of: number) => `${n} of ${of} failed rounds`,
  outcomes: {
    switched: ({ app, to }) => mrkdwn`${app} is now on ${to}`,
    already_there: ({ app, to }) => mrkdwn`Nothing to do: ${app} is on ${to} already`,
    no_colors: ({ app }) => mrkdwn`Not switched: the catalog gives ${app} no colors`,
    unknown_color: ({ app, asked }) => mrkdwn`Not switched: ${app} has no color ${asked}`,
    route_unclear: ({ app, route }) => mrkdwn`Not switched: ${route} does not lead to one color of ${app}`,
    target_missing: ({ app, to }) => mrkdwn`Not switched: the cluster has no ${to} of ${app}`,
    scaled_to_zero: ({ app, to }) => mrkdwn`Not switched: ${to} of ${app} is scaled to zero`,
    not_ready: ({ app, to }) => mrkdwn`Not switched: ${to} of ${app} is not ready`,
    no_endpoints: ({ app, to, route }) => mrkdwn`Not switched: ${route} would reach no pod of ${to} of ${app}`,
    both_broken: ({ app }) => mrkdwn`Not switched: both colors of ${app} are broken`,
    just_switched: ({ app, from }) => mrkdwn`Not switched: ${app} was just switched to ${from}`,
    not_found: ({ app, route }) => mrkdwn`Not switched: the cluster has no ${route} of ${app}`,
    world_moved: ({ app }) => mrkdwn`Not switched: ${app} changed after you saw the plan`,
    forbidden: ({ app }) => mrkdwn`Not switched: the cluster does not let me switch ${app}`,
    unauthorized: ({ app }) => mrkdwn`Not switched: the cluster does not accept my credentials for ${app}`,
    cluster_away: ({ app }) => mrkdwn`Not switched: the cluster of ${app} does not answer`,
    cluster_refused: ({ app }) => mrkdwn`Not switched: the cluster refused the change of ${app}`,
  } satisfies Record<OtherReason, (pieces: OutcomePieces) => Mrkdwn>,
  failed: {
    switched_back: ({ app, from, to }) => mrkdwn`${to} did not pass its check: ${app} is back on ${from}`,
    not_switched_back: ({ app, from, to }) =>
      mrkdwn`${to} did not pass its check, and ${app} could not be switched back to ${from}`,
    flipped_back: ({ app, by }) => mrkdwn`${by ?? 'somebody'} led ${app} elsewhere during the switch`,
    stopped: ({ app }) => mrkdwn`the switch of ${app} was stopped on the way`,
    cluster_away: ({ app }) => mrkdwn`the cluster of ${app} went away`,
    cluster_refused: ({ app }) => mrkdwn`the cluster refused the change of ${app}`,
    forbidden: ({ app }) => mrkdwn`the cluster does not let me look at ${app}`,
    unauthorized: ({ app }) => mrkdwn`the cluster no longer accepts my credentials for ${app}`,
    not_found: ({ app }) => mrkdwn`a part of ${app} was deleted meanwhile`,
  } satisfies Record<FailReason, (pieces: OutcomePieces) => Mrkdwn>,
  nothingChanged: mrkdwn`Nothing was changed.`,
  changeUnknown: mrkdwn`The cluster went away in the middle of the change: which color serves is not known. Look before you try again.`,
  reachedNow: (n: number): Mrkdwn => mrkdwn`${n === 1 ? '1 pod takes' : `${n} pods take`} the requests.`,
  healthPassed: (list: Mrkdwn): Mrkdwn => mrkdwn`Health: ${list}.`,
  healthFailed: (list: Mrkdwn): Mrkdwn => mrkdwn`Health check: ${list}.`,
  endpointsFailed: (to: Mrkdwn): Mrkdwn => mrkdwn`No ready endpoint of ${to} was reached.`,
  backServes: (from: Mrkdwn, n: number): Mrkdwn =>
    mrkdwn`${n === 1 ? '1 pod' : `${n} pods`} of ${from} take the requests again; nothing of it had been touched.`,
  backUnseen: (from: Mrkdwn): Mrkdwn => mrkdwn`Its endpoints were not seen to follow: look whether ${from} serves.`,
  staysOn: (to: Mrkdwn): Mrkdwn => mrkdwn`Everybody is still sent to ${to}.`,
  kept: (from: Mrkdwn): Mrkdwn => mrkdwn`${from} stays as it was, ready for the way back.`,
  leadsTo: (route: Mrkdwn, where: Mrkdwn): Mrkdwn => mrkdwn`${route} leads to ${where}.`,
  leadsNowhere: (route: Mrkdwn, looksFor: Mrkdwn): Mrkdwn => mrkdwn`${route} looks for ${looksFor}.`,
  leadToOne: (command: Mrkdwn): Mrkdwn => mrkdwn`Lead it to the one that works, by hand: ${command}`,
  nothing: 'nothing',
  available: (list: Mrkdwn): Mrkdwn => mrkdwn`There are: ${list}.`,
  nameIt: (command: Mrkdwn): Mrkdwn => mrkdwn`If you want it anyway, name the color: ${command}`,
  scale: (command: Mrkdwn): Mrkdwn => mrkdwn`Scale it up and wait until it is ready: ${command}`,
  waitFor: (command: Mrkdwn): Mrkdwn => mrkdwn`Mend it, or wait: ${command}`,
  lacksLabels: (workload: Mrkdwn, list: Mrkdwn): Mrkdwn => mrkdwn`The pods of ${workload} lack ${list}.`,
  lacksPorts: (list: Mrkdwn): Mrkdwn => mrkdwn`It has no port ${list}.`,
  mendOne: (command: Mrkdwn): Mrkdwn =>
    mrkdwn`Switching would not help. Bring one of the two back, then switch if need be: ${command}`,
  state: (color: Mrkdwn, state: Mrkdwn): Mrkdwn => mrkdwn`${color}: ${state}.`,
  create: (workload: Mrkdwn): Mrkdwn => mrkdwn`Create ${workload} first, or correct its name in the catalog.`,
  correctRoute: mrkdwn`Create it, or correct its name in the catalog.`,
  addColors: mrkdwn`Add colors to it there, or ask for a rollback instead.`,
  clusterSays: (message: Mrkdwn): Mrkdwn => mrkdwn`The cluster says: “${message}”`,
  missingRight: (verb: string, resource: Mrkdwn): Mrkdwn => mrkdwn`It needs the right to ${verb} ${resource}.`,
  moved: {
    recreated: () => mrkdwn`It was deleted and created again.`,
    route: ({ by, at, after }) => mrkdwn`${by} led it to ${after}${at}.`,
    target: ({ by, at, before, after }) => mrkdwn`${by} changed the color that you chose${at}: ${before} → ${after}.`,
    readiness: ({ before, after }) => mrkdwn`Of the color that you chose, ${before} pods were ready, and now ${after}.`,
  } satisfies Record<string, (pieces: MovedPieces) => Mrkdwn>,
  somebody: 'somebody',
  by: (who: Mrkdwn): Mrkdwn => mrkdwn`by ${who}`,
  form: {
    pick: 'Color to switch to',
  },
}

export type MovedPieces = {
  readonly by: Mrkdwn | string
  readonly at: Mrkdwn
  readonly before: Mrkdwn
  readonly after: Mrkdwn
}

export type SwitchTexts = typeof en
