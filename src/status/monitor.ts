import type { MonitorEntry } from '../catalog/schema.ts'
import { checkHealth } from '../services/http/health.ts'
import type { ComponentView } from '../texts/views.ts'
import { unknown } from './unknown.ts'

/** A monitoring service: does its own health address answer? */
export async function readMonitor(name: string, entry: MonitorEntry, signal: AbortSignal): Promise<ComponentView> {
  const named = { kind: 'monitor', name, where: entry.workload ?? entry.url } as const
  const url = `${entry.url.replace(/\/$/, '')}${entry.healthPath}`
  const check = await checkHealth({ name, url, expect: 200, timeoutSeconds: 1 }, signal)
  return {
    ...unknown(named, '', undefined),
    state: check.ok ? 'healthy' : 'down',
    reason: check.ok ? undefined : (check.reason ?? 'unreachable'),
    detail: check.ok ? `${check.ms} ms` : String(check.status ?? check.reason ?? ''),
    health: [
      { name: entry.healthPath, ok: check.ok, detail: String(check.status ?? check.reason ?? ''), ms: check.ms },
    ],
  }
}
