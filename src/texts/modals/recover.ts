import type { ActionsBlock, InputBlock, KnownBlock, ModalView, PlainTextOption, StaticSelect } from '@slack/types'
import type { RestorePoint } from '../../backups/types.ts'
import { short, size, textsFor } from '../../operations/recover-postgres/texts/pieces.ts'
import { copyValue, modalIds, pointBlock, recoverInputs, schemaValue, tableValue, wholeValue } from '../actions.ts'
import { ageOf } from '../amounts.ts'
import { context, option, plain, section } from '../blocks.ts'
import { code, mrkdwn } from '../escape.ts'
import { inLanguage, type Look } from '../language.ts'
import { slackLimits } from '../limits.ts'
import { modalWords } from '../words/modal.ts'
import { recoverModalWords } from '../words/recover.ts'

/** `before`: the run before which the bot itself made it. */
type Point = RestorePoint & { readonly before?: string }

export type RecoverModal = {
  readonly databases: readonly string[]
  readonly database: string | undefined
  readonly points:
    | { readonly kind: 'no_database' }
    | { readonly kind: 'loading' }
    | { readonly kind: 'problem'; readonly why: string }
    | {
        readonly kind: 'there'
        readonly engine: 'postgres' | 'mongodb'
        readonly away: readonly string[]
        readonly points: readonly Point[]
        /** Read whole and found bad. */
        readonly bad: readonly { readonly name: string; readonly reason: string | undefined }[]
        readonly unfit: number
        readonly apps: 'keep' | 'scale'
      }
  readonly reason: string | undefined
  readonly metadata: string
}

/** More than this many choices are a menu, not a list of radio buttons. */
const listed = 8

/** The form of `/recover`: opened at once with what is known, filled in when the backups have been looked at. */
export function recoverModal(modal: RecoverModal, look: Look): ModalView {
  const words = inLanguage(recoverModalWords, look)
  const common = inLanguage(modalWords, look)
  const { points } = modal
  const fillable = points.kind === 'there' && points.points.length > 0
  return {
    type: 'modal',
    callback_id: modalIds.recover,
    title: plain(words.title, slackLimits.modalTitle),
    close: plain(common.close, slackLimits.modalButton),
    ...(fillable ? { submit: plain(words.submit, slackLimits.modalButton) } : {}),
    private_metadata: modal.metadata.slice(0, slackLimits.privateMetadata),
    blocks: [fillable ? databaseInput(modal, look) : databaseChoice(modal, look), ...pointBlocks(modal, look)],
  }
}

function databaseInput(modal: RecoverModal, look: Look): InputBlock {
  return {
    type: 'input',
    block_id: recoverInputs.database.block,
    dispatch_action: true,
    label: plain(inLanguage(recoverModalWords, look).database, slackLimits.label),
    element: databaseSelect(modal, look),
  }
}

/** Slack demands a submit button beside every input: without restore points there is nothing to submit, so it is none. */
function databaseChoice(modal: RecoverModal, look: Look): ActionsBlock {
  return { type: 'actions', block_id: recoverInputs.database.block, elements: [databaseSelect(modal, look)] }
}

function databaseSelect(modal: RecoverModal, look: Look): StaticSelect {
  const options = modal.databases.slice(0, slackLimits.options).map((name) => option(name, name))
  const initial = options.find(({ value }) => value === modal.database)
  return {
    type: 'static_select',
    action_id: recoverInputs.database.action,
    placeholder: plain(inLanguage(recoverModalWords, look).choose, slackLimits.placeholder),
    options,
    ...(initial === undefined ? {} : { initial_option: initial }),
  }
}

function pointBlocks(modal: RecoverModal, look: Look): readonly KnownBlock[] {
  const words = inLanguage(recoverModalWords, look)
  const { points } = modal
  if (points.kind === 'no_database') return [context(mrkdwn`${words.choose}`)]
  if (points.kind === 'loading') return [section(mrkdwn`${words.loading}`)]
  if (points.kind === 'problem') return [section(mrkdwn`${words.problem} (${points.why})`)]
  const bad = points.bad.slice(0, 3).map(({ name, reason }) => {
    const why = Object.entries(textsFor(look).why).find(([key]) => key === reason)?.[1] ?? reason ?? ''
    return context(mrkdwn`✗ ${code(short(name, 80))}: ${words.bad(why)}`)
  })
  const unfit = points.unfit === 0 ? [] : [context(mrkdwn`${words.unfit(points.unfit)}`)]
  const away = points.away.length === 0 ? [] : [context(mrkdwn`△ ${words.away(points.away.join(', '))}`)]
  if (points.points.length === 0) return [section(mrkdwn`${words.none}`), ...bad, ...unfit, ...away]
  return [
    pointInput(modal.database ?? '', points.points, look),
    ...bad,
    ...unfit,
    ...away,
    ...(points.engine === 'postgres' ? postgresInputs(look) : mongoInputs(look)),
    radio(
      recoverInputs.apps,
      words.apps,
      [option('keep', words.keep, words.keepMore), option('scale', words.scale, words.scaleMore)],
      points.apps,
    ),
    reasonInput(modal, look),
  ]
}

