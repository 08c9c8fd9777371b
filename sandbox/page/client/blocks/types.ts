/** Blocks and their parts as far as the page draws them. The workspace has validated them; anything else is ignored. */

export type Text = { type: 'plain_text' | 'mrkdwn' | 'raw_text'; text: string; verbatim?: boolean; emoji?: boolean }
export type Option = { text: Text; value?: string; description?: Text; url?: string }
export type OptionGroup = { label: Text; options: Option[] }
export type Confirm = { title?: Text; text?: Text; confirm?: Text; deny?: Text; style?: 'primary' | 'danger' }

/** An interactive element; one type with everything optional, because drawing asks by `type` first. */
export type Control = {
  type: string
  action_id?: string
  text?: Text
  value?: string
  url?: string
  style?: 'primary' | 'danger'
  accessibility_label?: string
  placeholder?: Text
  confirm?: Confirm
  options?: Option[]
  option_groups?: OptionGroup[]
  initial_option?: Option
  initial_options?: Option[]
  initial_value?: string
  initial_date?: string
  initial_time?: string
  initial_date_time?: number
  initial_user?: string
  initial_users?: string[]
  initial_channel?: string
  initial_channels?: string[]
  initial_conversation?: string
  initial_conversations?: string[]
  max_selected_items?: number
  min_query_length?: number
  multiline?: boolean
  min_length?: number
  max_length?: number
  is_decimal_allowed?: boolean
  min_value?: string
  max_value?: string
  focus_on_load?: boolean
  icon?: string
  positive_button?: { text: Text; value: string; accessibility_label?: string }
  negative_button?: { text: Text; value: string; accessibility_label?: string }
  image_url?: string
  alt_text?: string
}

export type RichStyle = { bold?: boolean; italic?: boolean; strike?: boolean; code?: boolean }
export type RichElement = {
  type: string
  text?: string
  style?: RichStyle | string
  url?: string
  user_id?: string
  channel_id?: string
  usergroup_id?: string
  name?: string
  unicode?: string
  range?: string
  timestamp?: number
  format?: string
  fallback?: string
  value?: string
  indent?: number
  offset?: number
  elements?: RichElement[]
}

export type Task = {
  type: string
  task_id: string
  title: string
  status: 'pending' | 'in_progress' | 'complete' | 'error'
  details?: Block
  output?: Block
  sources?: { type: string; url: string; text: string }[]
}

export type Cell = { type: string; text?: string; value?: number; elements?: RichElement[] }

export type Block = {
  type: string
  block_id?: string
  text?: Text | string
  fields?: Text[]
  accessory?: Control
  elements?: (Control | RichElement | Text)[]
  element?: Control
  label?: Text
  hint?: Text
  optional?: boolean
  dispatch_action?: boolean
  image_url?: string
  alt_text?: string
  title?: Text | string
  title_url?: string
  description?: Text | string
  rows?: Cell[][]
  column_settings?: ({ align?: 'left' | 'center' | 'right'; is_wrapped?: boolean } | null)[]
  tasks?: Task[]
  level?: string
  task_id?: string
  status?: Task['status']
  details?: Block
  output?: Block
}
