import { describe, expect, test } from 'vitest'
import { parseMarkdown, parseSpan } from '../../sandbox/page/client/format/markdown.ts'
import { type Inline, parseInline, parseMrkdwn } from '../../sandbox/page/client/format/mrkdwn.ts'
import { formatSlackDate } from '../../sandbox/page/client/format/slack-date.ts'

/** A compact way to read a tree: `b(…)` bold, `i(…)` italic, `s(…)` strike, `c(…)` code, `link(url|label)`. */
function read(nodes: readonly Inline[]): string {
  return nodes
    .map((one) => {
      if (one.kind === 'text') return one.text
      if (one.kind === 'bold' || one.kind === 'italic' || one.kind === 'strike')
        return `${one.kind[0]}(${read(one.inner)})`
      if (one.kind === 'code') return `c(${one.text})`
      if (one.kind === 'link') return `link(${one.url}|${one.label})`
      if (one.kind === 'emoji') return `e(${one.name})`
      if (one.kind === 'user' || one.kind === 'channel' || one.kind === 'group') return `${one.kind}(${one.id})`
      if (one.kind === 'everybody') return `all(${one.range})`
      return one.kind === 'date' ? `date(${one.seconds}|${one.format}|${one.fallback})` : '/'
    })
    .join('')
}

describe('mrkdwn, as Slack reads it', () => {
  test.each([
    ['*bold* _italic_ ~strike~ `code`', 'b(bold) i(italic) s(strike) c(code)'],
    ['*_both_*', 'b(i(both))'],
    ['2*3*4 and snake_case_name', '2*3*4 and snake_case_name'],
    ['* not bold * and *not\nover lines*', '* not bold * and *not'],
    ['*a `b*` c*', 'b(a c(b*) c)'],
    ['`*x* <@U0ANA>`', 'c(*x* <@U0ANA>)'],
    ['a **b** c', 'a **b** c'],
    ['(*in brackets*), _then_.', '(b(in brackets)), i(then).'],
    ['&lt;b&gt; &amp;lt;', '<b> &lt;'],
    ['<https://a.example/x_y_z|the _link_>', 'link(https://a.example/x_y_z|the _link_)'],
    ['<https://a.example/?a=1&amp;b=2>', 'link(https://a.example/?a=1&b=2|https://a.example/?a=1&b=2)'],
    ['see https://a.example/p, or not', 'see link(https://a.example/p|https://a.example/p), or not'],
    ['<mailto:a@b.example|write>', 'link(mailto:a@b.example|write)'],
    ['<javascript:alert(1)|x> <data:text/html,x>', '<javascript:alert(1)|x> <data:text/html,x>'],
    ['<@U0ANA> in <#C0OPS|ops>, <!subteam^S012|@sre> <!here>', 'user(U0ANA) in channel(C0OPS), group(S012) all(here)'],
    ['<!date^1393000000^{date} at {time}|long ago>', 'date(1393000000|{date} at {time}|long ago)'],
    ['<!date^nonsense^{date}|x>', '<!date^nonsense^{date}|x>'],
    [':fire: :no_such_emoji: 12:30:45', 'e(fire) :no_such_emoji: 12:30:45'],
    ['unclosed *bold and `code and <https://x', 'unclosed *bold and `code and <https://x'],
  ])('%s', (source, wanted) => {
    expect(read(parseInline(source.split('\n')[0] ?? ''))).toBe(wanted)
  })

  test('fences, quotes and lines stand apart; a fence keeps every character', () => {
    const pieces = parseMrkdwn('one\ntwo\n```\n*a*\n  &lt;b&gt;\n```\n&gt; quoted\n> too\nlast')
    expect(pieces.map((one) => `${one.kind}: ${one.kind === 'fence' ? one.text : read(one.inner)}`)).toEqual([
      'line: one/two',
      'fence: *a*\n  <b>',
      'quote: quoted/too',
      'line: last',
    ])
  })

  test('long text without an end to its marks is read as text', () => {
    expect(read(parseInline('*a'.repeat(1500)))).toBe('*a'.repeat(1500))
  })
})

describe('dates in the eyes of the reader', () => {
  const words = { today: 'hoy', yesterday: 'ayer', tomorrow: 'mañana' }
  const at = Date.UTC(2026, 2, 7, 2, 26) / 1000
  const show = (format: string, zone: string, now = at * 1000 + 3_600_000) =>
    formatSlackDate(at, format, { zone, locale: 'es-ES' }, now, words)

  test('the day and the hour are those of the zone', () => {
    expect(show('{date_num} {time}', 'Europe/Madrid')).toBe('2026-03-07 3:26')
    expect(show('{date_num} {time}', 'America/Bogota')).toBe('2026-03-06 21:26')
  })

  test('near days have a name, far ones a date, and unknown tokens stay', () => {
    expect(show('{date_pretty}', 'Europe/Madrid')).toBe('hoy')
    expect(show('{date_short_pretty}', 'Europe/Madrid', (at + 86_400) * 1000)).toBe('ayer')
    expect(show('{date_short_pretty}', 'Europe/Madrid', (at + 9 * 86_400) * 1000)).toBe('7 mar 2026')
    expect(show('{ago} {nothing}', 'Europe/Madrid')).toBe('hace 1 hora {nothing}')
  })
})

describe('the Markdown of markdown blocks', () => {
  test('headings, lists in lists, tasks, tables, fences and quotes', () => {
    const kinds = parseMarkdown(
      '# T\n\ntext\nmore\n\n- a\n  - b\n- [x] c\n\n| p | q |\n|---|---|\n| 1 | 2 |\n\n```js\n*x*\n```\n> q\n\n---',
    )
    expect(kinds.map((one) => one.kind)).toEqual(['heading', 'paragraph', 'list', 'table', 'fence', 'quote', 'rule'])
    const list = kinds[2]
    if (list?.kind !== 'list') throw new Error('no list')
    expect(list.items.map((one) => [one.checked, one.blocks.map((block) => block.kind)])).toEqual([
      [undefined, ['paragraph', 'list']],
      [true, ['paragraph']],
    ])
    expect(kinds[4]).toEqual({ kind: 'fence', text: '*x*' })
  })

  test('HTML and unsafe links are text', () => {
    expect(parseSpan('<b>x</b> [a](javascript:alert(1)) [ok](https://a.example/)')).toEqual([
      { kind: 'text', text: '<b>x</b> [a](javascript:alert(1)) ' },
      { kind: 'link', url: 'https://a.example/', inner: [{ kind: 'text', text: 'ok' }] },
    ])
  })
})
