import {expect} from 'chai'
import fc from 'fast-check'
import {bytesOfName, isPlainPath, nameFromBytes, shownPath} from '../../../src/kit/files/index.js'

describe('names of files', () => {
  it('are strings for all bytes there are, and become them again', () => {
    const odd = fc.constantFrom(0x80, 0xff, 0xc3, 0xed, 0xb2, 0xa0, 0xf0, 0x9f, 0x61, 0xef, 0xbf, 0xbd)
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.array(odd).map((list) => Uint8Array.from(list)),
        ),
        (given) => {
          const bytes = Buffer.from(given)
          expect(bytesOfName(nameFromBytes(bytes)).equals(bytes)).to.equal(true)
        },
      ),
    )
  })

  it('are what UTF-8 says where they are UTF-8, the replacement character included', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), (text) => {
        expect(nameFromBytes(Buffer.from(text))).to.equal(text)
      }),
    )
    expect(nameFromBytes(Buffer.from('a\uFFFDb'))).to.equal('a\uFFFDb')
  })

  it('are plain where they can be told, typed, and written by Git on every system', () => {
    for (const path of ['infra/a b.yaml', 'infra/ä/😀.yaml', "it's", 'a"b', 'x.git/y', 'a/..b', '.pmpc/state'])
      expect(isPlainPath(path), path).to.equal(true)
    const odd = ['', 'a//b', '/a', 'a/', '.', 'a/../b', '.git/config', 'a/.GIT/x', 'GIT~1', 'C:/x', 'a\\b']
    for (const path of [...odd, 'a\nb', 'a\u0000', 'a\u001bb', 'a\u009bb', 'a\u007f', 'a\udcff', '\ud800'])
      expect(isPlainPath(path), JSON.stringify(path)).to.equal(false)
  })

  it('are shown as Git shows them', () => {
    expect(shownPath('infra/ä 1.yaml')).to.equal('infra/ä 1.yaml')
    expect(shownPath('a\n\t"\\\u001b\u007f\udcffz')).to.equal('"a\\n\\t\\"\\\\\\033\\177\\377z"')
  })
})
