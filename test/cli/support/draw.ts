/** What a terminal shows after it was sent this: all lines, also those that have scrolled out of sight. */
export type Drawn = { readonly lines: readonly string[]; readonly text: string; readonly frames: number }

// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences of a terminal begin with one
const sequence = /^\u001B\[([?0-9;]*)([A-Za-z])/

/** The few sequences that this program and its line editor use: up, to a column, erase to the end of the line or the screen. */
export function draw(raw: string, columns: number): Drawn {
  const lines: string[] = ['']
  let [x, y] = [0, 0]
  const line = (): string => {
    while (lines.length <= y) lines.push('')
    return lines[y] ?? ''
  }
  const moves: Readonly<Record<string, (count: number) => void>> = {
    A: (count) => {
      y = Math.max(0, y - count)
    },
    B: (count) => {
      y += count
    },
    C: (count) => {
      x += count
    },
    D: (count) => {
      x = Math.max(0, x - count)
    },
    G: (count) => {
      x = count - 1
    },
    K: () => {
      lines[y] = line().slice(0, x)
    },
    J: () => {
      lines[y] = line().slice(0, x)
      lines.length = y + 1
    },
  }
  const put = (character: string) => {
    if (x >= columns) [x, y] = [0, y + 1]
    const now = line().padEnd(x)
    lines[y] = now.slice(0, x) + character + now.slice(x + 1)
    x++
  }
  for (let at = 0; at < raw.length; at++) {
    const found = sequence.exec(raw.slice(at, at + 16))
    if (found !== null) {
      moves[found[2] ?? '']?.(Number.parseInt(found[1] || '1', 10) || 1)
      at += found[0].length - 1
    } else if (raw[at] === '\r') x = 0
    else if (raw[at] === '\n') y++
    else if (raw[at] === '\b') x = Math.max(0, x - 1)
    else if ((raw[at] ?? '') >= ' ') put(raw[at] ?? '')
  }
  const shown = lines.map((each) => each.trimEnd())
  return { lines: shown, text: shown.join('\n'), frames: raw.split('\u001B[?2026h').length - 1 }
}
