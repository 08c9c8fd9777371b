import type { KnownBlock, ModalView } from '@slack/web-api'

const plain = (text: string) => ({ type: 'plain_text', text }) as const
const option = (text: string, value: string, description?: string) => ({
  text: plain(text),
  value,
  ...(description && { description: plain(description) }),
})

export const planCard: KnownBlock[] = [
  {
    type: 'section',
    text: { type: 'mrkdwn', text: '*Roll back porttrack-app to revision 41* · porttrack / production' },
  },
  {
    type: 'section',
    text: {
      type: 'mrkdwn',
      text: 'Now *42* (`app:2.8.0`, 6 min old): 1 of 3 pods ready, 2 in CrashLoopBackOff (exit 1 "DATABASE_URL is not set").\n*41* (`app:2.7.3`) ran healthy for 9 days.',
    },
  },
  {
    type: 'context',
    elements: [
      {
        type: 'mrkdwn',
        text: 'If nobody decides, nothing happens; the plan expires <!date^1893456000^{time}|at 03:26>.',
      },
    ],
  },
  {
    type: 'actions',
    block_id: 'decide',
    elements: [
      {
        type: 'button',
        action_id: 'confirm',
        text: plain('Roll back to 41'),
        style: 'primary',
        value: 'R-0042',
        confirm: {
          title: plain('Roll back porttrack-app?'),
          text: plain('Pods are replaced one at a time; about 40 s.'),
          confirm: plain('Roll back'),
          deny: plain('Not now'),
        },
      },
      { type: 'button', action_id: 'other', text: plain('Other revision') },
      { type: 'button', action_id: 'cancel', text: plain('Cancel'), style: 'danger' },
      {
        type: 'overflow',
        action_id: 'menu',
        options: [option('See evidence', 'evidence'), option('See the template', 'template')],
      },
    ],
  },
]

export const progressBlocks = (title: string): KnownBlock[] => [
  { type: 'section', text: { type: 'mrkdwn', text: `*R-0042 · ${title}*` } },
  {
    type: 'plan',
    title: 'Rolling back porttrack-app to revision 41',
    tasks: [
      task('evidence', 'Evidence kept (2 pods, 340 lines of log)', 'complete'),
      task('template', 'Template restored', 'complete'),
      task('pods', 'Waiting for pods', 'in_progress', '2 of 3 ready (porttrack-app-5d7-x2k: pulling the image)'),
      task('health', 'Health', 'pending'),
      task('notice', 'Telling PagerDuty', 'error', 'answered 503 three times; trying again at 03:21'),
    ],
  },
]

const task = (
  task_id: string,
  title: string,
  status: 'pending' | 'in_progress' | 'complete' | 'error',
  details?: string,
) => ({
  type: 'task_card' as const,
  task_id,
  title,
  status,
  ...(details && { details: richText(details) }),
})

export const richText = (text: string) => ({
  type: 'rich_text' as const,
  elements: [{ type: 'rich_text_section' as const, elements: [{ type: 'text' as const, text }] }],
})

export const rollbackModal: ModalView = {
  type: 'modal',
  callback_id: 'rollback',
  notify_on_close: true,
  title: plain('Roll back'),
  submit: plain('See the plan'),
  close: plain('Cancel'),
  blocks: [
    {
      type: 'input',
      block_id: 'app',
      label: plain('App'),
      element: {
        type: 'static_select',
        action_id: 'app',
        placeholder: plain('Choose an app'),
        options: ['porttrack-app', 'porttrack-worker', 'porttrack-agent'].map((one) => option(one, one)),
      },
    },
    {
      type: 'input',
      block_id: 'revision',
      label: plain('Revision'),
      element: {
        type: 'radio_buttons',
        action_id: 'revision',
        initial_option: option('41 · app:2.7.3', '41', 'healthy for 9 days, until 6 min ago'),
        options: [
          option('41 · app:2.7.3', '41', 'healthy for 9 days, until 6 min ago'),
          option('40 · app:2.7.2', '40', 'failed after 3 min'),
        ],
      },
    },
    {
      type: 'input',
      block_id: 'reason',
      label: plain('Reason'),
      hint: plain('Kept in the audit.'),
      element: { type: 'plain_text_input', action_id: 'reason', multiline: true, max_length: 60 },
    },
    {
      type: 'input',
      block_id: 'notify',
      optional: true,
      label: plain('Tell'),
      element: { type: 'multi_users_select', action_id: 'notify', placeholder: plain('Nobody') },
    },
    {
      type: 'actions',
      block_id: 'steps',
      elements: [{ type: 'button', action_id: 'more', text: plain('Compare the templates') }],
    },
  ],
}

