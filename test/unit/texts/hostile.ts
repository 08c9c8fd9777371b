import fc from 'fast-check'

/** Strings that somebody would write who wants to ping, forge, hide or break. */
const weapons = [
  '<!channel>',
  '<!here|here>',
  '<!everyone>',
  '<@U0ANA>',
  '<#C0OPS>',
  '<!subteam^S0SRE>',
  '<!date^0^{date}|x>',
  '<https://evil.example|Approve>',
  '`<https://evil.example|Approve>`',
  '```',
  '``` `<!channel>` ```',
  '*bold* _italic_ ~gone~ `code`',
  '\n> quoted\n*R-0042 verified*',
  '&lt;!channel&gt;',
  '&amp;lt;!channel&amp;gt;',
  ':white_check_mark: :rotating_light:',
  '\u202Eevorppa\u202C',
  '\u2066\u2067\u2068',
  '\u2069\u2069\u2069',
  '\u200B\u200C\u200D\uFEFF\u00AD',
  '\u{E0061}\u{E0062}',
  '\uD800 lone',
  'אבג\u200F דהו',
  'مرحبا بالعالم',
  '👩‍👩‍👧‍👦🏳️‍🌈🇪🇸',
  '\u0000\u0007\u001B[31m',
  '\u2028\u2029\u0085',
  'constructor',
  'valueOf',
  '__proto__',
  '',
  ' ',
  'x'.repeat(4000),
  '&<>'.repeat(1300),
  '👩‍👩‍👧‍👦'.repeat(360),
  'אב '.repeat(1300),
]

export const hostile: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...weapons),
  fc
    .array(fc.oneof(fc.constantFrom(...weapons), fc.string({ unit: 'grapheme', maxLength: 40 })), { maxLength: 6 })
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 300 }),
)

/** Entities that our own words may make: moments, people and channels of the examples, links of the examples. */
const ours = /<(?:!date\^\d+\^[^|<>]*\|[^<>]* UTC|@U0[A-Z]+|#C0[A-Z]+|https:\/\/porttrack\.[^|<>]*\|PagerDuty)>/g

/** What outside text managed to do to a card; empty when nothing. */
export function problemsOf(card: { readonly blocks: unknown; readonly text: string }): string[] {
  return [...mrkdwnIn(card.blocks), card.text].flatMap(forgeries).concat(hidden(card))
}

/** Every text that Slack reads as mrkdwn. */
function mrkdwnIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(mrkdwnIn)
  if (typeof value !== 'object' || value === null) return []
  const own = 'type' in value && value.type === 'mrkdwn' && 'text' in value ? [String(value.text)] : []
  return [...own, ...Object.values(value).flatMap(mrkdwnIn)]
}

function forgeries(text: string): string[] {
  const rest = text.replace(ours, '')
  const problems: string[] = []
  if (/[<>]/.test(rest)) problems.push(`an entity of somebody else: ${rest.slice(0, 200)}`)
  if (/&(?!(?:amp|lt|gt);)/.test(text)) problems.push(`a cut or raw entity: ${text.slice(0, 200)}`)
  const outsideFences = text.split('```').filter((_part, index) => index % 2 === 0)
  if (outsideFences.some((part) => part.split('\n').some((line) => (line.match(/`/g)?.length ?? 0) % 2 === 1)))
    problems.push(`an open code box: ${text.slice(0, 300)}`)
  if (/(^|\s):[a-z0-9_+'-]+:/i.test(text.replace(/`[^`]*`/g, '').replace(ours, '')))
    problems.push(`an emoji code: ${text.slice(0, 200)}`)
  if (!text.isWellFormed()) problems.push('half a character')
  return problems
}

/** Controls, marks of direction outside our own pairs, and what is invisible; in every string of the card. */
function hidden(value: unknown): string[] {
  if (typeof value === 'string') {
    const problems: string[] = []
    if ([...value].some(isHidden)) problems.push(`something invisible in ${JSON.stringify(value.slice(0, 100))}`)
    let open = 0
    for (const character of value) {
      if (character === '\u2068') open++
      if (character === '\u2069') open--
      if (open < 0 || open > 1) break
    }
    if (open !== 0) problems.push(`an isolate that is not closed in ${JSON.stringify(value.slice(0, 100))}`)
    return problems
  }
  if (Array.isArray(value)) return value.flatMap(hidden)
  if (typeof value !== 'object' || value === null) return []
  // Values of buttons are read by this program alone.
  return Object.entries(value).flatMap(([key, inner]) => (key === 'value' ? [] : hidden(inner)))
}

/** Line breaks and what joins emoji may stay; isolates are ours, and counted. */
const kept = ['\n', '\u200D', '\u2068', '\u2069', '\uFE0E', '\uFE0F']
const isHidden = (character: string): boolean =>
  /\p{Cc}|\p{Default_Ignorable_Code_Point}/u.test(character) && !kept.includes(character)
