import type { Risk } from '../catalog/schema.ts'
import { recoverMongo } from './recover-mongo/definition.ts'
import { recoverPostgres } from './recover-postgres/definition.ts'
import { rollback } from './rollback/definition.ts'
import { switchColor } from './switch-color/definition.ts'
import type { AnyOperation } from './types.ts'

/** What this bot can do that changes the world: one folder each, and one line here. */
export const operations: readonly AnyOperation[] = [rollback, switchColor, recoverPostgres, recoverMongo]

export const operationsByName: ReadonlyMap<string, AnyOperation> = new Map(
  operations.map((operation) => [operation.name, operation]),
)

/** The class of risk of each operation in its usual form, for checking policies. */
export const operationRisks: ReadonlyMap<string, Risk> = new Map(
  operations.map((operation) => [
    operation.name,
    typeof operation.risk === 'function' ? operation.risk({}) : operation.risk,
  ]),
)
