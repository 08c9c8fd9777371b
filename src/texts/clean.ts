/**
 * Takes out of a text what people cannot see but what changes what they see: control characters, marks that turn the
 * direction of writing around, zero-width and invisible letters. Text that is written from right to left is put into an
 * isolate of our own, so that it cannot reorder what stands beside it.
 */
const unseen = /[\p{Cc}\p{Default_Ignorable_Code_Point}]/gu
const breaks = /[\n\r\t\v\f\u0085]/
/** Variation selectors and joiners are kept where they make an emoji of what stands before. */
const emojiEnd = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Emoji_Component}]$/u
const emojiStart = /^\p{Extended_Pictographic}/u
const rightToLeft =
  /\p{Script=Hebrew}|\p{Script=Arabic}|\p{Script=Syriac}|\p{Script=Thaana}|\p{Script=Nko}|\p{Script=Adlam}|\p{Script=Samaritan}|\p{Script=Mandaic}/u

const isolate = '\u2068'
const pop = '\u2069'

/** One line of outside text, without what is invisible; line breaks and tabs become one blank. */
export function cleanLine(text: string): string {
  return isolated(stripped(text).replace(/[\s\u0085]+/g, ' '))
}

/** Several lines of outside text, without what is invisible; tabs become two blanks. */
export function cleanBlock(text: string): string {
  const plain = stripped(text)
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, '\n')
    .replaceAll('\t', '  ')
  return plain.split('\n').map(isolated).join('\n')
}

function stripped(text: string): string {
  const whole = text.toWellFormed().normalize('NFC')
  return whole.replace(unseen, (character, offset: number) => {
    if (breaks.test(character)) return character
    const before = whole.slice(Math.max(0, offset - 2), offset)
    if (character === '\uFE0F' || character === '\uFE0E') return emojiEnd.test(before) ? character : ''
    if (character !== '\u200D') return ''
    const joins = /\uFE0F$/.test(before) || emojiEnd.test(before)
    return joins && emojiStart.test(whole.slice(offset + 1, offset + 3)) ? character : ''
  })
}

function isolated(line: string): string {
  return rightToLeft.test(line) ? `${isolate}${line}${pop}` : line
}

/** At most `max` UTF-16 units, with an ellipsis; never half a character. */
export function cutPlain(text: string, max: number): string {
  if (text.length <= max) return text
  let kept = ''
  for (const character of text) {
    if (kept.length + character.length > max - 2) break
    kept += character
  }
  const open = kept.includes(isolate) && !kept.includes(pop) ? pop : ''
  return `${kept.trimEnd()}…${open}`
}

/** For fields that Slack shows as plain text: one clean line that fits. Never empty, because Slack refuses empty texts. */
export function plainLine(text: string, max: number): string {
  const line = cutPlain(cleanLine(text).trim(), max)
  return line === '' ? '—' : line
}
