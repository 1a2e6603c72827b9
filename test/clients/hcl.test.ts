import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import fc from 'fast-check'
import {printBody, quote, type Body, type Expression} from '../../plugins/iac/src/terraform/hcl.js'
import {skipFor} from '../support/skip.js'

/** Texts as people write them, and as nobody does: what begins templates, marks that join the letter before them, what cannot be seen. */
const texts = fc.oneof(
  fc.string({unit: 'binary', maxLength: 12}),
  fc.string({unit: 'grapheme-composite', maxLength: 12}),
  fc
    .array(
      fc.constantFrom(
        '$',
        '%',
        '{',
        '}',
        '"',
        '\\',
        '\n',
        '\r',
        '\t',
        'x',
        '\u0301',
        '\u200d',
        '\ufeff',
        '\u2028',
        '\0',
        '#',
      ),
      {
        maxLength: 12,
      },
    )
    .map((parts) => parts.join('')),
)

const isKey = (text: string): boolean => text !== '' && text !== '__proto__'

const values: fc.Arbitrary<Expression> = fc.letrec<{value: Expression}>((tie) => ({
  value: fc.oneof(
    {maxDepth: 3},
    texts,
    fc.integer(),
    fc.double({noNaN: true, min: -1e6, max: 1e6}).map((number) => Math.round(number * 1000) / 1000),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), {maxLength: 4}),
    fc.dictionary(
      fc.oneof(
        fc.constantFrom('a', 'ab-c', '_x', 'for', 'null'),
        fc.string({unit: 'grapheme-ascii', maxLength: 12}).filter(isKey),
      ),
      tie('value'),
      {
        maxKeys: 4,
      },
    ),
  ),
})).value

const attribute = fc.record({name: fc.constantFrom('a', 'bcd', 'e_f-g'), value: values})
const comment = fc.record({comment: fc.constantFrom('why', 'because of a long reason')})
const labels = fc.array(fc.constantFrom('x', 'y'), {maxLength: 2})

/** Bodies with blocks in them, so many levels deep. */
function bodiesOf(levels: number): fc.Arbitrary<Body> {
  const block = fc.record({
    type: fc.constantFrom('block', 'b'),
    labels,
    body: levels === 0 ? fc.constant([]) : bodiesOf(levels - 1),
  })
  return fc.array(fc.oneof(attribute, attribute, comment, block), {maxLength: 5}).map(onceEach)
}

/** An attribute may stand in a body once. */
const onceEach = (body: Body): Body =>
  body.filter(
    (item, at) => !('value' in item) || body.findIndex((other) => 'value' in other && other.name === item.name) === at,
  )

describe('HCL that pmpc prints, read by Terraform', function () {
  this.timeout(120_000)
  let folder: string

  const terraform = (args: string[], input = ''): string => {
    const env = {...process.env, CHECKPOINT_DISABLE: '1'}
    const {status, stdout, stderr} = spawnSync('terraform', args, {cwd: folder, env, input, encoding: 'utf8'})
    if (status !== 0) throw new Error(`terraform ${args.join(' ')}: ${stdout}${stderr}`)
    return stdout
  }

  before(function () {
    skipFor(this, spawnSync('terraform', ['version']).error && 'terraform is not on PATH')
    folder = mkdtempSync(path.join(os.tmpdir(), 'pmpc-hcl-'))
  })
  after(() => rmSync(folder ?? '', {recursive: true, force: true}))

  it('has each text as it was', () => {
    const sample = fc.sample(texts, 2000)
    const body: Body = [{type: 'output', labels: ['texts'], body: [{name: 'value', value: sample}]}]
    writeFileSync(path.join(folder, 'main.tf'), printBody(body))
    terraform(['apply', '-auto-approve', '-no-color'])
    const read = JSON.parse(terraform(['output', '-json', 'texts'])) as string[]
    expect(read.length).to.equal(sample.length)
    // What is half of a pair is no character; and Terraform knows one normal form.
    const kept = (text: string) => Buffer.from(text).toString().normalize('NFC')
    for (const [at, text] of sample.entries()) expect(read[at], quote(text)).to.equal(kept(text))
  })

  it('is left as it is by terraform fmt', () => {
    for (const body of fc.sample(bodiesOf(2), 60).filter(({length}) => length > 0)) {
      const text = printBody(body)
      expect(terraform(['fmt', '-'], text)).to.equal(text)
    }
  })
})
