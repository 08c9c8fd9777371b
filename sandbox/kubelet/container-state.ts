export type Waiting = { readonly kind: 'waiting'; readonly reason: string; readonly message?: string }
export type Running = { readonly kind: 'running'; readonly startedAt: number }
export type Terminated = {
  readonly kind: 'terminated'
  readonly exitCode: number
  readonly reason: string
  readonly message?: string
  /** ms */
  readonly startedAt: number
  readonly finishedAt: number
  readonly id: string
}

/** One container of a pod as the kubelet knows it now; its own task changes it, the status is written from it. */
export type Container = {
  readonly name: string
  readonly image: string
  readonly init: boolean
  /** `containerd://…` of the present or last instance; empty before the first. */
  id: string
  state: Waiting | Running | Terminated
  last: Terminated | undefined
  restarts: number
  ready: boolean
  /** Its startup probe has passed, or it has none. */
  started: boolean
  log: LogLine[]
  previousLog: LogLine[]
}

export type LogLine = { readonly at: number; readonly text: string }

export function newContainer(name: string, image: string, init: boolean, waitingFor: string): Container {
  return {
    name,
    image,
    init,
    id: '',
    state: { kind: 'waiting', reason: waitingFor },
    last: undefined,
    restarts: 0,
    ready: false,
    started: false,
    log: [],
    previousLog: [],
  }
}
