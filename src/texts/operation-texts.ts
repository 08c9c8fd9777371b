import { recoverMongoPresentation } from '../operations/recover-mongo/texts/texts.ts'
import { recoverPostgresPresentation } from '../operations/recover-postgres/texts/texts.ts'
import { rollbackPresentation } from '../operations/rollback/texts/texts.ts'
import { switchColorPresentation } from '../operations/switch-color/texts/texts.ts'
import { isData, textIn } from './data.ts'
import { code, type Mrkdwn, mrkdwn } from './escape.ts'
import type { OperationTexts } from './presentation.ts'

/** What each operation tells people; a test compares this list with the operations. */
export const operationPresentations: Readonly<Record<string, OperationTexts>> = {
  rollback: rollbackPresentation,
  'recover-postgres': recoverPostgresPresentation,
  'recover-mongo': recoverMongoPresentation,
  'switch-color': switchColorPresentation,
}

/** The texts of an operation; one that this program does not know (written by a newer one) is told by its names. */
export function operationTexts(operation: string): OperationTexts {
  return (
    (Object.hasOwn(operationPresentations, operation) ? operationPresentations[operation] : undefined) ??
    unknown(operation)
  )
}

function unknown(operation: string): OperationTexts {
  const named = (params: unknown): Mrkdwn => {
    const app = isData(params) ? textIn(params, 'app') || textIn(params, 'name') : ''
    return mrkdwn`${operation} ${app}`
  }
  return {
    asked: named,
    plan: (plan) => ({
      what: named(plan),
      where: mrkdwn``,
      paragraphs: [],
      warnings: [],
      takes: mrkdwn``,
      confirmLabel: operation,
      confirm: { title: operation, text: operation, confirm: operation, deny: '✗' },
      dangerous: true,
      otherLabel: undefined,
      whole: [],
    }),
    doing: named,
    needs: () => true,
    step: (name) => name,
    progress: () => undefined,
    outcome: ({ outcome, params }) => ({
      headline: mrkdwn`${named(params)}: ${code(outcome.reason)}`,
      lines: [],
      next: [],
    }),
  }
}
