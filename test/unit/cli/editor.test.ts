import {expect} from 'chai'
import {wordsOf} from '../../../src/kit/cli/editor.js'

describe('the words of $EDITOR', () => {
  const rows: [string, string[] | undefined][] = [
    ['vi', ['vi']],
    ['code --wait', ['code', '--wait']],
    ['  "/opt/My Editor/ed"   -n ', ['/opt/My Editor/ed', '-n']],
    [`sed -i 's/a b/c "d"/'`, ['sed', '-i', 's/a b/c "d"/']],
    ['/opt/My\\ Editor/ed', ['/opt/My Editor/ed']],
    ['"a\\"b" x\'y\'z', ['a"b', 'xyz']],
    ['vi $(rm -r x); `y` | z > f', ['vi', '$(rm', '-r', 'x);', '`y`', '|', 'z', '>', 'f']],
    ["''", ['']],
    ['', []],
    ["vi 'open", undefined],
  ]
  for (const [text, words] of rows)
    it(`${JSON.stringify(text)} are as a shell tells them, and nothing is expanded`, () => {
      expect(wordsOf(text)).to.deep.equal(words)
    })
})
