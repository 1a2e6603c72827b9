import {expect} from 'chai'
import {readFileSync} from 'node:fs'
import path from 'node:path'
import {commandTable} from '../../../src/kit/completion/commands.js'
import {valueOf, VALUES} from '../../../src/kit/completion/values.js'
import {isSeedName} from '../../../plugins/simulator/src/seeds/index.js'
import {checkout} from '../../support/pmpc.js'

interface Entry {
  id: string
  args: Record<string, {options?: string[]}>
  flags: Record<string, {type: string; options?: string[]}>
}

const {commands} = JSON.parse(readFileSync(path.join(checkout, 'docs/commands.json'), 'utf8')) as {commands: Entry[]}

describe('what arguments and flags take', () => {
  for (const {id, args, flags} of commands) {
    const taking = Object.entries(flags).filter(([, {type}]) => type === 'option')
    const unsaid = [...Object.entries(args), ...taking].filter(([, {options}]) => options === undefined)
    it(`is said of each of ${id} in src/kit/completion/values.ts`, () => {
      const unknown = unsaid.map(([name]) => name).filter((name) => valueOf(id, name) === undefined)
      expect(unknown).to.deep.equal([])
    })
  }
})

describe('the table of what is taken', () => {
  it('names the seeds that come with the simulator', () => {
    const {words = []} = valueOf('simulator:start', 'seed')!
    expect(words.filter((name) => !isSeedName(name))).to.deep.equal([])
    expect(words).to.include.members(['homelab', 'cluster'])
  })

  it('has no row that no command needs', () => {
    const taken = commands.flatMap(({id, args, flags}) =>
      [...Object.keys(args), ...Object.keys(flags)].flatMap((name) => [name, `${id} ${name}`]),
    )
    expect(Object.keys(VALUES).filter((name) => !taken.includes(name))).to.deep.equal([])
  })
})

describe('the table of the commands', () => {
  const rowsOf = (command: object) =>
    commandTable({commands: [{id: 'x', ...command}], topics: []})
      .split('\n')
      .slice(0, -1)
  const expectedHelp = 'flag\t--help\t-h\tShow what it does and takes.'
  const ofX = (command: object) => {
    const rows = rowsOf(command)
    return rows.slice(rows.findIndex((line) => /^command\tx/.test(line)))
  }

  it('has commands as they are typed, with arguments and flags', () => {
    expect(
      ofX({
        id: 'x:y',
        summary: 'Does it.',
        strict: false,
        args: {object: {}, shell: {options: ['bash', 'zsh']}, secret: {hidden: true}},
        flags: {
          output: {type: 'option', char: 'o', summary: 'How.', options: ['a', 'b']},
          tag: {type: 'option', multiple: true, summary: 'Which.'},
          color: {type: 'boolean', allowNo: true, description: 'Paint.\nMore.'},
          hidden: {type: 'boolean', hidden: true},
        },
      }),
    ).to.deep.equal([
      'command\tx y\tDoes it.',
      'arg\tobject',
      'arg\t-\tbash\tzsh',
      'more',
      'flag\t--color\t\tPaint.',
      'flag\t--no-color\t\tPaint.',
      expectedHelp,
      'flag\t--output\t-o\tHow.\t\t-\ta\tb',
      'flag\t--tag\t\tWhich.\tmany\ttag',
    ])
  })

  it("knows files and folders of somebody else's flags by what their help says", () => {
    const flags = {
      from: {type: 'option', helpValue: 'FILE'},
      into: {type: 'option', helpValue: 'DIR'},
      x: {type: 'option'},
    }
    expect(ofX({flags}).filter((line) => line !== expectedHelp)).to.deep.equal([
      'command\tx',
      'flag\t--from\t\t\t\tfile',
      'flag\t--into\t\t\t\tfolder',
      'flag\t--x\t\t\t\t-',
    ])
  })

  it('keeps hidden commands and aliases for what is typed behind them', () => {
    expect(ofX({hidden: true, summary: 'S.', aliases: ['z']}).filter((line) => line !== expectedHelp)).to.deep.equal([
      'command\tx\tS.\thidden',
      'command\tz\tS.\thidden',
    ])
  })

  it('holds nothing that is not seen, whatever a plugin says of itself', () => {
    expect(ofX({summary: 'a\u001b[31m\tb'})[0]).to.equal('command\tx\ta\\u001b[31m\\u0009b')
  })
})
