import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startSandbox } from './start.ts'

const usage = `npm run sandbox -- [--port N] [--data DIR] [--cluster KUBECONFIG] [--json]

  --port N             the page's port (default: 4600, or any free one with --json)
  --data DIR           where everything is kept (default: a new folder, gone from mind when it ends)
  --cluster KUBECONFIG use this cluster instead of the simulated one
  --json               print one line of JSON on stdout when all is ready; logs on stderr
`

const { values } = readArguments()
const parent = process.ppid
const stderr = (line: string) => void process.stderr.write(`${line}\n`)
const quiet = !values.json

const folder = resolve(values.data ?? (await newFolder()))
const sandbox = await startSandbox({
  port: values.port === undefined ? (values.json ? 0 : 4600) : Number(values.port),
  folder,
  ...(values.cluster === undefined ? {} : { cluster: resolve(values.cluster) }),
  mongo: true,
  replicas: Number(values.replicas ?? 1),
  speed: Number(values.speed ?? 1),
  onLog: (line) => (quiet ? undefined : stderr(line)),
}).catch((error: unknown) => {
  stderr(`The sandbox did not start: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
})

if (values.json) process.stdout.write(`${JSON.stringify(sandbox.facts)}\n`)
else process.stdout.write(welcome(sandbox.facts))
if (sandbox.facts.mongo === null)
  stderr('There is no MongoDB here: npm run mongo:build brings it (it needs Go); everything else works.')

let ending = false
const end = (): void => {
  if (ending) return
  ending = true
  void sandbox.stop().then(() => process.exit(0))
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
// A signal to npm, or to the shell that npm puts between, does not always come here: then only its end is seen.
if (process.env['npm_lifecycle_event'] !== undefined)
  setInterval(() => {
    if (process.ppid !== parent) end()
  }, 1_000).unref()

function readArguments() {
  try {
    const parsed = parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        port: { type: 'string' },
        data: { type: 'string' },
        cluster: { type: 'string' },
        replicas: { type: 'string' },
        speed: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (parsed.values.help) {
      process.stdout.write(usage)
      process.exit(0)
    }
    checkNumber('--port', parsed.values.port, 0, 65_535)
    checkNumber('--replicas', parsed.values.replicas, 1, 3)
    checkNumber('--speed', parsed.values.speed, 1, 100)
    return parsed
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    process.exit(2)
  }
}

function checkNumber(name: string, value: string | undefined, least: number, most: number): void {
  if (value === undefined) return
  const number = Number(value)
  if (!Number.isInteger(number) || number < least || number > most)
    throw new Error(`${name} is "${value}"; a whole number from ${least} to ${most} is allowed`)
}

function welcome(facts: { page: string; kubeconfig: string; pagerduty: string }): string {
  return `
  PortTrack is up, and so is the bot that brings it back.

  Open      ${facts.page}
  Try       press "Break a release", then type /rollback
  kubectl   export KUBECONFIG=${facts.kubeconfig}
  Paging    ${facts.pagerduty}

  Ctrl-C ends everything that was started.

`
}

/** Readable for the user that the embedded PostgreSQL runs as when this program is root. */
async function newFolder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'rescue-sandbox-'))
  await chmod(made, 0o711)
  return made
}
