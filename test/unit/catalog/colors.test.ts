import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { parseCatalog } from '../../../src/catalog/read.ts'
import { ConfigError } from '../../../src/config/faults.ts'

const catalog = (app: object) =>
  stringify({
    version: 1,
    people: { ana: { slack: 'U0ANA' } },
    channels: { operations: 'C0OPS' },
    clusters: { main: {} },
    apps: { web: { cluster: 'main', namespace: 'shop', ...app } },
  })

function faultOf(app: object): string {
  try {
    parseCatalog(catalog(app), 'rescue.yml')
    return 'none'
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.faults.map((fault) => `${fault.where} ${fault.field}: ${fault.problem}`).join('\n')
  }
}

const workloads = { blue: 'deployment/web-blue', green: 'deployment/web-green' }
const lineOf = (app: object, text: string) =>
  catalog(app)
    .split('\n')
    .findIndex((line) => line.includes(text)) + 1

describe('an app of two colours', () => {
  it('by the selector of a Service; the key is color unless told', () => {
    const { web } = parseCatalog(catalog({ colors: { service: 'web', ...workloads } }), 'rescue.yml').apps
    expect(web).toMatchObject({
      workload: 'deployment/web-blue',
      colors: {
        route: { kind: 'service', name: 'web', selector: 'color' },
        sides: [
          { name: 'blue', workload: 'deployment/web-blue' },
          { name: 'green', workload: 'deployment/web-green' },
        ],
      },
    })
  })

  it('by an Ingress before two Services, under any names', () => {
    const colors = {
      ingress: { name: 'shop', host: 'shop.example', path: '/', old: 'web-old', new: 'web-new' },
      old: 'deployment/web-a',
      new: 'statefulset/web-b',
    }
    const { web } = parseCatalog(catalog({ colors }), 'rescue.yml').apps
    expect(web?.colors).toEqual({
      route: { kind: 'ingress', name: 'shop', host: 'shop.example', path: '/' },
      sides: [
        { name: 'old', workload: 'deployment/web-a', service: 'web-old' },
        { name: 'new', workload: 'statefulset/web-b', service: 'web-new' },
      ],
      watchSeconds: 10,
    })
  })

  const both = { service: 'web', ingress: { name: 'web', blue: 'a', green: 'b' }, ...workloads }
  it.each<[string, object, string, RegExp]>([
    ['no workload at all', {}, 'web:', /apps\.web\.workload: is missing; KIND\/NAME is needed, or colors/],
    [
      'a workload beside colours',
      { workload: 'deployment/web', colors: { service: 'web', ...workloads } },
      'workload:',
      /apps\.web\.workload: must be left out beside colors/,
    ],
    [
      'one colour',
      { colors: { service: 'web', blue: 'deployment/b' } },
      'colors:',
      /colors: names blue as colours; two/,
    ],
    [
      'three colours',
      { colors: { service: 'web', ...workloads, red: 'deployment/r' } },
      'colors:',
      /colors: names blue, green, red as colours; two are needed/,
    ],
    [
      'a misspelt key',
      { colors: { servise: 'web', ...workloads } },
      'servise',
      /colors\.servise: KIND\/NAME, where KIND is deployment, statefulset or daemonset \(it is "web"\)/,
    ],
    ['nothing that chooses', { colors: workloads }, 'colors:', /colors: needs one of service and ingress/],
    ['two that choose', { colors: both }, 'colors:', /colors: needs one of service and ingress/],
    [
      'one workload for both',
      { colors: { service: 'web', blue: 'deployment/web', green: 'deployment/web' } },
      'green:',
      /colors\.green: is the same workload as blue/,
    ],
    [
      'an Ingress that forgets a colour',
      { colors: { ingress: { name: 'web', blue: 'web-blue' }, ...workloads } },
      'ingress:',
      /colors\.ingress: does not name the Service of green/,
    ],
    [
      'an Ingress with a colour of its own',
      { colors: { ingress: { name: 'web', blue: 'a', teal: 'b' }, ...workloads } },
      'teal:',
      /colors\.ingress\.teal: is none of the colours blue, green/,
    ],
    [
      'one Service for both',
      { colors: { ingress: { name: 'web', blue: 'a', green: 'a' }, ...workloads } },
      'green: a',
      /colors\.ingress\.green: is the same Service as blue/,
    ],
    [
      'a selector beside an Ingress',
      { colors: { selector: 'color', ingress: { name: 'web', blue: 'a', green: 'b' }, ...workloads } },
      'selector:',
      /colors\.selector: is only for service/,
    ],
    [
      'a watch without an end',
      { colors: { service: 'web', watchSeconds: 0, ...workloads } },
      'watchSeconds:',
      /colors\.watchSeconds: .*>=1.*\(it is 0\)/,
    ],
    [
      'something automatic',
      { automatic: 'act', colors: { service: 'web', ...workloads } },
      'automatic:',
      /apps\.web\.automatic: must be left out beside colors/,
    ],
  ])('with %s is a fault with its line', (_what, app, text, fault) => {
    const told = faultOf(app)
    expect(told).toMatch(fault)
    expect(told).toContain(`rescue.yml:${lineOf(app, text)} `)
  })
})
