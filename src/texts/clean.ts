/**
 * Takes out of a text what people cannot see but what changes what they see: control characters, marks that turn the
 * direction of writing around, zero-width and invisible letters. Text that is written from right to left is put into an
 * isolate of our own, so that it cannot reorder what stands beside it.
 */
const invisible =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u0084\u0086-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF0-\uFFFB\u{E0000}-\u{E0FFF}]/gu
/** A joiner is kept where it makes one emoji of several. */
const looseJoiner = /(?<![\p{Extended_Pictographic}\uFE0F\u{1F3FB}-\u{1F3FF}])[\u200C\u200D]|[\u200C\u200D](?!\p{Extended_Pictographic})/gu
const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Samaritan}\p{Script=Mandaic}]/u

/** One line of outside text, without what is invisible; line breaks and tabs become one blank. */
export function cleanLine(text: string): string {
  return isolated(stripped(text).replace(/[\s\u0085\u2028\u2029]+/gu, ' '))
}

/** Several lines of outside text, without what is invisible; tabs become two blanks. */
export function cleanBlock(text: string): string {
  const plain = stripped(text).replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n').replaceAll('\t', '  ')
  return plain.split('\n').map(isolated).join('\n')
}

function stripped(text: string): string {
  return text.toWellFormed().normalize('NFC').replace(invisible, '').replace(looseJoiner, '')
}

function isolated(line: string): string {
  return rightToLeft.test(line) ? `\u2068${line}\u2069` : line
}

/** At most `max` UTF-16 units, with an ellipsis; never half a character. */
export function cutPlain(text: string, max: number): string {
  if (text.length <= max) return text
  let kept = ''
  for (const character of text) {
    if (kept.length + character.length > max - 2) break
    kept += character
  }
  const open = kept.includes('\u2068') ? '\u2069' : ''
  return `${kept.trimEnd()}…${open}`
}

/** For fields that Slack shows as plain text: one clean line that fits. Never empty, because Slack refuses empty texts. */
export function plainLine(text: string, max: number): string {
  const line = cutPlain(cleanLine(text).trim(), max)
  return line === '' ? '—' : line
}
