import { withClient } from '../../services/postgres/client.ts'
import { closeAgain, setOpen } from '../../services/postgres/kept.ts'
import { patiently } from '../restoring/patiently.ts'
import type { Run } from '../types.ts'
import { placeOf } from './place.ts'
import type { RecoverParams, RecoverPlan } from './types.ts'

type Run_ = Run<RecoverParams, RecoverPlan>

type Kept = { readonly name: string; readonly oid: number }

/** A kept database is open only while it is compared: nobody may write into what people may go back to. Safe to repeat. */
export async function whileOpen<T>(run: Run_, kept: Kept, body: () => Promise<T>): Promise<T> {
  const { url, maintenance } = await placeOf(run.services, run.plan.database)
  const ask = (body: (client: Parameters<typeof closeAgain>[0]) => Promise<void>) =>
    withClient(url, { database: maintenance, statementMs: 15_000 }, body)
  await ask((client) => setOpen(client, kept.name, true))
  try {
    return await body()
  } finally {
    await patiently(() => ask((client) => closeAgain(client, kept)))
  }
}
