import {expect} from 'chai'
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {planText} from '../../src/kit/plan/index.js'
import {displayWidth} from '../../src/kit/cli/width.js'
import {action, plan} from '../support/plans.js'
import {bin, sandbox, type Sandbox} from '../support/pmpc.js'
import {inPty, noPty} from '../support/pty.js'
import {assertSchema} from '../support/schemas.js'
import {skipFor} from '../support/skip.js'

const escape = '\u001B['

describe('pmpc plan show', () => {
  let box: Sandbox
  let text: string

  before(async () => {
    box = sandbox()
    const made = await plan(
      [
        action({
          config: {name: 'web01', memory: 2048},
          wishes: [
            {field: 'config.memory', is: 2048, want: 4096, effect: {consequence: 'pending-until-reboot'}},
            {field: 'config.description', is: 'a\nb', want: `a\nc ${escape}31m@all\u202e`},
            {
              field: 'config.scsi1',
              is: {file: 'local-zfs:vm-100-disk-1', size: '32G'},
              effect: {consequence: 'detaches-data', ifGuestLetsGo: true, note: 'the volume stays, as unused0'},
            },
          ],
          request: {parameters: {memory: 4096, delete: 'scsi1'}},
        }),
      ],
      {
        undecided: [
          {
            object: 'home/vm/7',
            field: null,
            why: 'it could not be read: the node pve3 is offline, and nothing is known of it',
          },
        ],
      },
    )
    text = planText(made)
    writeFileSync(path.join(box.folder, 'plan.json'), text)
  })
  after(() => box.remove())

  const shown = async (...args: string[]) => box.pmpc(['plan', 'show', ...args])

  it('prints a plan where no workspace is, without colours in a pipe', async () => {
    const {code, stdout, stderr} = await shown('plan.json')
    expect([code, stderr]).to.deep.equal([0, ''])
    expect(stdout.split('\n').slice(0, 6)).to.deep.equal([
      '~ vm/100 web01  wished in c0ffee0000',
      '  ~ config.memory       2048 → 4096  at the next restart',
      '  ~ config.description  at once',
      '        a',
      '      - b',
      '      + c \\u001b[31m@all\\u202e',
    ])
    expect(stdout).to.match(
      /\nPlan: 1 to change, by 1 request; 1 undecided\.\nNeeds consent:\n {2}detaches-data \(vm\/100\)\n$/,
    )
    expect((await shown('plan.json', '--verbose')).stdout).to.include(
      '    PUT /nodes/pve1/qemu/100/config\n      delete=scsi1\n      memory=4096\n',
    )
  })

  it('prints the document itself with --json, as its schema says', async () => {
    const result = await shown('plan.json', '--json')
    expect(result.code).to.equal(0)
    expect(result.json()).to.deep.equal(JSON.parse(text))
    assertSchema('plan-show', result.json())
    assertSchema('plan', result.json())
  })

  it('prints Markdown, the same each time', async () => {
    const [one, two] = [await shown('plan.json', '--markdown'), await shown('plan.json', '--markdown')]
    expect(one.stdout).to.equal(two.stdout)
    expect(one.stdout).to.match(/^### pmpc plan: 1 to change, by 1 request; 1 undecided\n/)
    expect(one.stdout).to.include(
      '\n<details><summary><code>&#126; vm&#47;100 web01</code>: <b>detaches-data</b></summary>\n',
    )
    expect((await shown('plan.json', '--markdown', '--json')).code).to.equal(64)
  })

  it('keeps to a terminal of 80 columns, in colours unless NO_COLOR is set', async function () {
    skipFor(this, noPty())
    const inTerminal = async (env: Record<string, string>) => {
      const args = [bin, 'plan', 'show', 'plan.json']
      return (await inPty(process.execPath, args, {env: {...box.env, ...env}, cwd: box.folder, answers: []})).output
    }
    const [colours, plain] = [await inTerminal({}), await inTerminal({NO_COLOR: '1'})]
    expect(colours).to.include(`${escape}33m`)
    // eslint-disable-next-line no-control-regex
    expect(colours.replaceAll(/\u001B\[\d+m/g, '')).to.equal(plain)
    expect(plain).to.not.include('\u001B')
    const lines = plain.trimEnd().split('\r\n')
    expect(lines.length).to.be.greaterThan(10)
    expect(lines.filter((line) => displayWidth(line) > 80)).to.deep.equal([])
    expect(plain).to.include(
      '\r\n  - config.scsi1        file=local-zfs:vm-100-disk-1,size=32G\r\n      detaches data, which stays;',
    )
  })

  const wrong: [string, string | undefined, string][] = [
    ['what is not there', undefined, 'PMPC_NOT_FOUND'],
    ['what is no plan', 'kind: vm\n', 'PMPC_NOT_A_PLAN'],
    ['a newer plan', '{"format": 9, "digest": "", "actions": []}', 'PMPC_PLAN_FORMAT'],
    ['a plan that was changed', 'changed', 'PMPC_PLAN_DAMAGED'],
  ]
  for (const [title, content, expected] of wrong)
    it(`refuses ${title}`, async () => {
      const file = `${expected}.json`
      if (content !== undefined)
        writeFileSync(path.join(box.folder, file), content === 'changed' ? text.replaceAll('4096', '8192') : content)
      const {code, stdout} = await shown(file, '--json')
      const {error} = JSON.parse(stdout) as {error: {code: string; message: string; suggestions: string[]}}
      expect(error.code).to.equal(expected)
      expect(error.message).to.include(file)
      // Never over what is no plan: it may be a manifest.
      const other = expected === 'PMPC_NOT_A_PLAN' ? 'plan.json' : file
      expect(error.suggestions.join()).to.include(`pmpc plan --out ${other}`)
      expect(code).to.equal(expected === 'PMPC_NOT_FOUND' ? 1 : 64)
    })
})
