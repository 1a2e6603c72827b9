import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {expect} from 'chai'
import {openTexts} from '../src/texts.js'

const NAME = 'terraform/versions.tf.njk'

/** Templates that would run what they hold if names and texts were pasted into JavaScript as they stand. */
const code = (run: string): string[] => [
  `{{ x"&&Function\`${run}\`\`\`&&"b }}`,
  `{% set x"&&Function\`${run}\`\`\`&&"b = 1 %}`,
  `{{ mark | x"&&Function\`${run}\`\`\`&&"b }}`,
  `{{ x['\\\\"&&Function\`${run}\`\`\`&&"']() }}`,
  `{% for a, "x\\"&&Function\`${run}\`\`\`&&\\"" in [[1, 2]] %}{% endfor %}`,
  `{% set y %}{% macro m("x") %}{% endmacro %}{% endset %}`,
  `{% if mark is "x\\"&&Function\`${run}\`\`\`&&\\"" %}{% endif %}`,
]

/** Templates that reach for more than they are given. */
const reaching = [
  '{{ constructor.constructor("return 1")() }}',
  '{{ range.constructor("return 1")() }}',
  '{{ mark.constructor.constructor("return 1")() }}',
  '{{ list.constructor }}',
  '{{ list["__proto__"] }}',
  '{{ valueOf().env }}',
  '{{ __proto__ }}',
  '{{ mark | valueOf }}',
  '{{ mark | constructor }}',
  '{% if mark is constructor %}{% endif %}',
  '{{ env }}',
  '{{ globals }}',
  '{{ process }}',
  '{% call range(1) %}{% endcall %}',
  '{% include "../../../../../../../../../../etc/passwd" %}',
  '{% include "/etc/passwd" %}',
  '{% import "terraform/main.tf.njk" as x %}',
  '{% extends "terraform/main.tf.njk" %}',
]

describe('templates of a workspace', () => {
  const root = mkdtempSync(join(tmpdir(), 'pmpc-texts-'))
  after(() => rmSync(root, {recursive: true}))

  async function render(text: string, context: object = {}): Promise<string> {
    const file = join(root, '.pmpc/templates', NAME)
    mkdirSync(dirname(file), {recursive: true})
    writeFileSync(file, text)
    return (await openTexts(root)).render(NAME, {mark: 'the mark', list: [3, 1, 2], ...context})
  }

  const refused = async (text: string): Promise<{code?: string; message: string}> =>
    render(text).then(
      (made) => expect.fail(`${text} was filled in: ${made}`),
      (error: Error & {code?: string}) => error,
    )

  it('have values, conditions, loops, filters and other templates', async () => {
    const text =
      '{% set n = 1 %}{% for one in list | sort %}{{ loop.index + n }}:{{ one }} {% endfor %}' +
      '{% for key, value in {a: 1} %}{{ key }}{{ value }}{% endfor %} {{ mark | upper if mark else "" }}' +
      '{% if mark is defined and "the" in mark %} {{ mark | hcl }}{% endif %}{% include "terraform/main.tf.njk" %}'
    expect(await render(text, {body: 'BODY'})).to.match(/^2:1 3:2 4:3 a1 THE MARK "the mark"# the mark.*BODY/s)
  })

  it('run nothing that they hold', async () => {
    const seen = globalThis as {pmpcWasHere?: unknown}
    for (const text of code('globalThis\\x2epmpcWasHere\\x3d1')) {
      expect(await refused(text), text).to.include({code: 'PMPC_TEMPLATE'})
      expect(seen.pmpcWasHere, text).to.equal(undefined)
    }
  })

  for (const text of reaching)
    it(`do not reach ${text}`, async () => {
      const {code, message} = await refused(text)
      expect(code).to.equal('PMPC_TEMPLATE')
      expect(message)
        .to.match(/^\.pmpc\/templates\/terraform\/versions\.tf\.njk cannot be filled in: ./)
        .and.not.contain('root:')
    })

  it('name the line of what is not taken', async () => {
    expect((await refused('one\n{{ mark }}\n{{ mark.x() }}\n')).message).to.contain('line 3')
  })
})