export const secondModal: ModalView = {
  type: 'modal',
  title: plain('Templates'),
  close: plain('Back'),
  blocks: [
    { type: 'alert', level: 'warning', text: plain('The ConfigMap changed after revision 41.') },
    { type: 'section', text: { type: 'mrkdwn', text: 'image `2.8.0` → `2.7.3`' } },
  ],
}

export const gallery: { text: string; blocks: KnownBlock[] }[] = [
  {
    text: 'Templates',
    blocks: [
      {
        type: 'markdown',
        text: '## What changes\n\n| path | 42 | 41 |\n|---|---|---|\n| image | `2.8.0` | `2.7.3` |\n\n1. one\n2. **two**',
      },
    ],
  },
  {
    text: 'Status',
    blocks: [
      { type: 'header', text: plain('Health of PortTrack') },
      {
        type: 'section',
        fields: [
          { type: 'mrkdwn', text: '*porttrack-app*\n✓ 3 of 3 pods ready' },
          { type: 'mrkdwn', text: '*porttrack-worker*\n✗ 0 of 1 pods ready' },
        ],
      },
      {
        type: 'table',
        column_settings: [{ is_wrapped: true }, { align: 'right' }],
        rows: [
          [
            { type: 'raw_text', text: 'Component' },
            { type: 'raw_text', text: 'Ready' },
          ],
          [
            { type: 'raw_text', text: 'porttrack-app' },
            { type: 'raw_text', text: '3 / 3' },
          ],
          [
            { type: 'raw_text', text: 'porttrack-postgres' },
            { type: 'raw_text', text: '1 / 1' },
          ],
        ],
      },
      { type: 'divider' },
      {
        type: 'context',
        elements: [
          { type: 'mrkdwn', text: 'As of <!date^1760000000^{date_short_pretty} {time}|then>' },
          { type: 'mrkdwn', text: 'took 412 ms' },
        ],
      },
    ],
  },
  {
    text: 'Choices',
    blocks: [
      {
        type: 'section',
        text: { type: 'mrkdwn', text: 'Pick a *restore point*' },
        accessory: {
          type: 'static_select',
          action_id: 'pick',
          placeholder: plain('Restore point'),
          option_groups: [
            { label: plain('Today'), options: [option('03:00 · 1.2 GB', 'a'), option('02:00 · 1.2 GB', 'b')] },
            { label: plain('Yesterday'), options: [option('23:00 · 1.1 GB', 'c')] },
          ],
        },
      },
      {
        type: 'actions',
        block_id: 'many',
        elements: [
          { type: 'datepicker', action_id: 'date', initial_date: '2026-03-07' },
          { type: 'timepicker', action_id: 'time', initial_time: '03:20' },
          { type: 'external_select', action_id: 'external', min_query_length: 1, placeholder: plain('From the app') },
          { type: 'button', action_id: 'unanswered', text: plain('Keep waiting') },
          { type: 'button', action_id: 'link', text: plain('Dashboard'), url: 'https://grafana.porttrack.example/' },
        ],
      },
      {
        type: 'actions',
        block_id: 'checks',
        elements: [
          {
            type: 'checkboxes',
            action_id: 'checks',
            options: [
              option('Page the person on call', 'page', 'PortTrack SRE'),
              option('Open an incident', 'incident'),
            ],
          },
        ],
      },
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_section',
            elements: [
              { type: 'text', text: 'Kept ' },
              { type: 'text', text: 'before', style: { bold: true } },
              { type: 'text', text: ' anything changes:' },
            ],
          },
          {
            type: 'rich_text_list',
            style: 'bullet',
            elements: [
              { type: 'rich_text_section', elements: [{ type: 'text', text: 'logs of 2 pods' }] },
              {
                type: 'rich_text_section',
                elements: [
                  { type: 'user', user_id: 'U0ANA' },
                  { type: 'text', text: ' asked' },
                ],
              },
            ],
          },
          {
            type: 'rich_text_preformatted',
            elements: [{ type: 'text', text: 'Error: DATABASE_URL is not set\n    at boot (/app/main.js:12:9)' }],
          },
        ],
      },
    ],
  },
]
