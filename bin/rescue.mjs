#!/usr/bin/env node
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The program runs as TypeScript: on a machine whose own Node is older than 24, the Node that npm installed beside it is used. */
const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
const node = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url))

if (Number(process.versions.node.split('.')[0]) >= 24) await import(cli)
else if (existsSync(node)) {
  const run = spawnSync(node, [cli, ...process.argv.slice(2)], { stdio: 'inherit' })
  process.exitCode = run.status ?? 1
} else {
  process.stderr.write(`rescue needs Node 24 or later; this is ${process.version}. Run npm ci first.\n`)
  process.exitCode = 2
}
