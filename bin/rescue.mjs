#!/usr/bin/env node
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
// By default: a name that an old Node lacks would end the program before it can hand over.
import module from 'node:module'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

/** The program runs as TypeScript: on a machine whose own Node is older than 24, the Node that npm installed beside it is used. */
const own = fileURLToPath(import.meta.url)
const node = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url))

if (Number(process.versions.node.split('.')[0]) >= 24) await run()
else if (existsSync(node)) handOver()
else {
  process.stderr.write(`rescue needs Node 24 or later; this is ${process.version}. Run npm ci first.\n`)
  process.exitCode = 2
}

async function run() {
  // Stripped and compiled code is kept from one call to the next; a folder that cannot be written to costs only the gain.
  module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/rescue', import.meta.url)))
  await import('../src/cli.ts')
}

/** Signals go to the program, which decides how to end; its end is this one's. */
function handOver() {
  const child = spawn(node, [own, ...process.argv.slice(2)], { stdio: 'inherit' })
  // Ctrl-C reaches both by the terminal; passing it on again would count twice.
  process.on('SIGINT', () => undefined)
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.once('error', (error) => {
    process.stderr.write(`rescue could not start ${node}: ${error.message}\n`)
    process.exitCode = 2
  })
  child.once('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0)
  })
}
