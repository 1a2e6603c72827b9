import {expect} from 'chai'
import {Parser, type Node} from 'commonmark'
import type {Plan} from 'pmpc/kit/plan'
import {hasHidden} from 'pmpc/kit/text'
import {action, plan} from '../../../test/support/plans.js'
import {planMarkdown} from '../src/print/markdown.js'

/** What comments of forges may hold: GitHub and Forgejo. */
const mostCharacters = 65_535

/** Texts that want to be more than text. */
const hostile = [
  '```\n</details>\n@everyone /close\n```',
  '````\n/close\n````',
  '~~~\n/approve\n~~~',
  '</code></summary></details><img src=x onerror=alert(1)> @alice',
  '@alice @org/team !1 #1 fixes #2 GH-3 $4 &1 %"milestone" ~"label"',
  '[x](javascript:alert(1)) ![y](https://evil.example/z) <https://evil.example> https://evil.example',
  '/close\n/assign @alice',
  '-->\n<!-- pmpc -->\n<script>alert(1)</script>',
  'a`b``c```d````e',
  '\u202e\u001b[31m\u0000\u200b\r\n> quote\r# heading\u2028* list',
  '| a | b |\n| - | - |\n***bold*** __x__ $math$ `code`',
]

const named = (text: string) => text.replaceAll(/\s/g, '')

/** A plan in which one text stands wherever a manifest or a cluster may have put it. */
async function planWith(text: string): Promise<Plan> {
  return plan(
    [
      action({
        ref: {cluster: 'home', kind: 'storage', id: named(text)},
        config: {},
        wishes: [
          {field: 'config.description', is: 'one\ntwo', want: text},
          {field: `config[${JSON.stringify(text)}]`, is: text, want: 'short', effect: {note: text}},
          {field: 'config.rules', is: [{type: 'in', comment: text}], want: [{type: 'out', comment: text}]},
          {field: 'config.net0', want: {bridge: text}, effect: {consequence: 'restart'}},
        ],
        effects: [{field: text, consequence: 'live', note: text}],
        request: {path: `/storage/${text}`, parameters: {comment: text, [named(text)]: 1}},
      }),
      action({config: {name: text}, effects: [{consequence: 'destroys-data'}]}),
    ],
    {
      undecided: [{object: `home/pool/${named(text)}`, field: text, why: text}],
      checks: [
        {object: `home/pool/${named(text)}`, check: text, severity: 'error', message: text, suggestions: [text]},
      ],
    },
  )
}

/** All nodes of a document, as CommonMark's own reference implementation reads it. */
function nodesOf(markdown: string): Node[] {
  const walker = new Parser().parse(markdown).walker()
  const nodes: Node[] = []
  for (let event = walker.next(); event; event = walker.next()) if (event.entering) nodes.push(event.node)
  return nodes
}

const ownText =
  /^(?:pmpc plan: [\w ,;]+|Needs consent|Checks|Plan |\d+ objects? left out|, as a comment can be no longer\. The output of | has all of them, and so has that of | where the plan was saved\.)$/

describe('a plan in Markdown', () => {
  for (const text of [...hostile, hostile.join('\n'), hostile.join('')])
    it(`keeps ${JSON.stringify(text.slice(0, 40))} in code`, async () => {
      const markdown = planMarkdown(await planWith(text), {verbose: true})
      const nodes = nodesOf(markdown)
      const types = new Set(nodes.map(({type}) => type))
      expect([...types].sort()).to.deep.equal([
        'code',
        'code_block',
        'document',
        'heading',
        'html_block',
        'paragraph',
        'strong',
        'text',
      ])
      for (const {type, literal} of nodes) {
        // Outside of code there are our own words only, and the tags that we write.
        if (type === 'text') expect(literal).to.match(ownText)
        if (type === 'code') expect(literal).to.match(/^[0-9a-f]{64}$/)
        if (type === 'html_block')
          expect(literal).to.match(
            /^(?:<\/details>|<details><summary>(?:<b>1 undecided<\/b>|<code>(?:[^<>@`\n]*)<\/code>(?:: <b>[a-z, -]+<\/b>)?)<\/summary>)$/,
          )
      }
      expect(nodes.filter(({type}) => type === 'code_block')).to.have.length(5)
      const opened = markdown.match(/^<details>/gm)!.length
      expect([markdown.match(/^<\/details>$/gm)!.length, opened]).to.deep.equal([3, 3])
      // Where a forge looks for commands in the source, it looks at the beginning of lines.
      expect(markdown).to.not.match(/^ {0,3}[/>]/m)
      expect(markdown).to.not.include('\r').and.to.not.satisfy(hasHidden)
    })

  it('is the same text for the same plan', async () => {
    const [one, two] = [await planWith('x'), await planWith('x')]
    expect(planMarkdown(one)).to.equal(planMarkdown(two))
    expect(planMarkdown(one)).to.equal(planMarkdown(JSON.parse(JSON.stringify(one)) as Plan))
    expect(planMarkdown(one)).to.not.match(/\d\d:\d\d/)
  })

  it('says what is to be done, what it costs and what fails before it tells objects', async () => {
    const text = planMarkdown(await planWith('x'))
    const at = ['### pmpc plan: 2 to change', '**Needs consent**', '**Checks**', '<details>', 'Plan `'].map((part) =>
      text.indexOf(part),
    )
    expect(at)
      .to.deep.equal([...at].sort((a, b) => a - b))
      .and.to.not.include(-1)
    expect(text).to.include('destroys-data')
    expect(planMarkdown(await plan([]))).to.match(/^### pmpc plan: nothing to do\n\nPlan `[0-9a-f]{64}`\n$/)
  })

  const many = async (count: number, each: (at: number) => string) =>
    plan(
      Array.from({length: count}, (_, at) =>
        action({
          ref: {cluster: 'home', kind: 'vm', id: 100 + at},
          config: {},
          wishes: [{field: 'config.description', want: each(at)}],
        }),
      ),
      {
        undecided: Array.from({length: count}, (_, at) => ({
          object: `home/vm/${at}`,
          field: null,
          why: 'ü'.repeat(50),
        })),
        checks: Array.from({length: count}, (_, at) => ({
          object: `home/vm/${at}`,
          check: 'lock',
          severity: 'error' as const,
          message: '語'.repeat(50),
          suggestions: ['pmpc plan'],
        })),
      },
    )

  it('is no longer than forges allow, leaves whole objects out, and says how many', async () => {
    const made = await many(2000, (at) => `${at} ${'語'.repeat(40)}`)
    const text = planMarkdown(made)
    expect(Buffer.byteLength(text)).to.be.lessThan(mostCharacters).and.greaterThan(50_000)
    const [, left] = /\*\*(\d+) objects left out\*\*/.exec(text)!
    const shown = text.match(/<summary><code>/g)!.length
    expect(shown).to.be.greaterThan(50)
    expect(shown + Number(left)).to.equal(2000)
    expect(text).to.match(/<\/details>\n\nPlan `[0-9a-f]{64}`\n$/)
    for (const {type, literal} of nodesOf(text)) if (type === 'text') expect(literal).to.match(ownText)
  })

  it('leaves out an object that is too large alone, and tells the others', async () => {
    const made = await many(3, (at) => (at === 1 ? 'x'.repeat(70_000) : 'small'))
    const text = planMarkdown(made)
    expect(Buffer.byteLength(text)).to.be.lessThan(mostCharacters)
    expect(text).to.match(/\*\*1 object left out\*\*[^]*\nvm\/101\n/)
    expect(text.match(/small/g)).to.have.length(2)
  })
})
