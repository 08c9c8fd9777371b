import type { Screen } from './screen.ts'
import { cut, widthOf } from './wrap.ts'

const csi = '\u001B['
const upLines = (count: number): string => (count === 0 ? '' : `${csi}${count}A`)
const clearLine = `${csi}K`
const clearBelow = `${csi}J`
/** Terminals that know it show a frame at once; the others ignore it. */
const [beginFrame, endFrame] = [`${csi}?2026h`, `${csi}?2026l`]

/** Lines at the foot of a terminal that are redrawn in place. */
export type LiveBlock = {
  show(lines: readonly string[]): void
  /** The last lines stay where they are. */
  leave(): void
  /** Takes the block away. */
  clear(): void
}

/** Each frame is one write that overwrites the one before, so nothing flickers; an equal frame is not written. */
export function liveBlock(screen: Screen): LiveBlock {
  let shown: readonly string[] = []
  const rowsNow = (): number => {
    // A terminal that was made narrower has broken the lines that are there.
    const columns = screen.columns() ?? 80
    return shown.reduce((rows, line) => rows + Math.max(1, Math.ceil(widthOf(line) / columns)), 0)
  }
  return {
    show(lines) {
      const columns = screen.columns() ?? 80
      // The last column stays free: some terminals break the line there already.
      const fitted = lines.slice(-Math.max(1, screen.rows() - 1)).map((line) => cut(line, columns - 1))
      if (fitted.length === shown.length && fitted.every((line, index) => line === shown[index])) return
      const frame = fitted.map((line) => `${line}${clearLine}\n`).join('')
      screen.write(`${beginFrame}${upLines(rowsNow())}\r${frame}${clearBelow}${endFrame}`)
      shown = fitted
    },
    leave() {
      shown = []
    },
    clear() {
      if (shown.length > 0) screen.write(`${upLines(rowsNow())}\r${clearBelow}`)
      shown = []
    },
  }
}
