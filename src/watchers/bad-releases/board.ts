import { type EventFacts, evidenceOf } from './evidence.ts'
import type { NodeFacts, SourceFacts, WorkloadFacts } from './facts.ts'
import { createGroups } from './groups.ts'
import { createNodes } from './nodes.ts'
import type { PodFacts } from './pod-facts.ts'
import { type PodTrack, trackPod } from './pod-track.ts'
import {
  cameAt,
  isRefused,
  newRelease,
  presentSource,
  type ReleaseTrack,
  releaseKey,
  trackRelease,
} from './release-track.ts'
import { podSeen, type ReleaseView, wasGivenUp } from './view.ts'

/** What reflectors know of one namespace, found by what belongs together. The order in which it comes does not matter. */
export type Board = {
  workload(now: WorkloadFacts): void
  forgetWorkload(uid: string): void
  source(now: SourceFacts): void
  forgetSource(uid: string): void
  pod(now: PodFacts): void
  forgetPod(uid: string): void
  event(now: EventFacts): void
  forgetEvent(uid: string): void
  node(now: NodeFacts): void
  forgetNode(name: string): void
  /** From now on what comes is news; what is there already is as old as the API's own times say. */
  begin(): void
  /** Uids of workloads of which something has changed since the last call, and when that was first heard. */
  changed(): ReadonlyMap<string, number>
  get(uid: string): WorkloadFacts | undefined
  /** Uids of pods of a workload, of all its revisions. */
  podsOf(uid: string): readonly string[]
  /** The release that a workload is at; undefined while its controller has not made a revision of the present template. */
  look(uid: string, windowSeconds: number): Look | undefined
}

export type Look = {
  readonly view: ReleaseView
  readonly track: ReleaseTrack
  /** The template differs from that of the revision before by the annotation of a restart alone. */
  readonly restartOnly: boolean
}

/** @param clock seconds, monotonic */
export function createBoard(clock: () => number): Board {
  const workloads = new Map<string, WorkloadFacts>()
  const sources = createGroups<SourceFacts>((one) => one.ownerUid)
  const pods = createGroups<PodTrack>((one) => one.pod.ownerUid ?? '')
  const events = createGroups<EventFacts>((one) => one.about)
  const nodes = createNodes(clock)
  const releases = new Map<string, ReleaseTrack>()
  let dirty = new Map<string, number>()
  let begun = false
  let serverNow = 0

  const soil = (workload: string): void => {
    if (!dirty.has(workload)) dirty.set(workload, clock())
  }
  const touch = (uid: string | undefined): void => {
    if (uid === undefined) return
    const workload = workloads.has(uid) ? uid : sources.get(uid)?.ownerUid
    if (workload !== undefined && workloads.has(workload)) soil(workload)
  }
  const evidence = (uid: string) => evidenceOf(events.of(uid))

  const podsOf = (workload: WorkloadFacts): PodTrack[] =>
    workload.kind === 'deployment'
      ? [...sources.of(workload.uid)].flatMap((source) => [...pods.of(source.uid)])
      : [...pods.of(workload.uid)]

  const releaseOf = (workload: WorkloadFacts, source: SourceFacts, own: readonly PodFacts[]): ReleaseTrack => {
    const known = releases.get(workload.uid)
    const now = clock()
    const isNews = known !== undefined || begun
    const came = isNews
      ? Math.max(source.createdAt, source.reused ? workload.changedAt : 0)
      : cameAt(workload, source, own)
    const before =
      known?.key === releaseKey(source)
        ? known
        : newRelease(source, came, now, isNews ? 0 : Math.max(0, serverNow - came))
    const refused = isRefused(workload, source, own, evidence(workload.uid), before.cameAt)
    const next = trackRelease(before, workload, source, refused, now)
    releases.set(workload.uid, next)
    return next
  }

  const look = (uid: string, windowSeconds: number): Look | undefined => {
    const workload = workloads.get(uid)
    const source = workload && presentSource(workload, sources.of(uid))
    if (workload === undefined || source === undefined) return undefined
    const all = podsOf(workload)
    const isNew = ({ pod }: PodTrack): boolean => pod.podHash === source.podHash
    const release = releaseOf(
      workload,
      source,
      all.filter(isNew).map(({ pod }) => pod),
    )
    const seen = podSeen(evidence, nodes.isUnwell)
    const view: ReleaseView = {
      workload,
      source,
      windowSeconds,
      releasedAt: release.releasedAt,
      complete: release.complete,
      unavailableSince: release.unavailableSince,
      refusedSince: release.refusedSince,
      evidence: evidence(uid),
      deadlineExceeded: wasGivenUp(workload, release.cameAt),
      pods: all.filter(isNew).map(seen),
      oldPods: all.filter((one) => !isNew(one)).map(seen),
    }
    const before = [...sources.of(uid)].filter((one) => one.revision < source.revision)
    const last = before.sort((a, b) => b.revision - a.revision)[0]
    return { view, track: release, restartOnly: last !== undefined && last.template.bare === source.template.bare }
  }

  return {
    workload: (now) => {
      workloads.set(now.uid, now)
      touch(now.uid)
    },
    forgetWorkload: (uid) => {
      workloads.delete(uid)
      releases.delete(uid)
      dirty.delete(uid)
    },
    source: (now) => {
      sources.put(now)
      touch(now.ownerUid)
    },
    forgetSource: (uid) => {
      touch(uid)
      sources.drop(uid)
    },
    pod: (now) => {
      pods.put(trackPod(now, pods.get(now.uid), clock()))
      touch(now.ownerUid)
    },
    forgetPod: (uid) => {
      touch(pods.get(uid)?.pod.ownerUid)
      pods.drop(uid)
    },
    event: (now) => {
      // An older count that comes late changes nothing.
      const count = Math.max(now.count, events.get(now.uid)?.count ?? 0)
      events.put({ ...now, count })
      if (now.says !== 'other') touch(pods.get(now.about)?.pod.ownerUid ?? now.about)
    },
    forgetEvent: (uid) => events.drop(uid),
    node: (now) => {
      if (nodes.see(now)) for (const uid of workloads.keys()) soil(uid)
    },
    forgetNode: nodes.forget,
    begin: () => {
      const known = [...pods.values()].map(({ pod }) => pod)
      for (const list of [workloads.values(), sources.values(), known, nodes.values()])
        for (const { changedAt } of list) serverNow = Math.max(serverNow, changedAt)
      for (const pod of known) pods.put(trackPod(pod, undefined, clock(), Math.max(0, serverNow - pod.changedAt)))
      for (const uid of workloads.keys()) {
        soil(uid)
        look(uid, 0)
      }
      begun = true
    },
    changed: () => {
      const changes = dirty
      dirty = new Map()
      return changes
    },
    get: (uid) => workloads.get(uid),
    podsOf: (uid) => {
      const workload = workloads.get(uid)
      return workload === undefined ? [] : podsOf(workload).map(({ uid }) => uid)
    },
    look,
  }
}
