/** Times of objects have whole seconds, as `metav1.Time` has. */
export function timestamp(at: number = Date.now()): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}

/** Leases and events.k8s.io use microseconds. */
export function microTimestamp(at: number = Date.now()): string {
  return `${new Date(at).toISOString().slice(0, 23)}000Z`
}

/** Milliseconds since the epoch; 0 when absent. */
export function millis(time: string | undefined): number {
  return time === undefined ? 0 : Date.parse(time)
}
