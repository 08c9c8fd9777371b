import type { RunRow, StepRow } from '../../store/types.ts'
import { duration, secondsBetween } from '../../texts/amounts.ts'
import { stepsOf } from '../../texts/cards/progress.ts'
import { inLanguage } from '../../texts/language.ts'
import { operationTexts } from '../../texts/operation-texts.ts'
import { stepShapes } from '../../texts/words/common.ts'
import { runWords } from '../../texts/words/run.ts'
import type { Teller } from '../follow.ts'
import { say } from '../notices.ts'
import type { Session } from '../types.ts'
import { liveBlock } from './live.ts'
import type { Screen, Style } from './screen.ts'
import { stepText, viewOf } from './tell.ts'

/** A block that is redrawn in place on a terminal, lines elsewhere. */
export const tellerFor = (session: Session, screen: Screen): Teller =>
  screen.redraws ? blockTeller(session, screen) : lineTeller(session, screen)

/** For a pipeline's log: one line with its time whenever a step begins, tells something new, or ends. */
function lineTeller(session: Session, screen: Screen): Teller {
  const told = new Map<string, string>()
  return {
    tell(run, steps) {
      for (const step of steps) {
        const text = `${step.state} ${JSON.stringify(step.progress)}`
        const asleep = step.state === 'pending' || (step.state === 'skipped' && step.startedAt === undefined)
        if (asleep || told.get(step.name) === text) continue
        told.set(step.name, text)
        const at = step.endedAt ?? (step.state === 'running' ? new Date() : (step.startedAt ?? new Date()))
        screen.write(`${at.toISOString().slice(11, 19)} ${stepText(session, run, step, stepShapes[step.state])}\n`)
      }
    },
    end: () => undefined,
  }
}

const styles: Record<StepRow['state'], Style> = {
  pending: 'dim',
  running: 'cyan',
  done: 'green',
  failed: 'red',
  skipped: 'dim',
}

/** The run's headline and each of its steps, with seconds that go on. */
function blockTeller(session: Session, screen: Screen): Teller {
  const block = liveBlock(screen)
  return {
    tell(run, all) {
      const steps = stepsOf(viewOf(run, all))
      if (run.state !== 'confirmed' && run.state !== 'running' && !all.some(({ startedAt }) => startedAt !== undefined))
        return
      const lines = steps.map((step) => {
        const line = `  ${stepText(session, run, step, screen.paint(styles[step.state], stepShapes[step.state]))}`
        return step.state === 'pending' ? screen.paint('dim', line) : line
      })
      block.show([headline(session, run, steps, screen), ...lines])
    },
    end: () => block.leave(),
  }
}

function headline(session: Session, run: RunRow, steps: readonly StepRow[], screen: Screen): string {
  const look = session.look()
  const words = inLanguage(runWords, look)
  const done = steps.filter((step) => step.state === 'done' || step.state === 'skipped').length
  const time = duration(secondsBetween(run.confirmedAt ?? run.createdAt, run.endedAt ?? look.now), look)
  const doing = say(session, operationTexts(run.operation).doing(run.plan, look), screen)
  const where = run.state === 'confirmed' ? words.beginning : words.progress(done, steps.length, time)
  const stopping = run.stopRequestedBy === undefined || run.state === 'ended' ? [] : ['■']
  return [screen.paint('bold', `${run.id} · ${doing}`), where, ...stopping].join(' · ')
}
