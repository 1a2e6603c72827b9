import {expect} from 'chai'
import {existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {completionScript, keepWords, shells, type KnownCommands, type Shell} from '../../../src/kit/completion/index.js'
import type {ClusterState} from '../../../src/kit/resources/index.js'
import {checkout, sandbox, type Sandbox} from '../../support/pmpc.js'
import {noShell, typeInto} from '../../support/shells.js'
import {skipFor} from '../../support/skip.js'

const {commands} = JSON.parse(readFileSync(path.join(checkout, 'oclif.manifest.json'), 'utf8')) as {
  commands: Record<string, KnownCommands['commands'][number]>
}
const known: KnownCommands = {commands: Object.values(commands), topics: []}

const stateOf = (names: string[]): ClusterState => ({
  cluster: 'home',
  objects: names.map((name, at) => ({kind: 'vm', id: 100 + at, config: {name}, facts: {status: 'running'}})),
})

/** A folder that is a workspace, with guests of these names, of which the first is open. */
function workspace(folder: string, names: string[]): void {
  mkdirSync(folder, {recursive: true})
  writeFileSync(path.join(folder, 'pmpc.yaml'), '')
  const ref = {cluster: 'home', kind: 'vm' as const, id: 100}
  keepWords(folder, {
    clusters: ['home'],
    states: [stateOf(names)],
    open: ['config.memory', 'config.tags[web]'].map((field) => ({ref, field, state: 'drift' as const})),
  })
}

/** What a cluster may call its guests to do harm, or what is merely hard to type. The shells must hand each to pmpc as it is. */
const HOSTILE = [
  '$(touch pwned)',
  '`touch pwned`',
  'a$(touch pwned)b',
  "'; touch pwned; '",
  '"; touch pwned; "',
  "'$(touch pwned)'",
  '";$(touch pwned)"',
  'a;touch pwned',
  'a&touch pwned',
  'a|touch pwned',
  'a>pwned',
  '<(touch pwned)',
  '(touch pwned)',
  '${x:=$(touch pwned)}',
  '$HOME',
  '~',
  '~root',
  '=ls',
  '!!',
  'a!b',
  '^a^touch pwned',
  '#no-comment',
  '*',
  'a?[b]',
  '{a,b}',
  'two words',
  "it's",
  '"quoted"',
  'back\\slash',
  'end\\',
  '%F{red}red%f',
  '%{x%}',
  'a:b=c@d',
  'pwn$IFS(touch${IFS}pwned)',
  '\\$(touch pwned)',
]

for (const shell of shells) {
  describe(`completion in ${shell}, without node and git`, function () {
    this.timeout(60_000)
    let box: Sandbox
    let root: string
    let script: string
    const type = async (typed: string[], options: {cwd?: string; settings?: string} = {}) =>
      typeInto(shell, script, {box, cwd: root, ...options, typed})

    before(function () {
      skipFor(this, noShell(shell))
      box = sandbox()
      box.env.PMPC_CACHE_DIR = process.env.PMPC_CACHE_DIR!
      root = path.join(box.folder, 'workspace')
      workspace(root, ['web01', 'web02', 'db01'])
      mkdirSync(path.join(root, 'infra/home'), {recursive: true})
      writeFileSync(path.join(root, 'infra/home/web01.yaml'), '')
      mkdirSync(path.join(box.folder, 'elsewhere/inner'), {recursive: true})
      workspace(path.join(box.folder, 'other one'), ['other01'])
      symlinkSync(root, path.join(box.folder, 'link'))
      script = completionScript(shell, known)
    })
    after(() => box?.remove())

    /** What stands in the line behind what was typed. */
    const LINES: [typed: string, line: string][] = [
      ['pmpc descr<TAB>', 'pmpc describe '],
      ['pmpc auth logi<TAB>', 'pmpc auth login '],
      ['pmpc get vms --sor<TAB>', 'pmpc get vms --sort-by '],
      ['pmpc get vms --output=cs<TAB>', 'pmpc get vms --output=csv '],
      ['pmpc get vms -o cs<TAB>', 'pmpc get vms -o csv '],
      ['pmpc get vms --cluster=<TAB>', 'pmpc get vms --cluster=home '],
      ['pmpc get vms --cluster <TAB>', 'pmpc get vms --cluster home '],
      ['pmpc describe v<TAB>', 'pmpc describe vm/'],
      ['pmpc describe v<TAB>10<TAB>2<TAB>', 'pmpc describe vm/102 '],
      ['pmpc describe db<TAB>', 'pmpc describe db01 '],
      ['pmpc describe vm d<TAB>', 'pmpc describe vm db01 '],
      ['pmpc describe home/vm/102<TAB>', 'pmpc describe home/vm/102 '],
      ['pmpc accept vm/1<TAB>', 'pmpc accept vm/100'],
      ['pmpc accept vm/100:<TAB>', 'pmpc accept vm/100:config.'],
      ['pmpc accept vm/100:config.m<TAB>', 'pmpc accept vm/100:config.memory '],
      ['pmpc accept home/vm/100:config.m<TAB>', 'pmpc accept home/vm/100:config.memory '],
      ['pmpc accept infra/ho<TAB>we<TAB>', 'pmpc accept infra/home/web01.yaml '],
      ['pmpc accept infra/no-such<TAB>', 'pmpc accept infra/no-such'],
      ['pmpc -C elsew<TAB>', 'pmpc -C elsew'],
      ['pmpc get nosuch<TAB>', 'pmpc get nosuch'],
    ]
    it('puts in what may stand there', async () => {
      const {lines, shown} = await type(LINES.map(([typed]) => typed))
      expect(lines).to.deep.equal(LINES.map(([, line]) => line))
      expect(shown).not.to.match(/no matches|not found|unbound|error/i)
    })

    it('finds the workspace from a folder of it, by -C, through a link, and by PMPC_WORKSPACE; elsewhere only commands', async () => {
      const typed = [
        'pmpc get vms d<TAB>',
        `pmpc -C ../../../workspace get vms d<TAB>`,
        `pmpc get vms -C ../../../link/infra d<TAB>`,
        `pmpc get vms --workspace=${root} d<TAB>`,
        `pmpc get vms -C '../../../other one' o<TAB>`,
        `pmpc get vms -C ../../../other\\ one o<TAB>`,
        'pmpc -C ../../../elsewhere get vms d<TAB>',
        'pmpc -C ../../../elsewhere acc<TAB>',
      ]
      const {lines} = await type(typed, {cwd: path.join(root, 'infra/home')})
      expect(lines).to.deep.equal([
        'pmpc get vms db01 ',
        'pmpc -C ../../../workspace get vms db01 ',
        'pmpc get vms -C ../../../link/infra db01 ',
        `pmpc get vms --workspace=${root} db01 `,
        `pmpc get vms -C '../../../other one' other01 `,
        'pmpc get vms -C ../../../other\\ one other01 ',
        'pmpc -C ../../../elsewhere get vms d',
        'pmpc -C ../../../elsewhere accept ',
      ])
      const set = {
        bash: `PMPC_WORKSPACE=${root}\n`,
        zsh: `PMPC_WORKSPACE=${root}\n`,
        fish: `set -g PMPC_WORKSPACE ${root}\n`,
      }
      const inner = await type(['pmpc get vms d<TAB>'], {
        cwd: path.join(box.folder, 'elsewhere/inner'),
        settings: set[shell],
      })
      expect(inner.lines).to.deep.equal(['pmpc get vms db01 '])
    })

    it('hands each hostile name to pmpc as it is, outside of quotes and within', async () => {
      const folder = path.join(box.folder, 'hostile')
      mkdirSync(folder)
      for (const [at, name] of HOSTILE.entries()) workspace(path.join(folder, String(at)), [name])
      // Before a `!` in double quotes nothing can be put in bash, nor in fish before a `~`: such a word is not offered.
      const isWithin = (quote: string, name: string) =>
        !(shell === 'bash' && quote === '"' && name.includes('!')) && !(shell === 'fish' && name.startsWith('~'))
      const cases = ['', "'", '"'].flatMap((quote) =>
        HOSTILE.flatMap((name, at) => (isWithin(quote, name) ? [{quote, name, at}] : [])),
      )
      const typed = cases.map(({quote, at}) => `pmpc -C ${at} get vms --name ${quote}<TAB><ENTER>`)
      const {given, shown} = await type(typed, {cwd: folder})
      const names = given.map((words) => words.slice(5))
      expect(names, shown.slice(-2000)).to.deep.equal(cases.map(({name}) => [name]))
      expect(existsSync(path.join(folder, 'pwned'))).to.equal(false)
    })

    it('lists hostile names without running, expanding or colouring anything', async () => {
      const folder = path.join(box.folder, 'listed')
      workspace(folder, HOSTILE)
      const {lines, shown} = await type(
        ['pmpc get vms --name <LIST>', 'pmpc get vms <LIST>', 'pmpc get vms --name <ALL>', 'pmpc get vms <ALL>'],
        {cwd: folder},
      )
      expect(lines).to.have.length(4)
      expect(shown)
        .to.match(/%F\\?\{red\\?\}red%f/)
        .and.not.include('\u001b[31mred')
      expect(existsSync(path.join(folder, 'pwned'))).to.equal(false)
    })

    it('is there as a file that the shell loads by itself, and in whatever options', async () => {
      const options: Record<Shell, string> = {
        bash: 'set -u; shopt -s failglob nocasematch; IFS=x\n',
        zsh: `fpath=(${root}/functions $fpath)\nautoload -Uz compinit; compinit -D -u\nsetopt ksharrays nounset shwordsplit warncreateglobal nullglob noglob\n`,
        fish: '',
      }
      mkdirSync(path.join(root, 'functions'))
      writeFileSync(path.join(root, 'functions/_pmpc'), script)
      const loaded = shell === 'zsh' ? '# in fpath' : script
      const {lines, shown} = await typeInto(shell, loaded, {
        ...{box, cwd: root, settings: options[shell]},
        typed: ['pmpc get vms d<TAB>', 'pmpc describe db<TAB>'],
      })
      expect(lines, shown).to.deep.equal(['pmpc get vms db01 ', 'pmpc describe db01 '])
      expect(shown).not.to.match(/unbound|not found|created globally|parameter not set/)
    })

    it('takes a folder of any name for nothing but a folder', async () => {
      const name = `$(touch pwned) 'it' "is" \`touch pwned\` -n`
      const folder = path.join(box.folder, name)
      workspace(folder, ['web01'])
      const {lines} = await type(['pmpc get vms w<TAB>'], {cwd: folder})
      expect(lines).to.deep.equal(['pmpc get vms web01 '])
      // What is typed is evaluated by nobody before it is run.
      await type(['pmpc -C $(touch pwned) get vms w<TAB>', 'pmpc -C "`touch pwned`" get vms w<TAB>'], {cwd: folder})
      expect(existsSync(path.join(folder, 'pwned'))).to.equal(false)
    })
  })
}

describe('COMP_WORDBREAKS of bash', function () {
  this.timeout(60_000)
  let box: Sandbox
  before(function () {
    skipFor(this, noShell('bash'))
    box = sandbox()
    box.env.PMPC_CACHE_DIR = process.env.PMPC_CACHE_DIR!
    workspace(path.join(box.folder, 'ws'), ['web01'])
  })
  after(() => box?.remove())

  for (const [what, settings] of [
    ['as it is', ''],
    ['without a colon', 'COMP_WORDBREAKS=${COMP_WORDBREAKS//:}\n'],
    ['without any but blanks', "COMP_WORDBREAKS=$' \\t\\n'\n"],
  ] as const)
    it(`${what}: words with colons are completed, and it stays`, async () => {
      const check = 'COMP_WORDBREAKS_WAS=$COMP_WORDBREAKS\n'
      const {lines, shown} = await typeInto('bash', completionScript('bash', known), {
        ...{box, cwd: path.join(box.folder, 'ws'), settings: `${settings}${check}`},
        typed: [
          'pmpc accept vm/100:config.m<TAB>',
          'pmpc accept home/vm/100:config.t<TAB>',
          'pmpc get vms --cluster=h<TAB>',
          'pmpc accept vm/100:config.memory vm/100:config.t<TAB>',
          '[[ $COMP_WORDBREAKS == "$COMP_WORDBREAKS_WAS" ]] && echo "it is the sa""me"<ENTER>',
        ],
      })
      expect(lines).to.deep.equal([
        'pmpc accept vm/100:config.memory ',
        'pmpc accept home/vm/100:config.tags\\[web\\] ',
        'pmpc get vms --cluster=home ',
        'pmpc accept vm/100:config.memory vm/100:config.tags\\[web\\] ',
        '',
      ])
      expect(shown).to.include('it is the same')
    })
})
