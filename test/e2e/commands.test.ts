import {Ajv2020} from 'ajv/dist/2020.js'
import {expect} from 'chai'
import {subscribe, unsubscribe} from 'node:diagnostics_channel'
import {existsSync, readFileSync, readdirSync} from 'node:fs'
import path from 'node:path'
import type {Exchange} from '../../plugins/simulator/src/http/server.js'
import {effects, type Effect} from '../../src/kit/cli/effects.js'
import {planText} from '../../src/kit/plan/index.js'
import {Lab, type Clone} from '../support/lab.js'
import {plan} from '../support/plans.js'
import {checkout, sandbox, type RunOptions} from '../support/pmpc.js'
import {noCheckout, skipFor} from '../support/skip.js'

interface CommandEntry {
  id: string
  plugin: string
  effect: Effect
  hidden?: boolean
  flags: Record<string, {type: string}>
  result?: {$ref: string}
}

const docs = path.join(checkout, 'docs')
const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T
const {commands} = readJson<{commands: CommandEntry[]}>(path.join(docs, 'commands.json'))
const idsOf = (effect: Effect): string[] => commands.filter((one) => one.effect === effect).map(({id}) => id)

/** Of each command, what it does to the world. A new one is added here by whoever has thought of its flags, too. */
const STATED: Record<Effect, string[]> = {
  reads: [
    ...[
      'anonymize:verify',
      'auth:test',
      'completion',
      'console',
      'describe',
      'diff',
      'events',
      'explain',
      'get',
      'health',
      'help',
      'iac:validate',
      'log',
      'logs',
    ],
    ...['plan:show', 'plugins', 'plugins:inspect', 'plugins:try', 'privacy:rules', 'privacy:show', 'privacy:test'],
    ...['simulator:coverage', 'snapshot:diff'],
    ...[
      'state:show',
      'state:verify',
      'stats',
      'status',
      'task:list',
      'task:log',
      'task:show',
      'task:wait',
      'test',
      'validate',
    ],
  ],
  records: [
    ...['anonymize', 'anonymize:map:export', 'anonymize:map:import', 'anonymize:restore'],
    ...[
      'auth:login',
      'auth:logout',
      'ci:init',
      'debug',
      'doctor',
      'iac:export',
      'iac:generate',
      'iac:prove',
      'init',
      'plan',
    ],
    ...['plugins:install', 'plugins:link', 'plugins:reset', 'plugins:uninstall', 'plugins:update', 'privacy:set'],
    ...['report-issue', 'simulator:start', 'snapshot:take', 'state:merge', 'state:migrate', 'trace'],
  ],
  declares: ['accept', 'park', 'reject', 'sync', 'unpark'],
  'changes the cluster': [
    ...['backup', 'clone', 'migrate', 'move-disk', 'reboot', 'resize', 'resume', 'shutdown', 'snapshot'],
    ...['start', 'stop', 'suspend', 'task:cancel', 'template'],
  ],
  destroys: ['apply', 'create', 'delsnapshot', 'destroy', 'edit', 'restore', 'rollback', 'set', 'undo'],
}

describe('docs/commands.json', () => {
  it('is committed as the build makes it', async function () {
    skipFor(this, noCheckout())
    const box = sandbox()
    const args = ['-c', `safe.directory=${checkout}`, 'status', '--porcelain', '--', 'docs/commands.json']
    const {code, stdout} = await box.exec('git', args, {cwd: checkout})
    box.remove()
    expect(code).to.equal(0)
    // The first letter is the index, the second the working tree: what is staged is about to be committed.
    expect(stdout, 'commands have changed: git add docs/commands.json').to.match(/^([MA] .*\n)?$/)
  })

  it('says of every command what it does to the world', () => {
    for (const effect of Object.keys(effects) as Effect[]) expect(idsOf(effect), effect).to.deep.equal(STATED[effect])
  })

  it('says the same as the manifests, of which it holds every command', () => {
    const packages = [
      checkout,
      ...readdirSync(path.join(checkout, 'plugins')).map((name) => `${checkout}/plugins/${name}`),
    ]
    const manifests = packages
      .map((folder) => path.join(folder, 'oclif.manifest.json'))
      .filter((file) => existsSync(file))
      .flatMap((file) => Object.values(readJson<{commands: Record<string, CommandEntry>}>(file).commands))
    expect(manifests.length).to.be.greaterThan(commands.length)
    for (const {id, effect, hidden, flags} of manifests) {
      const entry = commands.find((one) => one.id === id)!
      expect({effect, hidden: hidden ?? false}, id).to.deep.equal({effect: entry.effect, hidden: entry.hidden ?? false})
      expect(Object.keys(flags), id).to.have.members(Object.keys(entry.flags))
    }
  })

  it('names the schema of every result that a visible command prints', () => {
    const printing = commands.filter(({hidden, flags}) => !hidden && 'json' in flags)
    expect(printing.length).to.be.greaterThan(10)
    expect(printing.filter(({result}) => result === undefined).map(({id}) => id)).to.deep.equal([])
    const schemas = commands.flatMap(({result}) => result?.$ref ?? [])
    expect([...new Set(schemas)].sort()).to.deep.equal(
      readdirSync(path.join(docs, 'schema'))
        .map((name) => `schema/${name}`)
        .sort(),
    )
    const told = readFileSync(path.join(docs, 'json.md'), 'utf8')
    const ajv = new Ajv2020({allowUnionTypes: true})
    for (const file of schemas) {
      expect(ajv.validateSchema(readJson<object>(path.join(docs, file))), file).to.equal(true)
      expect(told).to.include(`(${file})`)
    }
  })
})

