import { constants } from 'node:os'

/**
 * Ctrl-C, a closed terminal, a pipeline that is cancelled. The first signal is only noted: what goes on in the cluster is
 * never cut in the middle by it. A second one before the first was answered ends the process at once.
 */
export type Interrupt = {
  /** The signal that came and was not answered yet. */
  asked(): NodeJS.Signals | undefined
  /** Answered: the next one counts as a first again. */
  forget(): void
}

export function listenForSignals(): Interrupt {
  let asked: NodeJS.Signals | undefined
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (asked !== undefined) process.exit(codeOf(signal))
      asked = signal
    })
  return {
    asked: () => asked,
    forget: () => {
      asked = undefined
    },
  }
}

/** 130 for Ctrl-C, 143 for SIGTERM: what a shell tells of a program that a signal ended. */
export const codeOf = (signal: NodeJS.Signals): number => 128 + constants.signals[signal]
