/** The Markdown of `markdown` blocks, as a tree; text in it is final. Raw HTML is text. */
export type MdInline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'strike'; readonly inner: readonly MdInline[] }
  | { readonly kind: 'link'; readonly url: string; readonly inner: readonly MdInline[] }
  | { readonly kind: 'break' }

export type MdBlock =
  | { readonly kind: 'heading'; readonly level: number; readonly inner: readonly MdInline[] }
  | { readonly kind: 'paragraph'; readonly inner: readonly MdInline[] }
  | { readonly kind: 'fence'; readonly text: string }
  | { readonly kind: 'rule' }
  | { readonly kind: 'quote'; readonly blocks: readonly MdBlock[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly start: number; readonly items: readonly MdItem[] }
  | { readonly kind: 'table'; readonly head: readonly MdCell[]; readonly rows: readonly (readonly MdCell[])[] }

export type MdCell = readonly MdInline[]
export type MdItem = { readonly checked: boolean | undefined; readonly blocks: readonly MdBlock[] }

const patterns = {
  fence: /^```/,
  heading: /^(#{1,6})\s+(.+?)\s*#*$/,
  rule: /^\s*([-*_])(?:\s*\1){2,}\s*$/,
  quote: /^>\s?/,
  item: /^(\s*)([-*+]|\d+[.)])\s+(.*)$/,
  delimiter: /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/,
} as const

/** Enough of CommonMark, with tables, strike and tasks, for what a bot writes. */
export function parseMarkdown(source: string): MdBlock[] {
  return blocksOf(source.replaceAll('\r\n', '\n').split('\n'))
}

function blocksOf(lines: readonly string[]): MdBlock[] {
  const blocks: MdBlock[] = []
  for (let at = 0; at < lines.length; ) {
    const [block, used] = blockAt(lines, at)
    if (block) blocks.push(block)
    at += used
  }
  return blocks
}

function blockAt(lines: readonly string[], at: number): [MdBlock | undefined, number] {
  const line = lines[at] ?? ''
  if (line.trim() === '') return [undefined, 1]
  if (patterns.fence.test(line)) return fenceAt(lines, at)
  const heading = patterns.heading.exec(line)
  if (heading) return [{ kind: 'heading', level: heading[1]?.length ?? 1, inner: parseSpan(heading[2] ?? '') }, 1]
  if (patterns.rule.test(line)) return [{ kind: 'rule' }, 1]
  if (patterns.quote.test(line)) {
    const used = count(lines, at, (one) => patterns.quote.test(one))
    return [
      { kind: 'quote', blocks: blocksOf(lines.slice(at, at + used).map((one) => one.replace(patterns.quote, ''))) },
      used,
    ]
  }
  if (patterns.item.test(line)) return listAt(lines, at)
  if (line.includes('|') && patterns.delimiter.test(lines[at + 1] ?? '')) return tableAt(lines, at)
  const used = Math.max(
    1,
    count(lines, at, (one) => isProse(one)),
  )
  const text = lines.slice(at, at + used).join('\n')
  return [{ kind: 'paragraph', inner: parseSpan(text) }, used]
}

const isProse = (line: string) =>
  line.trim() !== '' &&
  ![patterns.fence, patterns.heading, patterns.rule, patterns.quote, patterns.item].some((one) => one.test(line))

function count(lines: readonly string[], at: number, holds: (line: string) => boolean): number {
  let used = 0
  while (at + used < lines.length && holds(lines[at + used] ?? '')) used += 1
  return used
}

function fenceAt(lines: readonly string[], at: number): [MdBlock, number] {
  const used = count(lines, at + 1, (line) => !patterns.fence.test(line))
  return [{ kind: 'fence', text: lines.slice(at + 1, at + 1 + used).join('\n') }, used + 2]
}

/** Items until something else begins; deeper indented lines belong to the item above. */
function listAt(lines: readonly string[], at: number): [MdBlock, number] {
  const first = patterns.item.exec(lines[at] ?? '')
  const indent = first?.[1]?.length ?? 0
  const ordered = /\d/.test(first?.[2] ?? '')
  const items: { head: string; body: string[] }[] = []
  let used = 0
  for (; at + used < lines.length; used += 1) {
    const line = lines[at + used] ?? ''
    const item = patterns.item.exec(line)
    const depth = item?.[1]?.length ?? /^\s*/.exec(line)?.[0].length ?? 0
    if (item && depth <= indent) {
      if (/\d/.test(item[2] ?? '') !== ordered) break
      items.push({ head: item[3] ?? '', body: [] })
    } else if (line.trim() !== '' && depth > indent) items.at(-1)?.body.push(line.slice(indent + 2))
    else break
  }
  return [{ kind: 'list', ordered, start: Number.parseInt(first?.[2] ?? '1', 10) || 1, items: items.map(itemOf) }, used]
}

function itemOf({ head, body }: { head: string; body: string[] }): MdItem {
  const task = /^\[([ xX])\]\s+(.*)$/.exec(head)
  return { checked: task ? task[1] !== ' ' : undefined, blocks: blocksOf([task?.[2] ?? head, ...body]) }
}

function tableAt(lines: readonly string[], at: number): [MdBlock, number] {
  const used = count(lines, at, (line) => line.includes('|'))
  const [head = [], , ...rows] = lines.slice(at, at + used).map(cellsOf)
  return [{ kind: 'table', head, rows }, used]
}

const cellsOf = (line: string): MdCell[] =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => parseSpan(cell.trim().replaceAll('\\|', '|')))

const spans: readonly [RegExp, (found: RegExpExecArray) => MdInline][] = [
  [/^`([^`]+)`/, (found) => ({ kind: 'code', text: found[1] ?? '' })],
  [/^\*\*(?=\S)(.+?)(?<=\S)\*\*/s, (found) => ({ kind: 'bold', inner: parseSpan(found[1] ?? '') })],
  [/^__(?=\S)(.+?)(?<=\S)__/s, (found) => ({ kind: 'bold', inner: parseSpan(found[1] ?? '') })],
  [/^~~(?=\S)(.+?)(?<=\S)~~/s, (found) => ({ kind: 'strike', inner: parseSpan(found[1] ?? '') })],
  [/^\*(?=\S)([^*]+?)(?<=\S)\*/s, (found) => ({ kind: 'italic', inner: parseSpan(found[1] ?? '') })],
  [/^_(?=\S)([^_]+?)(?<=\S)_(?![\p{L}\p{N}])/su, (found) => ({ kind: 'italic', inner: parseSpan(found[1] ?? '') })],
  [
    /^\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/,
    (found) => ({ kind: 'link', url: found[2] ?? '', inner: parseSpan(found[1] ?? '') }),
  ],
  [
    /^<(https?:\/\/[^>\s]+)>/,
    (found) => ({ kind: 'link', url: found[1] ?? '', inner: [{ kind: 'text', text: found[1] ?? '' }] }),
  ],
  [/^ {2,}\n|^\n/, () => ({ kind: 'break' })],
  [/^\\([\\`*_{}[\]()#+\-.!~|>])/, (found) => ({ kind: 'text', text: found[1] ?? '' })],
]

/** What stands within a paragraph. */
export function parseSpan(source: string): MdInline[] {
  const out: MdInline[] = []
  let text = ''
  for (let at = 0; at < source.length; ) {
    const rest = source.slice(at)
    const afterLetter = /[\p{L}\p{N}]$/u.test(source.slice(0, at))
    const hit = spans.map(([pattern, make]) => ({ found: pattern.exec(rest), make })).find((one) => one.found)
    if (!hit?.found || (rest.startsWith('_') && afterLetter)) {
      text += source[at]
      at += 1
      continue
    }
    if (text !== '') out.push({ kind: 'text', text })
    text = ''
    out.push(hit.make(hit.found))
    at += hit.found[0].length
  }
  if (text !== '') out.push({ kind: 'text', text })
  return out
}
