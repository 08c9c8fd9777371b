import { z } from 'zod'
import { workloadName } from './workload-name.ts'

/** One of the two twins of an app. */
export type ColorSide = {
  /** The colour's name; with `service` also the value of the Service's selector. */
  readonly name: string
  readonly workload: string
  /** Its own Service; only where an Ingress chooses between two. */
  readonly service: string | undefined
}

/** What decides which of the two people reach. */
export type ColorRoute =
  | { readonly kind: 'service'; readonly name: string; readonly selector: string }
  | {
      readonly kind: 'ingress'
      readonly name: string
      /** Absent: every host and path that leads to one of the two. */
      readonly host: string | undefined
      readonly path: string | undefined
    }

export type Colors = {
  readonly route: ColorRoute
  readonly sides: readonly [ColorSide, ColorSide]
  /** How long the app is watched through its route after a switch. */
  readonly watchSeconds: number
}

const objectName = z.string().regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, 'the name of an object in Kubernetes')
const colorName = /^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$/
const labelKey = z
  .string()
  .regex(/^([a-z0-9.-]+\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/, 'the key of a label')

const ingress = z
  .object({ name: objectName, host: z.string().min(1).optional(), path: z.string().startsWith('/').optional() })
  .catchall(objectName)

/**
 * Two twins of an app, of which one serves: `service` (the value of its selector chooses) or `ingress` (its backend does)
 * and the workload of each colour, by the colour's name. Names are free; they are two.
 */
export const colorsSchema = z
  .object({
    service: objectName.optional(),
    selector: labelKey.optional(),
    ingress: ingress.optional(),
    watchSeconds: z.number().int().min(1).max(600).default(10),
  })
  .catchall(workloadName)
  .transform((given, context): Colors => {
    const { service, selector, ingress: behind, watchSeconds, ...workloads } = given
    const fault = (path: readonly string[], message: string) => {
      context.addIssue({ code: 'custom', path: [...path], message })
      return z.NEVER
    }
    const names = Object.keys(workloads)
    const [one = '', other = ''] = names
    if (names.length !== 2)
      return fault([], `names ${told(names)} as colours; two are needed, such as blue: deployment/NAME and green: …`)
    const strange = names.find((name) => !colorName.test(name))
    if (strange !== undefined) return fault([strange], 'a colour is lower case letters, digits and -; at most 32')
    if (workloads[one] === workloads[other]) return fault([other], `is the same workload as ${one}`)
    if ((service === undefined) === (behind === undefined))
      return fault([], 'needs one of service and ingress: what chooses between the two')
    const side = (name: string, own?: string): ColorSide => ({ name, workload: workloads[name] ?? '', service: own })
    if (behind === undefined)
      return {
        route: { kind: 'service', name: service ?? '', selector: selector ?? 'color' },
        sides: [side(one), side(other)],
        watchSeconds,
      }
    if (selector !== undefined) return fault(['selector'], 'is only for service; an ingress chooses by its backend')
    const { name, host, path, ...services } = behind
    const strays = Object.keys(services).filter((color) => !names.includes(color))
    if (strays[0] !== undefined) return fault(['ingress', strays[0]], `is none of the colours ${told(names)}`)
    const missing = names.find((color) => services[color] === undefined)
    if (missing !== undefined) return fault(['ingress'], `does not name the Service of ${missing}`)
    if (services[one] === services[other]) return fault(['ingress', other], `is the same Service as ${one}`)
    return {
      route: { kind: 'ingress', name, host, path },
      sides: [side(one, services[one]), side(other, services[other])],
      watchSeconds,
    }
  })

const told = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '))

/** `service/porttrack-app-service`: what people know the app by, where it has no workload of its own. */
export const routeName = ({ route }: Colors): string => `${route.kind}/${route.name}`

/** An app is one workload or two colours. Derives the workload of a coloured one, for those who only look. */
export function workloadOrColors<
  App extends { workload?: string | undefined; colors?: Colors | undefined; automatic: { mode: string } },
>(app: App, context: z.RefinementCtx): Omit<App, 'workload'> & { workload: string } {
  const { workload, colors } = app
  const problem =
    workload === undefined && colors === undefined
      ? 'is missing; KIND/NAME is needed, or colors with the two workloads'
      : workload !== undefined && colors !== undefined
        ? 'must be left out beside colors, which names both workloads'
        : undefined
  if (problem !== undefined) context.addIssue({ code: 'custom', path: ['workload'], message: problem })
  if (colors !== undefined && app.automatic.mode !== 'off')
    context.addIssue({
      code: 'custom',
      path: ['automatic'],
      message: 'must be left out beside colors: people switch them, nothing does it by itself',
    })
  return { ...app, workload: workload ?? colors?.sides[0].workload ?? '' }
}
