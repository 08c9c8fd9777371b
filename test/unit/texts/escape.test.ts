import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bold,
  code,
  cut,
  italic,
  lines,
  link,
  mention,
  mrkdwn,
  preformatted,
  textOf,
  time,
} from '../../../src/texts/escape.ts'
import { plainText } from '../../../src/texts/plain.ts'
import { hostile, problemsOf } from './hostile.ts'

const shown = (text: string): string => textOf(mrkdwn`said: ${text}.`)

describe('a text from outside', () => {
  it('pings nobody', () => {
    expect(shown('<!channel> <@U0ANA>')).toBe('said: &lt;!channel&gt; &lt;@U0ANA&gt;.')
  })

  it('forges no button, no bold line and no quote', () => {
    expect(shown('`<https://evil.example|Approve>`')).not.toContain('`')
    expect(shown('a\n*R-0042 verified*')).toBe('said: a ∗R-0042 verified∗.')
    expect(textOf(mrkdwn`${'> quoted'}`)).toBe('› quoted')
  })

  it('stays on its line, in its direction and visible', () => {
    expect(shown('a\u2028b\r\nc\u0085d\te')).toBe('said: a b c d e.')
    expect(shown('\u202Eevorppa\u202C\u200B\u00AD')).toBe('said: evorppa.')
    expect(shown('שלום')).toBe('said: \u2068שלום\u2069.')
  })

  it('keeps what people write: names with underscores, accents, joined emoji, code words', () => {
    expect(shown('porttrack_nosql año 👩‍👩‍👧‍👦 app:2.7.3 a*b')).toBe(
      'said: porttrack_nosql año 👩‍👩‍👧‍👦 app:2.7.3 a∗b.',
    )
  })

  it('becomes no emoji', () => {
    expect(shown(':white_check_mark: done')).not.toMatch(/:[a-z_]+:/)
  })

  it('is not escaped twice when it is Mrkdwn already', () => {
    expect(textOf(mrkdwn`${mrkdwn`${'<'}`} ${bold(mrkdwn`${'&'}`)}`)).toBe('&lt; *&amp;*')
  })

  it('cannot pass for Mrkdwn by its shape', () => {
    const forged: unknown = JSON.parse('{"mrkdwn": "<!channel>", "value": "<!channel>"}')
    expect(textOf(mrkdwn`${String(forged)}`)).not.toContain('<!channel>')
  })
})

describe('pieces', () => {
  it('code shows what it is given in a box', () => {
    expect(textOf(code('a`b`<c>'))).toBe('`aˋbˋ&lt;c&gt;`')
    expect(textOf(code(' '))).toBe('—')
  })

  it('empty ones leave no loose marks', () => {
    expect(textOf(lines([bold(''), italic(''), undefined, mrkdwn`x`]))).toBe('x')
  })

  it('a link leads only to http(s), and its address cannot leave it', () => {
    expect(textOf(link('javascript:alert(1)', 'x'))).toBe('x')
    expect(textOf(link('https://a.example/?q=1|2>3&b', 'a|b>'))).toBe('<https://a.example/?q=1%7C2%3E3&amp;b|a¦b&gt;>')
  })

  it('only a Slack id is a mention', () => {
    expect(textOf(mention('U0ANA'))).toBe('<@U0ANA>')
    expect(textOf(mention('!channel'))).toBe('!channel')
    expect(textOf(mention('U0ANA> <!channel'))).not.toContain('<')
  })

  it("moments are the reader's own, with a fallback that names its zone", () => {
    expect(textOf(time(new Date('2026-11-24T03:26:00Z')))).toBe('<!date^1795490760^{time}|03:26 UTC>')
  })
})

describe('a cut', () => {
  it('never cuts an entity, a mention or half a character, and closes what is open', () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 8 }), fc.integer({ min: 12, max: 400 }), (parts, max) => {
        const pieces = parts.map((part, index) =>
          index % 3 === 0 ? code(part) : index % 3 === 1 ? mrkdwn`${part}` : mention('U0ANA'),
        )
        const result = textOf(cut(lines(pieces), max))
        expect(result.length).toBeLessThanOrEqual(max)
        expect(problemsOf({ blocks: [], text: result })).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('leaves alone what fits', () => {
    expect(textOf(cut(mrkdwn`abc`, 3))).toBe('abc')
  })

  it('closes a box of several lines', () => {
    expect(textOf(cut(preformatted('x'.repeat(100)), 50))).toMatch(/^```\nx+…\n```$/)
  })
})

describe('for a terminal', () => {
  it('marks go, entities are decoded, what people wrote is as they wrote it', () => {
    expect(
      plainText(mrkdwn`${bold('Roll back')} ${code('a_b <c>')} ${'5 * 3 & `x`'} ${link('https://a.example/', 'a')}`),
    ).toBe('Roll back a_b <c> 5 * 3 & `x` a (https://a.example/)')
  })

  it('styles are put where the marks were', () => {
    const styles = { bold: (inner: string) => `[${inner}]`, code: (inner: string) => `{${inner}}` }
    expect(plainText(mrkdwn`${bold('now')} ${code('app')}`, styles)).toBe('[now] {app}')
  })
})
