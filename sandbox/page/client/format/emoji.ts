/** The emoji names that messages here use; an unknown name stays text, as Slack shows it. */
const table: Readonly<Record<string, string>> = {
  '+1': '👍', thumbsup: '👍', '-1': '👎', thumbsdown: '👎', eyes: '👀', white_check_mark: '✅', heavy_check_mark: '✔️', x: '❌',
  warning: '⚠️', rotating_light: '🚨', fire: '🔥', tada: '🎉', rocket: '🚀', pushpin: '📌', round_pushpin: '📍', link: '🔗',
  hourglass: '⌛', hourglass_flowing_sand: '⏳', stopwatch: '⏱️', clock3: '🕒', lock: '🔒', unlock: '🔓', key: '🔑',
  books: '📚', book: '📖', memo: '📝', clipboard: '📋', chart_with_upwards_trend: '📈', bar_chart: '📊', mag: '🔍',
  bell: '🔔', no_bell: '🔕', pager: '📟', telephone_receiver: '📞', phone: '☎️', speech_balloon: '💬', mega: '📣',
  wrench: '🔧', hammer: '🔨', hammer_and_wrench: '🛠️', gear: '⚙️', package: '📦', floppy_disk: '💾', wastebasket: '🗑️',
  leftwards_arrow_with_hook: '↩️', rewind: '⏪', back: '🔙', arrow_left: '⬅️', arrow_right: '➡️', arrow_up: '⬆️', arrow_down: '⬇️',
  arrows_counterclockwise: '🔄', repeat: '🔁', red_circle: '🔴', large_green_circle: '🟢', large_yellow_circle: '🟡',
  large_blue_circle: '🔵', white_circle: '⚪', black_circle: '⚫', black_square_for_stop: '⏹️', octagonal_sign: '🛑', no_entry: '⛔',
  information_source: 'ℹ️', question: '❓', exclamation: '❗', bulb: '💡', bug: '🐛', robot_face: '🤖', ok_hand: '👌', wave: '👋',
  raised_hands: '🙌', pray: '🙏', clap: '👏', muscle: '💪', heart: '❤️', smile: '😄', slightly_smiling_face: '🙂', thinking_face: '🤔',
  sweat_smile: '😅', joy: '😂', cry: '😢', sob: '😭', scream: '😱', skull: '💀', coffee: '☕', sparkles: '✨', construction: '🚧',
  ambulance: '🚑', fire_extinguisher: '🧯', test_tube: '🧪', calendar: '📆', date: '📅', ticket: '🎫', computer: '💻', whale: '🐳',
}

export const emojiOf = (name: string): string | undefined => table[name.split('::')[0] ?? name]

/** Offered when a person reacts. */
export const quickReactions = ['+1', 'eyes', 'white_check_mark', 'x', 'tada', 'fire', 'thinking_face', 'pushpin'] as const

/** Slack also accepts an emoji itself where a name is asked for. */
export const nameOfEmoji = (character: string) => Object.entries(table).find(([, one]) => one === character)?.[0]
