import { type Drawn, html } from '../lib/html.ts'
import { words } from '../state/session.ts'
import { type ClusterData, type ClusterPod, readCluster } from './cluster-data.ts'
import { useFollowed } from './follow.ts'

/** The cluster as it is: each app with its pods as small shapes. */
export function Cluster(): Drawn {
  const { data } = useFollowed('/panel/cluster', readCluster)
  if (data === undefined) return html`<p class="loading" role="status">${words.value.loading}</p>`
  if (data.apps.length === 0) return html`<p class="panel-empty">${words.value.clusterEmpty}</p>`
  const namespaces = [...new Set(data.apps.map((one) => one.namespace))]
  return html`${namespaces.map(
    (namespace) => html`<section class="panel-group" key=${namespace}><h3>${namespace}</h3>
      ${data.apps.filter((one) => one.namespace === namespace).map((one) => html`<${AppCard} key=${`${one.kind}/${one.name}`} app=${one} />`)}</section>`,
  )}
    ${data.nodes.length > 0 && html`<section class="panel-group"><h3>${words.value.nodes}</h3><ul class="nodes">${data.nodes.map(node)}</ul></section>`}`
}

function AppCard({ app }: { app: ClusterData['apps'][number] }): Drawn {
  const well = app.ready >= app.desired && app.pods.every((pod) => pod.health !== 'failing')
  return html`<article class="app ${well ? '' : 'app-unwell'}">
    <div class="app-head"><h4>${app.name}</h4><span class="app-ready">${words.value.ready(app.ready, app.desired)}</span></div>
    <p class="soft app-image">${[app.image, app.revision && words.value.revision(app.revision), app.paused && words.value.paused].filter(Boolean).join(' · ')}</p>
    <ul class="pods">${app.pods.map((one) => html`<${Pod} key=${one.name} pod=${one} />`)}</ul>
  </article>`
}

/** Ready is a full square, starting an empty one, failing a crossed one: never the colour alone. */
const shapes = {
  ready: html`<rect x="4" y="4" width="12" height="12" rx="2.5" class="pod-full" /><path class="pod-cut" d="M7.5 10.3l1.8 1.8 3.4-3.8" />`,
  starting: html`<rect x="4" y="4" width="12" height="12" rx="2.5" class="pod-hollow" />`,
  ending: html`<rect x="4" y="4" width="12" height="12" rx="2.5" class="pod-hollow" /><path class="pod-stroke" d="M7 10h6" />`,
  failing: html`<path class="pod-full" d="M10 2.5l7.5 7.5-7.5 7.5L2.5 10z" /><path class="pod-cut" d="M8 8l4 4M12 8l-4 4" />`,
} as const

function Pod({ pod }: { pod: ClusterPod }): Drawn {
  const said = [
    pod.state,
    pod.restarts > 0 && words.value.restarts(pod.restarts),
    pod.node && words.value.onNode(pod.node),
  ]
    .filter(Boolean)
    .join(', ')
  return html`<li class="pod pod-${pod.health}" title=${`${pod.name}: ${said}`}><svg viewBox="0 0 20 20" aria-hidden="true">${shapes[pod.health]}</svg>
    <span class="pod-name">${pod.name.split('-').slice(-1)[0]}</span><span class="pod-state">${pod.state}</span><span class="hidden">, ${said}</span></li>`
}

const node = (one: ClusterData['nodes'][number]): Drawn => {
  const state = [one.ready ? words.value.nodeReady : words.value.nodeNotReady, one.cordoned && words.value.cordoned]
    .filter(Boolean)
    .join(', ')
  return html`<li key=${one.name} class="node ${one.ready ? '' : 'node-unwell'}"><svg viewBox="0 0 20 20" aria-hidden="true">${one.ready ? shapes.ready : shapes.failing}</svg><span>${one.name}</span><span class="soft">${state}</span></li>`
}
