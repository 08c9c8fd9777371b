import type { Logger } from 'pino'
import { inNamespace, podsPath, type WorkloadKind } from '../../services/kubernetes/api/paths.ts'
import type { ClusterClient } from '../../services/kubernetes/api/types.ts'
import { type Projection, type ReflectorOptions, startReflector } from '../../services/kubernetes/watch/reflector.ts'
import type { Board } from './board.ts'
import { eventFacts, watchedEvents } from './evidence.ts'
import { nodeFacts, sourceFacts, workloadFacts } from './facts.ts'
import { podFacts } from './pod-facts.ts'

export type Watching = {
  readonly client: ClusterClient
  readonly signal: AbortSignal
  readonly log: Logger
  /** Called after the board was told of a change. */
  readonly onChange: () => void
}

/** What the streams of a place have told completely; `hints`: events and nodes, without which judging goes on. */
export type Streams = {
  readonly synced: Promise<unknown>
  readonly hints: Promise<unknown>
  readonly done: Promise<unknown>
}

/** Keeps a board true to one namespace. @param watched `KIND/NAME` of the workloads that matter */
export function watchNamespace(
  watching: Watching,
  namespace: string,
  kinds: ReadonlySet<WorkloadKind>,
  watched: ReadonlySet<string>,
  board: Board,
): Streams {
  const { stream } = streamsOf(watching)
  const apps = (resource: string) => inNamespace('/apis/apps/v1', namespace, resource)
  const isWatched = (kind: WorkloadKind, name: string): boolean => watched.has(`${kind}/${name}`)
  const truth = [
    ...[...kinds].map((kind) =>
      stream({
        path: apps(`${kind}s`),
        project: (raw) => workloadFacts(kind, raw),
        onChange: (now) => (isWatched(kind, now.name) ? board.workload(now) : undefined),
        onRemove: (last) => board.forgetWorkload(last.uid),
      }),
    ),
    ...[...new Set([...kinds].map((kind) => (kind === 'deployment' ? 'replicasets' : 'controllerrevisions')))].map(
      (resource) =>
        stream({
          path: apps(resource),
          project: sourceFacts,
          onChange: board.source,
          onRemove: (last) => board.forgetSource(last.uid),
        }),
    ),
    stream({
      path: podsPath(namespace),
      project: podFacts,
      onChange: board.pod,
      onRemove: (last) => board.forgetPod(last.uid),
    }),
  ]
  const hints = watchedEvents.map((fieldSelector) =>
    stream({
      path: inNamespace('/api/v1', namespace, 'events'),
      query: { fieldSelector },
      project: eventFacts,
      onChange: board.event,
      onRemove: (last) => board.forgetEvent(last.uid),
    }),
  )
  return together(truth, hints)
}

/** Tells all boards of a cluster which of its nodes are ready. */
export function watchNodes(watching: Watching, boards: readonly Board[]): Streams {
  const nodes = streamsOf(watching).stream({
    path: '/api/v1/nodes',
    project: nodeFacts,
    onChange: (now) => {
      for (const board of boards) board.node(now)
    },
    onRemove: (last) => {
      for (const board of boards) board.forgetNode(last.name)
    },
  })
  return together([], [nodes])
}

type Stream = { readonly synced: Promise<void>; readonly done: Promise<void> }

function streamsOf({ client, signal, log, onChange }: Watching) {
  const stream = <T extends Projection>(
    options: Pick<ReflectorOptions<T>, 'path' | 'query' | 'project'> & {
      readonly onChange: (now: T) => void
      readonly onRemove: (last: T) => void
    },
  ): Stream =>
    startReflector<T>({
      ...options,
      client,
      signal,
      log,
      onChange: (now) => {
        options.onChange(now)
        onChange()
      },
      onRemove: (last) => {
        options.onRemove(last)
        onChange()
      },
    })
  return { stream }
}

function together(truth: readonly Stream[], hints: readonly Stream[]): Streams {
  return {
    synced: Promise.all(truth.map((one) => one.synced)),
    hints: Promise.all(hints.map((one) => one.synced)),
    done: Promise.all([...truth, ...hints].map((one) => one.done)),
  }
}
