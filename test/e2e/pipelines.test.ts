import {NoOperationTraceWriter, convertWorkflowTemplate, parseWorkflow} from '@actions/workflow-parser'
import {Ajv} from 'ajv'
import {expect} from 'chai'
import {chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import path from 'node:path'
import {runInNewContext} from 'node:vm'
import ts from 'typescript'
import {parse} from 'yaml'
import {ForgeStandIn} from '../support/forge.js'
import {Lab, type Clone} from '../support/lab.js'
import {bin, type RunResult} from '../support/pmpc.js'
import {assertSchema} from '../support/schemas.js'

const FORGE_TOKEN = 'forge-token-of-the-job'

interface Job {
  if?: string
  env?: Record<string, string>
  permissions?: Record<string, string>
  steps: {name: string; run?: string; uses?: string; env?: Record<string, string>}[]
}

interface Workflow {
  on: Record<string, unknown>
  permissions: Record<string, string>
  env?: Record<string, string>
  jobs: Record<string, Job>
}

interface GitlabJob {
  extends?: string
  rules?: {if: string}[]
  variables?: Record<string, string>
  before_script?: string[]
  script: string[]
}

const ofGithub = (folder: string) => [
  `${folder}/pmpc.mjs`,
  `${folder}/workflows/pmpc-drift.yaml`,
  `${folder}/workflows/pmpc-plan.yaml`,
]
const FILES = {
  github: ofGithub('.github'),
  forgejo: ofGithub('.forgejo'),
  gitlab: ['.gitlab-ci.yml', '.gitlab/pmpc.mjs', '.gitlab/pmpc.yml'],
} as const
type ForgeName = keyof typeof FILES

/** What a runner of these forges does, as far as the pipelines of pmpc ask for it; in a folder of its own, by the shell that the forge uses. */
class Runner {
  readonly folder: string
  private readonly temp: string
  private readonly tools: string

  constructor(
    private readonly lab: Lab,
    private readonly forge: ForgeStandIn,
    name: string,
  ) {
    this.folder = path.join(lab.box.folder, `runner-${name}`, 'work')
    this.temp = path.join(lab.box.folder, `runner-${name}`, 'temp')
    this.tools = path.join(lab.box.folder, `runner-${name}`, 'tools')
    for (const folder of [this.folder, this.temp, this.tools]) mkdirSync(folder, {recursive: true})
    // pmpc is on no registry yet: npm is told what to install, and the checkout's own is put there.
    this.tool(
      'npm',
      `echo "npm $*" >> "${this.temp}/installed"
while [ $# -gt 0 ]; do if [ "$1" = --prefix ]; then to="$2/bin"; fi; shift; done
mkdir -p "\${to:-${this.tools}}" && cp "${this.tools}/real-pmpc" "\${to:-${this.tools}}/pmpc"`,
    )
    this.tool(
      'real-pmpc',
      `if [ "$1" = plugins ]; then echo "pmpc $*" >> "${this.temp}/installed"; exit 0; fi
exec "${process.execPath}" "${bin}" "$@"`,
    )
  }

  private tool(name: string, text: string): void {
    const file = path.join(this.tools, name)
    writeFileSync(file, `#!/bin/sh\n${text}\n`)
    chmodSync(file, 0o755)
  }

  get installs(): string[] {
    return readFileSync(path.join(this.temp, 'installed'), 'utf8').trim().split('\n')
  }

  private async shell(script: string, env: Record<string, string>): Promise<RunResult> {
    const {PATH = ''} = this.lab.box.env
    // What the sandbox has at home is no runner's.
    const home = path.join(this.temp, 'home')
    mkdirSync(home, {recursive: true})
    const without = {PMPC_HOME: undefined, XDG_CONFIG_HOME: undefined}
    return this.lab.box.exec('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
      cwd: this.folder,
      env: {...without, HOME: home, CI: 'true', ...env, PATH: [env.PATH, this.tools, PATH].filter(Boolean).join(':')},
    })
  }

  /** A job of GitHub's or Forgejo's, step by step. @param commit that is checked out; @returns what its last step said */
  async workflow(text: string, job: string, commit: string, secrets: Record<string, string>): Promise<RunResult> {
    const {jobs, env: ofAll} = parse(text) as Workflow
    const event = path.join(this.temp, 'event.json')
    writeFileSync(event, JSON.stringify({pull_request: {number: 7}}))
    const paths = path.join(this.temp, 'paths')
    writeFileSync(paths, '')
    const usual = {
      ...{GITHUB_ACTIONS: 'true', GITHUB_SERVER_URL: `file://${this.lab.box.folder}`, GITHUB_REPOSITORY: 'team/infra'},
      ...{GITHUB_SHA: commit, GITHUB_API_URL: this.forge.url, GITHUB_EVENT_PATH: event, GITHUB_RUN_ID: '1'},
      ...{RUNNER_TEMP: this.temp, GITHUB_PATH: paths},
    }
    const value = (expression: string): string => {
      const inner = /^\$\{\{ (.+) \}\}$/.exec(expression)?.[1]
      if (inner === undefined) return expression
      if (inner === 'github.token') return FORGE_TOKEN
      const name = /^(?:secrets|vars)\.(\w+)$/.exec(inner)?.[1]
      if (name === undefined) throw new Error(`what is ${expression}?`)
      return secrets[name] ?? ''
    }
    let last: RunResult | undefined
    for (const {run, env, name} of jobs[job]!.steps) {
      const own = Object.fromEntries(Object.entries({...ofAll, ...env}).map(([key, one]) => [key, value(one)]))
      last = await this.shell(run!, {...usual, ...own, PATH: readFileSync(paths, 'utf8').trim()})
      if (last.code !== 0) return {...last, stderr: `${name}: ${last.stderr}`}
    }
    return last!
  }

  /** A job of GitLab's, whose runner has checked out before. */
  async gitlab(text: string, job: string, commit: string, variables: Record<string, string>): Promise<RunResult> {
    const jobs = parse(text) as Record<string, GitlabJob>
    rmSync(this.folder, {recursive: true, force: true})
    const clone = ['clone', '-q', path.join(this.lab.box.folder, 'team/infra'), this.folder]
    await this.lab.box.exec('git', clone, {cwd: this.lab.box.folder})
    await this.lab.box.exec('git', ['checkout', '-q', '--detach', commit], {cwd: this.folder})
    const own = jobs[job]!
    const {before_script: before = [], variables: ofAll} = jobs[own.extends!]!
    return this.shell([...before, ...own.script].join('\n'), {
      ...{GITLAB_CI: 'true', CI_API_V4_URL: this.forge.url, CI_PROJECT_ID: '42', CI_MERGE_REQUEST_IID: '7'},
      CI_JOB_URL: 'https://gitlab.example.com/job/1',
      ...ofAll,
      ...variables,
      PMPC_FORGE_TOKEN: FORGE_TOKEN,
    })
  }
}

