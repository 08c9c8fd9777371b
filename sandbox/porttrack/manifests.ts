import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments } from 'yaml'
import { isRecord, type RawObject, recordAt, textsAt } from '../../src/services/kubernetes/api/json.ts'

const folder = fileURLToPath(new URL('../../examples/porttrack/k8s/base/', import.meta.url))
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'

/** The manifests of examples/porttrack/k8s/base in the order of their files, as `kubectl apply` would send them. */
export async function readManifests(): Promise<readonly RawObject[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort()
  const texts = await Promise.all(files.map((name) => readFile(`${folder}${name}`, 'utf8')))
  const objects: unknown[] = texts.flatMap((text) =>
    parseAllDocuments(text).map((document): unknown => document.toJS()),
  )
  return objects.filter(isRecord).map(asApplied)
}

/** kubectl keeps what was applied in an annotation, with sorted keys and a line's end. */
function asApplied(manifest: RawObject): RawObject {
  const metadata = recordAt(manifest, 'metadata')
  const annotations = textsAt(manifest, 'metadata', 'annotations')
  const applied = `${JSON.stringify(sorted({ ...manifest, metadata: { ...metadata, annotations } }))}\n`
  return { ...manifest, metadata: { ...metadata, annotations: { ...annotations, [lastApplied]: applied } } }
}

export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}
