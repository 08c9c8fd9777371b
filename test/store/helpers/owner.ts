/** Owns an embedded server until it is killed; a process of its own for the tests of startEmbedded. */
import { startEmbedded } from '../../../src/store/embedded/start.ts'

const [folder = ''] = process.argv.slice(2)
try {
  const server = await startEmbedded({ folder, onLog: (line) => process.stderr.write(`${line}\n`) })
  process.stdout.write(`${JSON.stringify({ url: server.url })}\n`)
  setInterval(() => undefined, 60_000)
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`)
}
