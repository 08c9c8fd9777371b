import type { KubeObject } from '../json.ts'
import { load } from '../schema/definitions.ts'
import type { ResourceType } from '../schema/resources.ts'
import { rowOf } from './rows.ts'

type Column = { name: string; type: string; format: string; description: string; priority: number }

const columns = load<Record<string, Column[]>>('columns.json')
const usual: Column[] = [
  { name: 'Name', type: 'string', format: 'name', description: '', priority: 0 },
  { name: 'Created At', type: 'date', format: '', description: '', priority: 0 },
]

export type IncludeObject = 'None' | 'Metadata' | 'Object'

/** The table that `kubectl get` asks for; in a watch only the first event carries the columns. */
export function tableOf(
  type: ResourceType,
  objects: readonly KubeObject[],
  metadata: object,
  include: IncludeObject,
  withColumns = true,
): object {
  const definitions = columns[type.group === '' ? type.resource : `${type.resource}.${type.group}`] ?? usual
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: withColumns ? definitions : null,
    rows: objects.map((object) => ({ cells: rowOf(object), ...objectPart(object, include) })),
  }
}

function objectPart(object: KubeObject, include: IncludeObject): object {
  if (include === 'None') return { object: null }
  return { object: include === 'Object' ? object : partial(object) }
}

/** The metadata alone. */
export function partial(object: KubeObject): object {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata }
}
