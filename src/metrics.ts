import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What Prometheus reads from this process; the names are a contract (docs/metrics.md). */
export const registry = new Registry()
collectDefaultMetrics({ register: registry, prefix: 'rescue_process_' })

const registers = [registry]
const waits = [1, 5, 15, 30, 60, 120, 300, 600, 900]

export const runsTotal = new Counter({
  name: 'rescue_runs_total',
  help: 'Runs that ended',
  labelNames: ['operation', 'outcome'],
  registers,
})
export const runDuration = new Histogram({
  name: 'rescue_run_duration_seconds',
  help: 'From confirmation to outcome',
  labelNames: ['operation'],
  buckets: waits,
  registers,
})
export const runsActive = new Gauge({
  name: 'rescue_runs_active',
  help: 'Runs under way or waiting',
  labelNames: ['operation'],
  registers,
})
export const approvalWait = new Histogram({
  name: 'rescue_approval_wait_seconds',
  help: 'From the plan shown to the decision',
  buckets: waits,
  registers,
})
export const recoveryTime = new Histogram({
  name: 'rescue_recovery_time_seconds',
  help: 'From the request to a verified outcome (RTO)',
  labelNames: ['operation'],
  buckets: waits,
  registers,
})
export const restoreDataAge = new Gauge({
  name: 'rescue_restore_data_age_seconds',
  help: 'Age of the data at the last restore (RPO)',
  labelNames: ['database'],
  registers,
})
export const incidentOpen = new Gauge({
  name: 'rescue_incident_open',
  help: 'Open incidents',
  labelNames: ['severity'],
  registers,
})
export const componentHealthy = new Gauge({
  name: 'rescue_component_healthy',
  help: '1 healthy, 0 not, at the last look',
  labelNames: ['component'],
  registers,
})
export const outboxPending = new Gauge({
  name: 'rescue_outbox_pending',
  help: 'Messages not yet delivered',
  labelNames: ['to'],
  registers,
})
export const automaticDecisions = new Counter({
  name: 'rescue_automatic_decisions_total',
  help: 'Bad releases settled: acted on, asked about, or the reason why they were left to people',
  labelNames: ['app', 'decision'],
  registers,
})
export const leading = new Gauge({
  name: 'rescue_leading',
  help: '1 in the replica that does this work now',
  labelNames: ['work'],
  registers,
})
export const watchLag = new Gauge({
  name: 'rescue_watch_lag_seconds',
  help: 'Since the watch last heard from the cluster',
  registers,
})
export const slackAck = new Histogram({
  name: 'rescue_slack_ack_seconds',
  help: 'From receiving a Slack request to acknowledging it',
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3],
  registers,
})
