import {expect} from 'chai'
import fc from 'fast-check'
import {hasHidden, visible, visibleLines} from '../../../src/kit/text/index.js'

/** What must never reach a terminal or a diff as it is, with what it would do there. */
const hidden: Record<string, string> = {
  '\u001B': 'begins an escape',
  '\u009B': 'begins one, too (C1)',
  '\u0007': 'rings',
  '\u0008': 'goes back',
  '\u007F': 'deletes',
  '\u0000': 'ends a text',
  '\r': 'goes to the beginning of the line',
  '\u0085': 'ends a line',
  '\u2028': 'ends a line',
  '\u2029': 'ends a paragraph',
  '\u202E': 'turns what follows around',
  '\u2066': 'isolates',
  '\u2069': 'ends that',
  '\u200E': 'marks a direction',
  '\u200F': 'marks a direction',
  '\u061C': 'marks a direction',
  '\u200B': 'takes no room',
  '\u200D': 'joins, and takes no room',
  '\uFEFF': 'takes no room',
  '\u3164': 'is a letter without a form',
  '\uD800': 'is half a character',
}

describe('what cannot be seen', () => {
  for (const [character, does] of Object.entries(hidden)) {
    const code = `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
    it(`is shown: ${code}, which ${does}`, () => {
      expect(visible(`a${character}b`)).to.equal(`a${code}b`)
      expect(visibleLines(`a${character}b`)).to.equal(`a${code}b`)
      expect(hasHidden(`a${character}b`)).to.equal(true)
    })
  }

  it('is a line end where one line is meant, and none where several are', () => {
    expect(visible('a\nb\tc')).to.equal('a\\u000ab\\u0009c')
    for (const text of ['a\nb\tc', 'a\r\nb\r\n']) {
      expect(visibleLines(text)).to.equal(text)
      expect(hasHidden(text)).to.equal(false)
    }
    expect(visibleLines('a\r\r\nb')).to.equal('a\\u000d\r\nb')
  })

  it('is nothing of what people write', () => {
    for (const text of ['', 'web01', 'Käse § → … ✔', '日本語', 'мир', '❤️', '🍐', 'e\u0301'])
      expect(visible(text)).to.equal(text)
  })

  it('is escaped as in JSON: a document stays one, and says the same', () => {
    fc.assert(
      fc.property(fc.anything({maxDepth: 2}), fc.string({unit: 'binary'}), (value, text) => {
        const json = JSON.stringify({value, text, [text]: [text, '\u{E0001}\u009B\u202E']}, undefined, 2)
        const shown = visibleLines(json)
        expect(JSON.parse(shown)).to.deep.equal(JSON.parse(json))
        expect(hasHidden(shown)).to.equal(false)
      }),
    )
  })

  it('leaves nothing hidden, whatever the text, and changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary', maxLength: 60}), (text) => {
        for (const show of [visible, visibleLines]) {
          const once = show(text)
          expect(once).not.to.match(control(show === visible))
          expect(show(once)).to.equal(once)
        }
      }),
    )
  })
})

/** By Unicode's own properties, not by our list. */
function control(oneLine: boolean): RegExp {
  return oneLine
    ? /[\p{Cc}\p{Bidi_Control}\p{Cs}\p{Zl}\p{Zp}]/u
    : /(?!\r?\n|\t)[\p{Cc}\p{Bidi_Control}\p{Cs}\p{Zl}\p{Zp}]/u
}
