import { isObject } from '../model/json.ts'
import { plainText } from './composition.ts'
import { anything, boolean, byType, type Check, list, object, type Rule, report, required, string } from './rules.ts'
import { blockProblems } from './validate.ts'

const viewBytes = 250_000

const shared = {
  type: required(anything),
  blocks: required(list(anything)),
  private_metadata: string({ max: 3000 }),
  callback_id: string({ max: 255 }),
  external_id: string({ max: 255 }),
}

const submitWithInputs: Rule = (value, pointer, check) => {
  const blocks = isObject(value) && Array.isArray(value['blocks']) ? value['blocks'] : []
  const asks = blocks.some((block: unknown) => isObject(block) && block['type'] === 'input')
  if (asks && isObject(value) && value['submit'] === undefined) report(check, pointer, 'missing required field: submit')
}

const modal = object(
  {
    ...shared,
    title: required(plainText(24)),
    submit: plainText(24),
    close: plainText(24),
    clear_on_close: boolean,
    notify_on_close: boolean,
    submit_disabled: boolean,
  },
  submitWithInputs,
)

const view = byType({ modal, home: object(shared) })

export type ViewProblems =
  | { readonly error: 'view_too_large' }
  | { readonly error: 'invalid_arguments'; readonly messages: readonly string[] }

/** What is wrong with a view, in Slack's words; undefined when all is well. */
export function viewProblems(value: unknown, kind: 'modal' | 'home'): ViewProblems | undefined {
  if (Buffer.byteLength(JSON.stringify(value) ?? '') > viewBytes) return { error: 'view_too_large' }
  const check: Check = { surface: kind, problems: [] }
  view(value, '/view', check)
  if (isObject(value)) {
    if (value['type'] !== kind) report(check, '/view/type', `must be "${kind}"`)
    if (Array.isArray(value['blocks'])) check.problems.push(...blockProblems(value['blocks'], kind, '/view/blocks'))
  }
  return check.problems.length === 0 ? undefined : { error: 'invalid_arguments', messages: check.problems }
}
