import { isRecord, listAt, numberAt, type RawObject, recordAt, textAt } from '../../src/services/kubernetes/api/json.ts'
import { selectorQuery } from '../../src/services/kubernetes/workload/selector.ts'
import type { Api } from '../kubelet/api.ts'
import { parseImage } from '../kubelet/images.ts'
import { readManifests } from './manifests.ts'
import { collectionPath, nameOf, namespaceOf, pathOf } from './resources.ts'

export type NewRelease = {
  /** Of the Deployment in namespace porttrack. */
  readonly app: string
  /** Such as `2.8`: each new release is the next of 2.8.0, 2.8.1, ... */
  readonly line: string
  /** The end of the tag that says how it behaves (sandbox/kubelet/behaviours.ts); empty: healthy. */
  readonly behaviour: string
  readonly cause: string
  /** Of the pods, so it belongs to this release alone. */
  readonly annotations?: Readonly<Record<string, string>>
  /** Changes the containers of the template besides the image. */
  readonly edit?: (container: RawObject) => RawObject
  /** All its pods end before the new ones start: a broken version then leaves none. */
  readonly atOnce?: boolean
}

/** A pipeline releases a new version: image, template and change-cause in one patch. Works as often as one likes. @throws KubernetesError */
export async function release(api: Api, wanted: NewRelease): Promise<void> {
  const manifest = (await readManifests()).find((one) => nameOf(one) === wanted.app && namespaceOf(one) === 'porttrack')
  if (manifest === undefined) throw new RangeError(`no manifest is called ${wanted.app}`)
  const version = `${wanted.line}.${await nextPatch(api, manifest, wanted)}`
  const template = recordAt(manifest, 'spec', 'template')
  const [first, ...others] = listAt(template, 'spec', 'containers').filter(isRecord)
  const image = (textAt(first, 'image') ?? '').replace(/:[^:/]*$/, '')
  const tag = wanted.behaviour === '' ? version : `${version}-${wanted.behaviour}`
  const container = { ...first, image: `${image}:${tag}` }
  const containers = [wanted.edit?.(container) ?? container, ...others]
  await api.write({
    method: 'PATCH',
    patch: 'json',
    path: pathOf(manifest),
    body: [
      {
        op: 'replace',
        path: '/spec/template',
        value: {
          ...template,
          metadata: annotated(recordAt(template, 'metadata'), wanted.annotations),
          spec: { ...recordAt(template, 'spec'), containers },
        },
      },
      { op: 'add', path: '/metadata/annotations/kubernetes.io~1change-cause', value: `${version}: ${wanted.cause}` },
      { op: 'add', path: '/spec/paused', value: false },
      ...(wanted.atOnce === true ? [{ op: 'replace', path: '/spec/strategy', value: { type: 'Recreate' } }] : []),
    ],
  })
}

function annotated(metadata: RawObject, more: NewRelease['annotations']): RawObject {
  return more === undefined ? metadata : { ...metadata, annotations: { ...recordAt(metadata, 'annotations'), ...more } }
}

/** Whoever owns the workload in a repository brings back the version that was left last. @throws KubernetesError */
export async function putBack(api: Api, app: string): Promise<void> {
  const { items } = await api.client.list(collectionPath('ReplicaSet', 'porttrack'), { labelSelector: `app=${app}` })
  const number = (item: RawObject): number =>
    Number(recordAt(item, 'metadata', 'annotations')['deployment.kubernetes.io/revision'] ?? 0)
  const [, left] = items.toSorted((a, b) => number(b) - number(a))
  if (left === undefined) throw new RangeError(`${app} has no earlier version`)
  const { 'pod-template-hash': _hash, ...labels } = recordAt(left, 'spec', 'template', 'metadata', 'labels')
  const template = recordAt(left, 'spec', 'template')
  const value = { ...template, metadata: { ...recordAt(template, 'metadata'), labels } }
  await api.write({
    method: 'PATCH',
    patch: 'json',
    path: `${collectionPath('Deployment', 'porttrack')}/${app}`,
    body: [{ op: 'replace', path: '/spec/template', value }],
  })
}

async function nextPatch(api: Api, manifest: RawObject, { line }: NewRelease): Promise<number> {
  const labelSelector = selectorQuery(recordAt(manifest, 'spec', 'selector'))
  const { items } = await api.client.list(collectionPath('ReplicaSet', 'porttrack'), { labelSelector })
  const patches = items.flatMap((item) => {
    const image = textAt(listAt(item, 'spec', 'template', 'spec', 'containers')[0], 'image') ?? ''
    const [, patch] = new RegExp(`^${line.replace('.', '\\.')}\\.(\\d+)`).exec(parseImage(image)?.tag ?? '') ?? []
    return patch === undefined ? [] : [Number(patch)]
  })
  return Math.max(-1, ...patches) + 1
}

/** Somebody scales it by hand. @throws KubernetesError */
export async function scaleByHand(api: Api, app: string): Promise<void> {
  const path = `${collectionPath('Deployment', 'porttrack')}/${app}`
  const replicas = numberAt(await api.client.get(path), 'spec', 'replicas') ?? 1
  await api.write({
    method: 'PATCH',
    patch: 'merge',
    path: `${path}/scale`,
    body: { spec: { replicas: replicas === 5 ? 4 : 5 } },
  })
}

/** A container without one of its variables. */
export function withoutVariable(container: RawObject, name: string): RawObject {
  return { ...container, env: listAt(container, 'env').filter((one) => textAt(one, 'name') !== name) }
}