describe('the effect of a command', () => {
  let lab: Lab
  let clone: Clone

  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    clone = await lab.workspace()
    await clone.must('sync')
    await clone.must('iac', 'generate')
    // A task to look at.
    await lab.api('POST', '/nodes/pve1/qemu/100/snapshot', {snapname: 'before'})
    clone.write('mine.txt', 'not committed\n')
    await clone.must('snapshot', 'take', '-o', 'snapshot.json.gz')
    clone.write('plan.json', planText(await plan([])))
  })
  after(async () => lab.stop())

  /** The working tree, the refs, and the user's own folder but for caches. */
  const world = async (): Promise<Record<string, string>> => {
    const {box} = lab
    const git = async (...args: string[]): Promise<string> => {
      const env = {GIT_INDEX_FILE: path.join(box.folder, 'index')}
      return (await box.exec('git', args, {cwd: clone.root, env})).stdout
    }
    await git('add', '--all')
    const home = readdirSync(box.env.HOME!, {recursive: true, withFileTypes: true}).filter(
      (entry) => entry.isFile() && !entry.parentPath.startsWith(box.env.PMPC_CACHE_DIR!),
    )
    expect(home.map(({name}) => name)).to.include('credentials.json')
    return {
      tree: await git('write-tree'),
      refs: await git('for-each-ref'),
      ...Object.fromEntries(
        home.map(({parentPath, name}) => [name, readFileSync(path.join(parentPath, name), 'base64')]),
      ),
    }
  }

  /** What is typed to try each command that says that it reads. */
  const READING: Record<string, string[]> = {
    'anonymize:verify': ['anonymize', 'verify', 'mine.txt'],
    'auth:test': ['auth', 'test'],
    completion: ['completion', 'zsh'],
    console: ['console', 'vm/100'],
    describe: ['describe', 'vm', '100'],
    diff: ['diff', '--json'],
    events: ['events', '--since', '7d'],
    explain: ['explain', 'PVE-LOCK-001'],
    get: ['get', 'guests'],
    health: ['health', '--only', 'cluster.*'],
    help: ['help', 'sync'],
    'iac:validate': ['iac', 'validate'],
    log: ['log'],
    logs: ['logs', '--level', 'debug'],
    'plan:show': ['plan', 'show', 'plan.json'],
    plugins: ['plugins'],
    'plugins:inspect': ['plugins', 'inspect', 'sync'],
    'plugins:try': ['plugins', 'try', path.join(checkout, 'plugins/sync')],
    'privacy:rules': ['privacy', 'rules'],
    'privacy:show': ['privacy', 'show'],
    'privacy:test': ['privacy', 'test', 'mine.txt'],
    'simulator:coverage': ['simulator', 'coverage', '--pve', '9.2'],
    'snapshot:diff': ['snapshot', 'diff', 'snapshot.json.gz'],
    'state:show': ['state', 'show'],
    'state:verify': ['state', 'verify'],
    stats: ['stats'],
    status: ['status'],
    'task:list': ['task', 'list'],
    'task:log': ['task', 'log', 'vm/100'],
    'task:show': ['task', 'show', 'vm/100'],
    'task:wait': ['task', 'wait', 'vm/100'],
    test: ['test', '--api'],
    validate: ['validate'],
  }

  /** Ctrl-C as soon as something is told. */
  const untilTold: RunOptions = {started: (child) => child.stdout!.once('data', () => child.kill('SIGINT'))}

  /** Those that ask the cluster: all others go by what was recorded. */
  const asksCluster = (id: string): boolean =>
    ['auth:test', 'events', 'health', 'snapshot:diff', 'test'].includes(id) || id.startsWith('task:')

  it('is tried of every command that says that it reads', () => {
    expect(Object.keys(READING)).to.deep.equal(idsOf('reads'))
  })

  for (const [id, args] of Object.entries(READING))
    it(`${id} changes nothing`, async () => {
      const before = await world()
      expect(Object.keys(before)).to.include('tree').and.to.include('refs')
      const sent: string[] = []
      const listen = (message: unknown): void => void sent.push((message as Exchange).verb)
      subscribe('pmpc:simulator', listen)
      const {code, stdout, stderr} = await clone.pmpc(args, id === 'events' ? untilTold : {})
      unsubscribe('pmpc:simulator', listen)
      expect(code, stderr).to.equal(0)
      expect(stdout).not.to.equal('')
      expect(await world()).to.deep.equal(before)
      expect([...new Set(sent)], 'sent to the cluster').to.deep.equal(asksCluster(id) ? ['GET'] : [])
    })

  it('is seen where a command does more than read', async () => {
    const before = await world()
    expect((await clone.pmpc(['reject'])).code).to.equal(0)
    expect(await world()).not.to.deep.equal(before)
  })

  it('is told in its help', async () => {
    const {stdout} = await clone.pmpc(['sync', '--help'])
    expect(stdout).to.match(/^EFFECT\n {2}declares: /m)
    expect((await clone.pmpc(['help', 'state', 'show'])).stdout).to.match(/^EFFECT\n {2}reads: changes nothing$/m)
  })
})
