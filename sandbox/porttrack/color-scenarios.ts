import { textsAt } from '../../src/services/kubernetes/api/json.ts'
import type { Api } from '../kubelet/api.ts'
import type { Scenario } from '../scenarios/types.ts'
import { release } from './release.ts'
import { collectionPath } from './resources.ts'
import { scenario } from './scenario.ts'

const service = `${collectionPath('Service', 'porttrack')}/porttrack-app-service`
const colors = ['blue', 'green'] as const
type Color = (typeof colors)[number]

/** What can happen to the two colours of PortTrack. */
export const colorScenarios: readonly Scenario[] = [
  scenario(
    'blue-green',
    'release',
    'pipeline',
    {
      title: { es: 'Romper el color que atiende', en: 'Break the live color' },
      what: {
        es: 'porttrack-web 2.8 sale en el color que atiende: sus pods están listos y cada página responde 500.',
        en: 'porttrack-web 2.8 goes out on the color that serves: its pods are ready, and every page answers 500.',
      },
    },
    async (api) => bring(api, await live(api), { behaviour: 'errors' }),
  ),
  scenario(
    'standby-errors',
    'release',
    'pipeline',
    {
      title: { es: 'Romper el color en reserva', en: 'Break the color that stands by' },
      what: {
        es: 'El color en reserva parece sano, y responde 500 en cuanto alguien llega a él.',
        en: 'The color that stands by looks healthy, and answers 500 as soon as somebody reaches it.',
      },
    },
    async (api) => bring(api, other(await live(api)), { behaviour: 'errors' }),
  ),
  scenario(
    'both-colors-broken',
    'release',
    'pipeline',
    {
      title: { es: 'Romper los dos colores', en: 'Break both colors' },
      what: {
        es: 'Los dos colores de porttrack-web mueren al arrancar: cambiar no sirve.',
        en: 'Both colors of porttrack-web die as they start: switching does not help.',
      },
    },
    async (api) => {
      await Promise.all(colors.map((color) => bring(api, color, { behaviour: 'crash', atOnce: true })))
    },
  ),
  scenario(
    'color-switched-by-someone',
    'cluster',
    'kubectl-patch',
    {
      title: { es: 'Alguien cambia de color', en: 'Someone switches colors' },
      what: {
        es: 'Alguien cambia a mano el selector de porttrack-app-service al otro color.',
        en: 'Someone switches the selector of porttrack-app-service to the other color by hand.',
      },
    },
    async (api) => {
      const body = { spec: { selector: { color: other(await live(api)) } } }
      await api.write({ method: 'PATCH', patch: 'merge', path: service, body })
    },
  ),
]

function bring(api: Api, color: Color, how: { readonly behaviour: string; readonly atOnce?: boolean }): Promise<void> {
  return release(api, { app: `porttrack-app-${color}`, line: '2.8', cause: 'live map', ...how })
}

async function live(api: Api): Promise<Color> {
  const color = textsAt(await api.client.get(service), 'spec', 'selector')['color']
  return colors.find((each) => each === color) ?? 'blue'
}

const other = (color: Color): Color => (color === 'blue' ? 'green' : 'blue')
