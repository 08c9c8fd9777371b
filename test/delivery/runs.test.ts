import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../store/helpers/store.ts'
import { until } from '../store/helpers/until.ts'
import { ask, verified } from './helpers/runs.ts'
import { deploys, openStage, operations, type Stage } from './helpers/stage.ts'

let store: TestServer
let stage: Stage
beforeAll(async () => {
  store = await startTestServer()
})
afterEach(async () => {
  await stage?.close()
})
afterAll(async () => {
  await store?.stop()
})

const incident = (name = /^inc-/) => until('the incident channel is there', () => stage.channelNamed(name))

describe("a run's cards", () => {
  it('shows the plan with its buttons where the command was typed, and edits that message to the end', async () => {
    stage = await openStage(store)
    stage.deliver()
    const life = await ask(stage, { origin: { surface: 'slack', channel: deploys, language: 'es' } })
    await life.plan()
    await stage.settled()
    const [plan] = await stage.messages(deploys)
    expect(plan?.text).toContain('run:confirm')
    await life.confirm()
    await life.begin()
    const room = await incident()
    await life.step('compareWithPlan')
    await life.end(verified)
    await stage.settled()
    const end = await stage.messages(deploys)
    expect(end.map((message) => message.ts)).toEqual([plan?.ts])
    expect(end[0]?.text).not.toContain('run:confirm')
    expect(end[0]?.text).toContain('✓')
    expect(end[0]?.text).toContain(`<#${room.id}>`)
    expect(await stage.messages(operations)).toEqual([])
  })
})
