import { isObject, objects, stringOf } from '../model/json.ts'
import { anyText, plainText, slackFile } from './composition.ts'
import { image } from './elements.ts'
import { elementsIn } from './places.ts'
import { richText } from './rich-text.ts'
import {
  anything,
  boolean,
  byType,
  exactlyOne,
  type Fields,
  list,
  object,
  type Rule,
  report,
  required,
  type Surface,
  string,
  url,
  word,
} from './rules.ts'

const block = (fields: Fields, and?: Rule) =>
  object({ type: required(anything), block_id: string({ min: 1, max: 255 }), ...fields }, and)

const textOrFields: Rule = (value, pointer, check) => {
  if (isObject(value) && value['text'] === undefined && value['fields'] === undefined) {
    report(check, pointer, 'missing required field: text or fields')
  }
}

const taskFields: Fields = {
  task_id: required(string({ min: 1, max: 255 })),
  title: required(string({ min: 1, max: 256 })),
  details: richText,
  output: richText,
  sources: list(object({ type: required(word('url')), url: required(url(3000)), text: required(string({ min: 1 })) })),
  status: required(word('pending', 'in_progress', 'complete', 'error')),
}

const uniqueTasks: Rule = (value, pointer, check) => {
  const seen = new Set<string>()
  objects(isObject(value) ? value['tasks'] : []).forEach((task, index) => {
    const id = stringOf(task['task_id'])
    if (id !== undefined && seen.has(id))
      report(check, `${pointer}/tasks/${index}/task_id`, `task_id "${id}" already exists`)
    if (id !== undefined) seen.add(id)
  })
}

/** `is_decimal_allowed` and such are the elements' matter; a file input stands in modals only. */
const fileInputInModals: Rule = (value, pointer, check) => {
  const element = isObject(value) ? value['element'] : undefined
  if (isObject(element) && element['type'] === 'file_input' && check.surface !== 'modal') {
    report(check, `${pointer}/element/type`, 'unsupported type: file_input')
  }
}

const cell = byType({
  raw_text: object({ type: required(anything), text: required(string()) }),
  raw_number: object({ type: required(anything), value: required(anything), text: string() }),
  rich_text: richText,
})

const everywhere: readonly Surface[] = ['message', 'modal', 'home']

/** Every block that the workspace knows: where it may stand, and its rule. */
export const blockTable: Readonly<Record<string, { readonly surfaces: readonly Surface[]; readonly rule: Rule }>> = {
  section: {
    surfaces: everywhere,
    rule: block(
      {
        text: anyText(3000),
        fields: list(anyText(2000), { min: 1, max: 10 }),
        accessory: byType(elementsIn('section')),
        expand: boolean,
      },
      textOrFields,
    ),
  },
  header: { surfaces: everywhere, rule: block({ text: required(plainText(150)) }) },
  divider: { surfaces: everywhere, rule: block({}) },
  context: {
    surfaces: everywhere,
    rule: block({
      elements: required(
        list(byType({ plain_text: anyText(3000), mrkdwn: anyText(3000), image }), { min: 1, max: 10 }),
      ),
    }),
  },
  actions: {
    surfaces: everywhere,
    rule: block({ elements: required(list(byType(elementsIn('actions')), { min: 1, max: 25 })) }),
  },
  context_actions: {
    surfaces: ['message'],
    rule: block({ elements: required(list(byType(elementsIn('context_actions')), { min: 1, max: 5 })) }),
  },
  input: {
    surfaces: everywhere,
    rule: block(
      {
        label: required(plainText(2000)),
        element: required(byType(elementsIn('input'))),
        hint: plainText(2000),
        optional: boolean,
        dispatch_action: boolean,
      },
      fileInputInModals,
    ),
  },
  image: {
    surfaces: everywhere,
    rule: block(
      {
        image_url: url(3000),
        slack_file: slackFile,
        alt_text: required(string({ min: 1, max: 2000 })),
        title: plainText(2000),
      },
      exactlyOne('image_url', 'slack_file'),
    ),
  },
  rich_text: { surfaces: everywhere, rule: richText },
  markdown: { surfaces: ['message'], rule: block({ text: required(string({ min: 1, max: 12_000 })) }) },
  table: {
    surfaces: ['message'],
    rule: block({
      rows: required(list(list(cell, { min: 1, max: 20 }), { min: 1, max: 100 })),
      column_settings: list(object({ align: word('left', 'center', 'right'), is_wrapped: boolean }), { max: 20 }),
    }),
  },
  plan: {
    surfaces: ['message'],
    rule: block(
      {
        title: required(string({ min: 1, max: 256 })),
        tasks: list(byType({ task_card: object({ type: anything, block_id: string({ max: 255 }), ...taskFields }) }), {
          max: 50,
        }),
      },
      uniqueTasks,
    ),
  },
  task_card: { surfaces: ['message'], rule: block(taskFields) },
  alert: {
    surfaces: ['modal'],
    rule: block({ text: required(anyText(200)), level: word('default', 'info', 'warning', 'error', 'success') }),
  },
  video: {
    surfaces: everywhere,
    rule: block({
      video_url: required(url(3000)),
      thumbnail_url: required(url(3000)),
      alt_text: required(string({ min: 1, max: 2000 })),
      title: required(plainText(200)),
      title_url: url(3000),
      author_name: string({ max: 50 }),
      provider_name: string(),
      provider_icon_url: url(3000),
      description: plainText(200),
    }),
  },
  file: {
    surfaces: ['message'],
    rule: block({ external_id: required(string({ min: 1 })), source: required(word('remote')) }),
  },
}
