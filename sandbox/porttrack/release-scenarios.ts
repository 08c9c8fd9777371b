import type { Scenario } from '../scenarios/types.ts'
import { type NewRelease, putBack, release, withoutVariable } from './release.ts'
import { scenario, type Words } from './scenario.ts'

const released = (name: string, wanted: NewRelease, words: Words): Scenario =>
  scenario(name, 'release', 'pipeline', words, (api) => release(api, wanted))

const app = { app: 'porttrack-app', line: '2.8' }

/** New versions of all kinds, as a pipeline would bring them. */
export const releaseScenarios: readonly Scenario[] = [
  released(
    'bad-release',
    { ...app, behaviour: 'crash', cause: 'live map', edit: (one) => withoutVariable(one, 'DATABASE_URL') },
    {
      title: { es: 'Romper una release', en: 'Break a release' },
      what: {
        es: 'porttrack-app 2.8 sale sin DATABASE_URL y muere al arrancar.',
        en: 'porttrack-app 2.8 goes out without DATABASE_URL and dies as it starts.',
      },
    },
  ),
  released(
    'crash-loop',
    { app: 'porttrack-worker', line: '1.10', behaviour: 'crash', cause: 'customs in parallel' },
    {
      title: { es: 'Reinicios en bucle', en: 'Crash loop' },
      what: {
        es: 'porttrack-worker 1.10 arranca y muere una y otra vez.',
        en: 'porttrack-worker 1.10 starts and dies, again and again.',
      },
    },
  ),
  released(
    'worker-irreversible',
    {
      app: 'porttrack-worker',
      line: '1.10',
      behaviour: 'crash',
      cause: 'customs in one table',
      annotations: { 'rescue.porttrack.io/irreversible-migration': 'drops the table customs_v1' },
    },
    {
      title: { es: 'Bucle tras una migración', en: 'Crash loop after a migration' },
      what: {
        es: 'porttrack-worker 1.10 muere, y dice que su cambio de base de datos no se puede deshacer.',
        en: 'porttrack-worker 1.10 dies, and says that its change of the database cannot be undone.',
      },
    },
  ),
  scenario(
    'worker-put-back',
    'release',
    'argocd-controller',
    {
      title: { es: 'Alguien repone la versión', en: 'Someone puts it back' },
      what: {
        es: 'Argo CD vuelve a poner la versión de porttrack-worker que se dejó la última vez.',
        en: 'Argo CD puts back the version of porttrack-worker that was left last.',
      },
    },
    (api) => putBack(api, 'porttrack-worker'),
  ),
  released(
    'image-missing',
    { ...app, behaviour: 'missing', cause: 'live map' },
    {
      title: { es: 'Imagen que no existe', en: 'Image missing' },
      what: {
        es: 'La imagen nueva de porttrack-app no está en el registro.',
        en: 'The new image of porttrack-app is not in the registry.',
      },
    },
  ),
  released(
    'slow-release',
    { ...app, behaviour: 'slow', cause: 'route cache warmed at the start' },
    {
      title: { es: 'Versión lenta', en: 'Slow release' },
      what: {
        es: 'Cada pod nuevo de porttrack-app tarda 25 s en estar listo. No está rota.',
        en: 'Each new pod of porttrack-app takes 25 s to be ready. Nothing is broken.',
      },
    },
  ),
  released(
    'unready-release',
    { ...app, behaviour: 'unready', cause: 'new shipment tables' },
    {
      title: { es: 'Versión que nunca está lista', en: 'Release never ready' },
      what: {
        es: 'Los pods nuevos de porttrack-app corren, pero su readiness nunca pasa.',
        en: 'The new pods of porttrack-app run, but their readiness never passes.',
      },
    },
  ),
  released(
    'oom-release',
    { ...app, behaviour: 'oom', cause: 'map tiles in memory, again' },
    {
      title: { es: 'Versión sin memoria', en: 'Release out of memory' },
      what: {
        es: 'Los pods nuevos de porttrack-app pasan de su límite de memoria (exit 137).',
        en: 'The new pods of porttrack-app exceed their memory limit (exit 137).',
      },
    },
  ),
  released(
    'flaky-release',
    { ...app, behaviour: 'flaky', cause: 'live map, beta' },
    {
      title: { es: 'Versión que muere más tarde', en: 'Release that dies later' },
      what: {
        es: 'La versión nueva de porttrack-app queda lista, y un minuto después sus pods mueren.',
        en: 'The new version of porttrack-app becomes ready, and a minute later its pods die.',
      },
    },
  ),
  released(
    'config-missing',
    {
      ...app,
      behaviour: 'config',
      cause: 'tariffs from the ConfigMap',
      edit: (one) => ({
        ...one,
        env: [
          ...(Array.isArray(one['env']) ? one['env'] : []),
          { name: 'TARIFFS', valueFrom: { configMapKeyRef: { name: 'porttrack-config', key: 'TARIFFS' } } },
        ],
      }),
    },
    {
      title: { es: 'Falta una clave', en: 'Key missing' },
      what: {
        es: 'La versión nueva de porttrack-app pide una clave que el ConfigMap no tiene.',
        en: 'The new version of porttrack-app asks for a key that the ConfigMap does not have.',
      },
    },
  ),
  released(
    'healthy-release',
    { ...app, behaviour: '', cause: 'live map, fixed' },
    {
      title: { es: 'Versión sana', en: 'Healthy release' },
      what: { es: 'porttrack-app 2.8 sale y funciona.', en: 'porttrack-app 2.8 goes out and works.' },
    },
  ),
]
