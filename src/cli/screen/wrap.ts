import { stripVTControlCharacters } from 'node:util'

const wide =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303F\uFF01-\uFF60]/u
const none = /[\p{Mn}\p{Me}\p{Cf}]/u

/** Columns that a text takes on a terminal; colours take none. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of stripVTControlCharacters(text)) {
    if (none.test(character)) continue
    width += wide.test(character) ? 2 : 1
  }
  return width
}

/** Breaks running text between words. Later lines of a paragraph stand `indent` columns in. A word that is longer than a line stays whole. */
export function wrap(text: string, width: number | undefined, indent = 0): string {
  if (width === undefined) return text
  return text
    .split('\n')
    .map((line) => wrapLine(line, width, indent))
    .join('\n')
}

function wrapLine(line: string, width: number, indent: number): string {
  if (widthOf(line) <= width) return line
  const lead = /^ */.exec(line)?.[0] ?? ''
  const lines: string[] = []
  let now = lead
  let empty = true
  for (const word of line.slice(lead.length).split(' ')) {
    if (!empty && widthOf(now) + 1 + widthOf(word) > width) {
      lines.push(now)
      now = ' '.repeat(lead.length + indent) + word
    } else {
      now += empty ? word : ` ${word}`
    }
    empty = false
  }
  return [...lines, now].map((each) => each.trimEnd()).join('\n')
}

/** One line that fits, with an ellipsis where it was cut; colours are dropped from a line that is cut. */
export function cut(line: string, width: number): string {
  if (widthOf(line) <= width) return line
  let kept = ''
  let used = 0
  for (const character of stripVTControlCharacters(line)) {
    const more = widthOf(character)
    if (used + more > width - 1) break
    kept += character
    used += more
  }
  return `${kept.trimEnd()}…`
}