function postgresInputs(look: Look): readonly InputBlock[] {
  const words = inLanguage(recoverModalWords, look)
  const { block, action } = recoverInputs.part
  const scopes = [
    option(wholeValue, words.whole, words.wholeMore),
    option(copyValue, words.copy, words.copyMore),
    option(tableValue, words.table, words.tableMore),
    option(schemaValue, words.schema, words.schemaMore),
  ]
  return [
    radio(recoverInputs.scope, words.scope, scopes, wholeValue),
    {
      type: 'input',
      block_id: block,
      optional: true,
      label: plain(words.part, slackLimits.label),
      hint: plain(words.partHint, slackLimits.label),
      element: { type: 'plain_text_input', action_id: action, max_length: 130 },
    },
  ]
}

function mongoInputs(look: Look): readonly InputBlock[] {
  const words = inLanguage(recoverModalWords, look)
  const scopes = [option(wholeValue, words.whole, words.wholeMore), option(copyValue, words.copy, words.copyMore)]
  const onlyLive = [
    option('keep', words.onlyLiveKeep, words.onlyLiveKeepMore),
    option('aside', words.onlyLiveAside, words.onlyLiveAsideMore),
  ]
  return [
    radio(recoverInputs.scope, words.scope, scopes, wholeValue),
    radio(recoverInputs.onlyLive, words.onlyLive, onlyLive, 'keep'),
  ]
}

/** The newest ordinary backup is chosen; what the bot kept before it replaced something is chosen by people only. */
function pointInput(database: string, points: readonly Point[], look: Look): InputBlock {
  const words = inLanguage(recoverModalWords, look)
  const shown = points.filter(({ id }) => id.length <= slackLimits.optionValue).slice(0, slackLimits.options)
  const options = shown.map((point) => pointOption(point, look))
  const initial = options[shown.findIndex(({ before }) => before === undefined)]
  const common = {
    action_id: recoverInputs.point.action,
    options,
    ...(initial === undefined ? {} : { initial_option: initial }),
  }
  return {
    type: 'input',
    block_id: pointBlock(database),
    label: plain(words.point, slackLimits.label),
    hint: plain(words.pointHint, slackLimits.label),
    element:
      options.length <= listed
        ? { type: 'radio_buttons', ...common }
        : { type: 'static_select', ...common, placeholder: plain(words.point, slackLimits.placeholder) },
  }
}

/** "2 h old · porttrack-1200.dump", below it place, size and what is known of it. */
function pointOption(point: Point, look: Look): PlainTextOption {
  const words = inLanguage(recoverModalWords, look)
  const told = [
    ...(point.before === undefined ? [] : [words.safety(point.before)]),
    point.place,
    size(point.sizeBytes, look),
    ...(point.serverVersion === undefined
      ? []
      : [`${point.kind.startsWith('mongo') ? 'MongoDB' : 'PostgreSQL'} ${point.serverVersion}`]),
    point.verified?.good === true ? words.verified : words.notVerified,
    ...(point.sha256 === undefined ? [words.noChecksum] : []),
  ]
  return option(point.id, `${words.old(ageOf(point.dataAt, look) ?? '—')} · ${point.name}`, told.join(' · '))
}

function radio(
  input: { readonly block: string; readonly action: string },
  label: string,
  options: PlainTextOption[],
  chosen: string,
): InputBlock {
  const initial = options.find(({ value }) => value === chosen)
  return {
    type: 'input',
    block_id: input.block,
    label: plain(label, slackLimits.label),
    element: {
      type: 'radio_buttons',
      action_id: input.action,
      options,
      ...(initial === undefined ? {} : { initial_option: initial }),
    },
  }
}

function reasonInput(modal: RecoverModal, look: Look): InputBlock {
  const words = inLanguage(modalWords, look)
  return {
    type: 'input',
    block_id: recoverInputs.reason.block,
    optional: true,
    label: plain(words.reason, slackLimits.label),
    hint: plain(words.reasonHint, slackLimits.label),
    element: {
      type: 'plain_text_input',
      action_id: recoverInputs.reason.action,
      multiline: true,
      max_length: 1000,
      placeholder: plain(words.reasonPlaceholder, slackLimits.placeholder),
      ...(modal.reason === undefined || modal.reason === '' ? {} : { initial_value: modal.reason.slice(0, 1000) }),
    },
  }
}