/** GitLab's own schema of its files, which stands as an object in the program that carries it. */
function gitlabSchema(): object {
  const file = createRequire(import.meta.url).resolve('gitlab-ci-local')
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ESNext)
  let found: ts.Node | undefined
  const look = (node: ts.Node): void => {
    if (found) return
    const isId = (one: ts.ObjectLiteralElementLike) => one.getText(source) === '$id:"https://gitlab.com/.gitlab-ci.yml"'
    if (ts.isObjectLiteralExpression(node) && node.properties.some(isId)) found = node
    else ts.forEachChild(node, look)
  }
  look(source)
  return JSON.parse(JSON.stringify(runInNewContext(`(${found!.getText(source)})`))) as object
}

describe('pmpc ci init', function () {
  this.timeout(180_000)
  let lab: Lab
  let forge: ForgeStandIn
  /** A cluster and a forge for each group. */
  const begin = async (): Promise<void> => {
    lab = await Lab.start({seed: 'cluster'})
    forge = await ForgeStandIn.start(FORGE_TOKEN)
  }
  const end = async (): Promise<void> => {
    await forge.stop()
    await lab.stop()
  }

  /** A workspace with pipelines, pushed to where the forge has it. */
  const prepared = async (name: ForgeName): Promise<Clone> => {
    const clone = await lab.workspace(`ws-${name}`)
    await clone.must('sync', '--accept')
    const result = await clone.must('ci', 'init', name, '--json')
    const json = result.json<{forge: string; files: string[]; commit: string}>()
    assertSchema('ci-init', json)
    expect(json).to.deep.equal({forge: name, files: FILES[name], commit: await clone.head()})
    await push(clone)
    return clone
  }
  const push = async (clone: Clone): Promise<void> => {
    const origin = path.join(lab.box.folder, 'team/infra')
    rmSync(origin, {recursive: true, force: true})
    await lab.box.exec('git', ['clone', '-q', '--bare', clone.root, origin])
  }

  describe('what it writes', () => {
    let clone: Clone
    let start: string
    after(end)
    before(async () => {
      await begin()
      clone = await lab.workspace('ws')
      await clone.must('sync', '--accept')
      start = await clone.head()
    })
    afterEach(async () => {
      await clone.git('reset', '-q', '--hard', start)
      await clone.git('clean', '-qfd')
    })

    it('is one commit of these files alone, in which everything else stays as it is', async () => {
      clone.append('README.md', 'mine\n')
      const before = await clone.head()
      const {stdout} = await clone.must('ci', 'init', 'github')
      expect(stdout.trim().split('\n')).to.deep.equal(FILES.github)
      expect(await clone.git('rev-list', '--count', `${before}..HEAD`)).to.equal('1')
      expect((await clone.git('show', '--name-only', '--format=', 'HEAD')).split('\n')).to.deep.equal(FILES.github)
      expect(await clone.git('log', '-1', '--format=%(trailers:key=Pmpc-Command)')).to.contain('ci init')
      expect(await clone.git('status', '--porcelain')).to.equal('?? README.md')
    })

    it('is nothing the second time', async () => {
      await clone.must('ci', 'init', 'github')
      const before = await clone.picture()
      const json = (await clone.must('ci', 'init', 'github', '--json')).json<object>()
      expect(json).to.deep.equal({forge: 'github', files: FILES.github, commit: null})
      expect(await clone.picture()).to.deep.equal(before)
    })

    it('goes over no text of yours, unless told to', async () => {
      await clone.must('ci', 'init', 'github')
      clone.append('.github/pmpc.mjs', '// of my own\n')
      const before = await clone.picture()
      const error = await clone.fails(['ci', 'init', 'github'])
      expect(error).to.include({code: 'PMPC_FILE_DIFFERS', exitCode: 64})
      expect(error.message).to.contain('.github/pmpc.mjs')
      expect(error.suggestions.join('\n')).to.contain('pmpc ci init github --force')
      expect(await clone.picture()).to.deep.equal(before)
      await clone.must('ci', 'init', 'github', '--force')
      expect(clone.read('.github/pmpc.mjs')).not.to.contain('of my own')
      expect(await clone.git('status', '--porcelain')).to.equal('')
    })

    it('leaves a .gitlab-ci.yml as it is', async () => {
      clone.write('.gitlab-ci.yml', 'mine: {script: [make]}\n')
      const {files} = (await clone.must('ci', 'init', 'gitlab', '--json')).json<{files: string[]}>()
      expect(files).to.deep.equal(FILES.gitlab.slice(1))
      expect(clone.read('.gitlab-ci.yml')).to.equal('mine: {script: [make]}\n')
    })

    it('stands at the top of the repository, for a workspace in one of its folders', async () => {
      const top = path.join(lab.box.folder, 'mono')
      mkdirSync(top)
      cpSync(clone.root, path.join(top, 'clusters/a b'), {
        recursive: true,
        filter: (from) => !/\/(\.git|\.github|\.gitlab)(\/|$)/.test(from),
      })
      const mono = lab.at('mono')
      await mono.git('init', '-q')
      await mono.git('add', '.')
      await mono.git('commit', '-q', '-m', 'begin')
      const {stdout} = await mono.pmpc(['ci', 'init', 'github', '-C', 'clusters/a b'])
      expect(stdout.trim().split('\n')).to.deep.equal(FILES.github)
      const {env} = parse(mono.read('.github/workflows/pmpc-plan.yaml')) as Workflow
      expect(env).to.deep.equal({PMPC_WORKSPACE: 'clusters/a b'})
    })
  })

  for (const name of ['github', 'forgejo'] as const)
    describe(`for ${name}`, () => {
      let clone: Clone
      let runner: Runner
      const secrets = (): Record<string, string> => ({
        PMPC_TOKEN_HOME: lab.simulator.tokens[lab.simulator.tokenId]!,
        PMPC_ENDPOINT_HOME: lab.simulator.url,
      })
      const textOf = (file: string): string => clone.read(`.${name}/workflows/${file}`)
      after(end)
      before(async () => {
        await begin()
        clone = await prepared(name)
        runner = new Runner(lab, forge, name)
      })

      it('is what its own parser takes', async () => {
        for (const file of ['pmpc-plan.yaml', 'pmpc-drift.yaml']) {
          const {context, value} = parseWorkflow({name: file, content: textOf(file)}, new NoOperationTraceWriter())
          expect(context.errors.getErrors().map(({message}) => message)).to.deep.equal([])
          const {jobs, errors} = await convertWorkflowTemplate(context, value!)
          expect(errors ?? []).to.deep.equal([])
          expect(jobs.length).to.be.greaterThan(0)
        }
        const {context} = parseWorkflow(
          {name: 'x', content: textOf('pmpc-plan.yaml').replace('runs-on:', 'runs-no:')},
          new NoOperationTraceWriter(),
        )
        expect(context.errors.count).to.be.greaterThan(0)
      })

      it('gives forks no secret, writes nothing into the repository, and runs nobody else’s action', () => {
        const plan = parse(textOf('pmpc-plan.yaml')) as Workflow
        const drift = parse(textOf('pmpc-drift.yaml')) as Workflow
        expect(Object.keys(plan.on)).to.deep.equal(['pull_request'])
        expect(Object.keys(drift.on)).to.deep.equal(['schedule', 'workflow_dispatch'])
        expect(JSON.stringify(plan.jobs.validate)).not.to.contain('secrets.')
        expect(plan.jobs.plan!.if).to.equal('github.event.pull_request.head.repo.full_name == github.repository')
        for (const {permissions, jobs} of [plan, drift]) {
          expect(permissions.contents).to.equal('read')
          for (const job of Object.values(jobs)) {
            expect(job.permissions?.contents ?? 'read').to.equal('read')
            for (const {uses, run} of job.steps) {
              if (uses !== undefined) expect(uses).to.match(/@[0-9a-f]{40}$/)
              // What a pull request brings is no text of a script.
              expect(run ?? '').not.to.contain('${{')
            }
          }
        }
        expect(textOf('pmpc-plan.yaml')).to.match(/never by squashing/)
      })

      it('validates, with marks beside the lines', async () => {
        clone.edit('infra/home/vm/100.yaml', 'cores: 4', 'cores: 0')
        await clone.git('commit', '-qam', 'no cores')
        await push(clone)
        const done = await runner.workflow(textOf('pmpc-plan.yaml'), 'validate', await clone.head(), {})
        expect(done.code, done.stderr).to.equal(1)
        expect(done.stdout).to.match(
          /^::error file=infra\/home\/vm\/100\.yaml,line=\d+,col=10,title=pmpc%3A bad-value::cores: /,
        )
        expect(runner.installs.slice(-3)).to.deep.equal([
          `npm install --global --ignore-scripts --prefix ${lab.box.folder}/runner-${name}/temp/pmpc pmpc@0.1.0`,
          'pmpc plugins install apply@0.1.0',
          'pmpc plugins install sync@0.1.0',
        ])
        await clone.git('reset', '-q', '--hard', 'HEAD~')
      })

      it('plans on a pull request, in one comment that is kept up to date', async () => {
        forge.add('comments', {body: 'first'})
        forge.add('comments', {body: '<!-- pmpc plan -->\nnot ours', foreign: true})
        forge.add('comments', {body: 'see <!-- pmpc plan --> above'})
        clone.edit('infra/home/vm/100.yaml', 'memory: 8192', 'memory: 9216')
        await clone.git('commit', '-qam', 'more memory')
        await push(clone)
        const first = await runner.workflow(textOf('pmpc-plan.yaml'), 'plan', await clone.head(), secrets())
        expect(first.code, first.stderr).to.equal(0)
        const ours = () => forge.comments.filter(({body, foreign}) => body.startsWith('<!-- pmpc plan -->') && !foreign)
        expect(ours().map(({body}) => /web01[^]*config\.memory {2}8192 → 9216/.test(body))).to.deep.equal([true])
        clone.edit('infra/home/vm/100.yaml', 'memory: 9216', 'memory: 10240')
        await clone.git('commit', '-qam', 'still more')
        await push(clone)
        const second = await runner.workflow(textOf('pmpc-plan.yaml'), 'plan', await clone.head(), secrets())
        expect(second.code, second.stderr).to.equal(0)
        expect(ours().map(({body}) => /10240/.test(body))).to.deep.equal([true])
        expect(forge.comments.length).to.equal(4)
        await clone.git('reset', '-q', '--hard', 'HEAD~2')
        await push(clone)
      })

      // What follows is the same, word for word.
      if (name === 'forgejo') return

      it('opens an issue where the cluster drifts, keeps it up to date, and closes it', async () => {
        const run = async () => runner.workflow(textOf('pmpc-drift.yaml'), 'drift', await clone.head(), secrets())
        forge.add('issues', {body: 'other'})
        forge.add('issues', {body: 'another'})
        expect((await run()).code).to.equal(0)
        expect(forge.issues.length).to.equal(2)
        await lab.set('/nodes/pve1/qemu/100', {description: 'odd ``` @team\n/close'})
        const first = await run()
        expect(first.code, first.stderr).to.equal(0)
        const [issue] = forge.issues.slice(2)
        expect(issue).to.include({state: 'open', title: 'The cluster differs from what was agreed on'})
        expect(issue!.body).to.match(/^<!-- pmpc drift -->\n/)
        expect(issue!.body).to.contain('````text\n').and.to.contain('vm/100 config.description:')
        const changes = forge.changes.length
        expect((await run()).stdout + first.stdout).to.be.a('string')
        expect(forge.changes.length).to.equal(changes)
        await lab.set('/nodes/pve1/qemu/100', {cores: 3})
        expect((await run()).code).to.equal(0)
        expect(forge.issues.length).to.equal(3)
        expect(issue!.body).to.contain('vm/100 config.cores: 4 → 3')
        await clone.must('sync', '--accept')
        await push(clone)
        expect((await run()).code).to.equal(0)
        expect(issue!.state).to.equal('closed')
      })

      it('fails, and leaves the issue, where the clusters could not be read', async () => {
        const changes = forge.changes.length
        const wrong = {...secrets(), PMPC_TOKEN_HOME: '00000000-0000-4000-8000-000000000000'}
        const done = await runner.workflow(textOf('pmpc-drift.yaml'), 'drift', await clone.head(), wrong)
        expect(done.code).to.equal(77)
        expect(forge.changes.length).to.equal(changes)
        expect(done.stdout + done.stderr).not.to.contain(wrong.PMPC_TOKEN_HOME)
      })

      it('sends no token to an endpoint that a pull request brings', async () => {
        clone.edit('pmpc.yaml', lab.simulator.url, 'https://192.0.2.99:8006')
        await clone.git('commit', '-qam', 'elsewhere')
        await push(clone)
        const done = await runner.workflow(textOf('pmpc-drift.yaml'), 'drift', await clone.head(), secrets())
        expect(done.code, done.stdout + done.stderr).to.equal(77)
        await clone.git('reset', '-q', '--hard', 'HEAD~')
        await push(clone)
      })
    })

  describe('for gitlab', () => {
    let clone: Clone
    let runner: Runner
    const variables = (): Record<string, string> => ({
      PMPC_TOKEN_HOME: lab.simulator.tokens[lab.simulator.tokenId]!,
      PMPC_ENDPOINT_HOME: lab.simulator.url,
    })
    const run = async (job: string) =>
      runner.gitlab(clone.read('.gitlab/pmpc.yml'), job, await clone.head(), variables())
    after(end)
    before(async () => {
      await begin()
      clone = await prepared('gitlab')
      runner = new Runner(lab, forge, 'gitlab')
    })

    it('is as its own schema says', () => {
      const ajv = new Ajv({strict: false, validateFormats: false})
      const isValid = ajv.compile(gitlabSchema())
      for (const file of ['.gitlab-ci.yml', '.gitlab/pmpc.yml']) {
        expect(isValid(parse(clone.read(file))), ajv.errorsText(isValid.errors)).to.equal(true)
      }
      expect(isValid(parse(clone.read('.gitlab/pmpc.yml').replace('- if:', '- fi:')))).to.equal(false)
    })

    it('gives forks no secret', () => {
      const jobs = parse(clone.read('.gitlab/pmpc.yml')) as Record<string, GitlabJob>
      expect(jobs['pmpc-plan']!.rules).to.deep.equal([
        {if: '$CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID'},
      ])
      expect(jobs['pmpc-drift']!.rules).to.deep.equal([{if: '$CI_PIPELINE_SOURCE == "schedule"'}])
    })

    it('validates, with a report of code quality', async () => {
      clone.edit('infra/home/vm/100.yaml', 'cores: 4', 'cores: 0')
      await clone.git('commit', '-qam', 'no cores')
      await push(clone)
      expect((await run('pmpc-validate')).code).to.equal(1)
      const report = JSON.parse(
        readFileSync(path.join(runner.folder, 'gl-code-quality-report.json'), 'utf8'),
      ) as object[]
      expect(report.length).to.equal(1)
      await clone.git('reset', '-q', '--hard', 'HEAD~')
    })

    it('plans on a merge request, in one comment that is kept up to date', async () => {
      for (const memory of ['9216', '10240']) {
        clone.edit('infra/home/vm/100.yaml', /memory: \d+/, `memory: ${memory}`)
        await clone.git('commit', '-qam', memory)
        await push(clone)
        const done = await run('pmpc-plan')
        expect(done.code, done.stderr).to.equal(0)
        expect(forge.comments.map(({body}) => body.includes(memory))).to.deep.equal([true])
      }
      await clone.git('reset', '-q', '--hard', 'HEAD~2')
      await push(clone)
    })

    it('opens an issue where the cluster drifts, keeps it up to date, and closes it', async () => {
      await lab.set('/nodes/pve1/qemu/100', {cores: 2})
      expect((await run('pmpc-drift')).code).to.equal(0)
      expect(forge.issues.map(({description}) => /config\.cores: \d → 2/.test(description))).to.deep.equal([true])
      await lab.set('/nodes/pve1/qemu/100', {cores: 1})
      expect((await run('pmpc-drift')).code).to.equal(0)
      expect(forge.issues.map(({description}) => /config\.cores: \d → 1/.test(description))).to.deep.equal([true])
      await clone.must('sync', '--accept')
      await push(clone)
      expect((await run('pmpc-drift')).code).to.equal(0)
      expect(forge.issues.map(({state}) => state)).to.deep.equal(['closed'])
    })
  })
})
