import { styleText } from 'node:util'
import { wrap } from './wrap.ts'

export type Style = Parameters<typeof styleText>[0]

/** A stream as people see it: how wide, whether it is a terminal, whether it may be coloured and redrawn. */
export type Screen = {
  readonly tty: boolean
  /** The cursor can be moved. */
  readonly redraws: boolean
  /** Columns of a terminal; undefined where lines are as long as they are. */
  columns(): number | undefined
  rows(): number
  write(text: string): void
  /** A sentence on lines of its own, broken between words. */
  line(text: string): void
  /** Colour only where a person looks, and has not asked for none (NO_COLOR). */
  paint(style: Style, text: string): string
}

/** The widest that running text is set: longer lines are hard to read. */
const widestText = 100

export function screenOf(stream: NodeJS.WriteStream, dumb: boolean): Screen {
  const tty = stream.isTTY === true
  let open = true
  // Whoever read this has gone (`| head`, a closed terminal): what is under way goes on, and nobody is told of it here.
  stream.on('error', () => {
    open = false
  })
  const columns = () => (tty ? Math.max(20, stream.columns ?? 80) : undefined)
  const write = (text: string) => {
    if (open) stream.write(text)
  }
  return {
    tty,
    redraws: tty && !dumb,
    columns,
    rows: () => stream.rows ?? 24,
    write,
    line: (text) => write(`${wrap(text, textWidth({ columns }))}\n`),
    paint: (style, text) => (tty && !dumb ? styleText(style, text, { stream }) : text),
  }
}

/** How wide running text is set on this screen; undefined: not at all. */
export const textWidth = (screen: Pick<Screen, 'columns'>): number | undefined => {
  const columns = screen.columns()
  return columns === undefined ? undefined : Math.min(columns, widestText)
}
