import {expect} from 'chai'
import {chmodSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {parse} from 'yaml'
import {Lab, type Clone} from '../support/lab.js'
import {pack} from '../support/packages.js'
import {checkout, type RunResult} from '../support/pmpc.js'
import {tinyRegistry, type Registry} from '../support/registry.js'

/** What of a recipe's system is needed to run it here. */
interface Recipe {
  /** As the system checks the repository out. */
  clone(origin: string, folder: string): string[][]
  shell: string[]
  env: Record<string, string>
  /** The lines that are run, of the parsed recipe. */
  lines(recipe: never): string
}

const RECIPES: Record<string, Recipe> = {
  // GitLab's runner checks a commit out, not a branch, and joins the lines.
  '.gitlab-ci.yml': {
    clone: (origin, folder) => [
      ['git', 'clone', '-q', '--depth', '1', `file://${origin}`, folder],
      ['git', '-C', folder, 'checkout', '-q', '--detach'],
      ['git', '-C', folder, 'branch', '-q', '-D', 'main'],
    ],
    shell: ['bash', '-eo', 'pipefail', '-c'],
    env: {
      CI_COMMIT_BRANCH: 'main',
      CI_SERVER_HOST: 'git.example.org',
      CI_PROJECT_PATH: 'ops/infra',
      PUSH_TOKEN: 'glpat-x',
    },
    lines: ({record}: {record: {script: string[]}}) => record.script.join('\n'),
  },
  '.github/workflows/record.yml': {
    clone: (origin, folder) => [['git', 'clone', '-q', '--depth', '1', `file://${origin}`, folder]],
    shell: ['bash', '-e', '-c'],
    env: {},
    lines: ({jobs}: {jobs: {record: {steps: {run?: string}[]}}}) =>
      jobs.record.steps.flatMap(({run}) => run ?? []).join('\n'),
  },
}

/** The recipe of docs/pipelines.md that begins with a comment with this file's name. */
function recipeOf(file: string): never {
  const text = readFileSync(path.join(checkout, 'docs/pipelines.md'), 'utf8')
  const blocks = [...text.matchAll(/^```yaml\n# (\S+)\n([^]*?)^```/gm)]
  const [, , recipe] = blocks.find(([, name]) => name === file)!
  expect(
    blocks.map(([, name]) => name),
    'each recipe is tried',
  ).to.have.members(Object.keys(RECIPES))
  return parse(recipe!) as never
}

describe('recipes of docs/pipelines.md, as they are written', function () {
  this.timeout(120_000)
  let lab: Lab
  let registry: Registry
  before(async () => {
    lab = await Lab.start({seed: 'homelab'})
    registry = await tinyRegistry([await pack(lab.box, path.join(checkout, 'plugins/sync'), ['--ignore-scripts'])])
    // pmpc is in no registry yet; that `npm` is called right is all that is seen of it.
    const npm = path.join(lab.box.folder, 'bin/npm')
    writeFileSync(npm, '#!/bin/sh\n[ "$*" = "install --global pmpc" ]\n')
    chmodSync(npm, 0o755)
  })
  after(async () => {
    await registry?.stop()
    await lab.stop()
  })

  let runs = 0
  async function runOf(recipe: Recipe, file: string, ws: string, {identity = true} = {}): Promise<RunResult> {
    const {box, simulator} = lab
    const folder = path.join(box.folder, `run${++runs}`)
    const origin = path.join(box.folder, `${ws}.git`)
    for (const [command = '', ...args] of recipe.clone(origin, folder)) {
      const {code, stderr} = await box.exec(command, args)
      expect(code, stderr).to.equal(0)
    }
    const home = path.join(box.folder, `home${runs}`)
    mkdirSync(home)
    const {CI_SERVER_HOST: host, CI_PROJECT_PATH: project, PUSH_TOKEN: token} = recipe.env
    // No identity, as in a fresh container; the forge is the folder beside.
    const forge = `[url "file://${origin}"]\n\tinsteadOf = https://ci:${token}@${host}/${project}.git\n`
    writeFileSync(path.join(home, '.gitconfig'), `[user]\n\tuseConfigOnly = true\n${forge}`)
    const lines = recipe.lines(recipeOf(file))
    const text = identity ? lines : lines.replaceAll(/^git config .*$/gm, '')
    return box.exec(recipe.shell[0]!, [...recipe.shell.slice(1), text], {
      cwd: folder,
      env: {
        ...recipe.env,
        CI: 'true',
        HOME: home,
        GIT_CONFIG_GLOBAL: path.join(home, '.gitconfig'),
        PMPC_BARE: '1',
        PMPC_HOME: path.join(home, 'pmpc'),
        PMPC_DATA_DIR: path.join(home, 'data'),
        PMPC_NPM_REGISTRY: registry.url,
        PMPC_TOKEN_HOME: simulator.tokenSecret,
        PMPC_ENDPOINT_HOME: simulator.url,
      },
    })
  }

  for (const [file, recipe] of Object.entries(RECIPES))
    it(`${file} records, pushes, and raises the alarm`, async () => {
      const ws = `ws${runs}`
      const clone: Clone = await lab.agreed(ws)
      const quiet = await runOf(recipe, file, ws)
      expect(quiet.code, quiet.stderr).to.equal(0)
      await lab.set('/nodes/pve/qemu/100', {memory: 4000 + runs * 16})
      const alarm = await runOf(recipe, file, ws)
      expect(alarm.code, alarm.stderr).to.equal(2)
      await clone.git('pull', '-q')
      expect(await clone.git('log', '-1', '--format=%an %s%n%b')).to.match(
        /^pmpc sync\(home\): [^]*vm\/100 [^]*config\.memory/,
      )
      expect(await clone.open()).to.have.length(1)
      const anonymous = await runOf(recipe, file, ws, {identity: false})
      expect(anonymous.code, 'the lines about the identity are needed').not.to.be.oneOf([0, 2])
      await clone.sync('--accept')
    })
})
