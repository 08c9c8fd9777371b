/** `spec containers app env DATABASE_URL` becomes `env DATABASE_URL`, with the container in brackets where there are several. */
export function readablePath(path: readonly string[], severalContainersThere: boolean): string {
  if (path[0] !== 'spec') return joinPath(path)
  const [, list, container, ...rest] = path
  if (list !== 'containers' && list !== 'initContainers') return joinPath(path.slice(1))
  const kind = list === 'initContainers' ? 'init container' : 'container'
  if (rest.length === 0) return `${kind} ${container}`
  const inside = rest[0] === 'image' || severalContainersThere ? ` (${container})` : ''
  return `${joinPath(rest)}${inside}`
}

function joinPath(path: readonly string[]): string {
  const [head, name, ...rest] = path
  const spaced = new Set(['env', 'volumes', 'volumeMounts', 'ports', 'imagePullSecrets', 'annotations', 'labels'])
  if (head === 'metadata' && name !== undefined && rest.length > 0) return joinPath([name, ...rest])
  if (head !== undefined && name !== undefined && spaced.has(head))
    return `${singular[head] ?? head} ${[name, ...rest].join('.')}`
  return path.join('.')
}

const singular: Readonly<Record<string, string>> = {
  volumes: 'volume',
  volumeMounts: 'mount',
  ports: 'port',
  annotations: 'annotation',
  labels: 'label',
  imagePullSecrets: 'imagePullSecret',
}

/** Images first, then variables, whole containers, resources; labels and annotations last. */
export function rankOf(path: string): number {
  if (path.startsWith('image (')) return 0
  if (path.startsWith('env ')) return 1
  if (path.startsWith('container ') || path.startsWith('init container ')) return 2
  if (path.startsWith('resources.')) return 3
  if (path.startsWith('annotation ') || path.startsWith('label ')) return 5
  return 4
}
