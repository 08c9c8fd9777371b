import { describe } from 'vitest'
import { findTools } from '../../../src/services/postgres/tools.ts'

const found = await findTools()
if (found === undefined && process.env['RESCUE_REQUIRE_REAL'] === '1')
  throw new Error('no pg_dump: apt-get install -y postgresql-client')

/** With the real pg_dump and pg_restore; without them it is skipped, and the name says what to install. */
export const describeWithTools = (name: string, body: () => void): void =>
  found !== undefined
    ? void describe(name, body)
    : void describe.skip(`${name} (skipped: apt-get install -y postgresql-client)`, body)
