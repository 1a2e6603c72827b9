import {expect} from 'chai'
import {spawnSync} from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import https from 'node:https'
import type {AddressInfo} from 'node:net'
import path from 'node:path'
import {clockOf} from '../../plugins/diagnostics/src/doctor/visits.js'
import type {DoctorResult} from '../../plugins/diagnostics/src/doctor/doctor.js'
import type {Finding, Result} from '../../plugins/diagnostics/src/doctor/model.js'
import {expirySeen} from '../../plugins/diagnostics/src/doctor/rows/clusters.js'
import {spaceSeen} from '../../plugins/diagnostics/src/doctor/rows/installation.js'
import {Surroundings, type Asked} from '../../plugins/diagnostics/src/doctor/surroundings.js'
import {rows} from '../../plugins/diagnostics/src/doctor/table.js'
import {VALUES} from '../../src/kit/completion/values.js'
import {startRun} from '../../src/kit/runs/index.js'
import {createAuthority} from '../../src/kit/tls/index.js'
import {Lab, type Clone} from '../support/lab.js'
import {bin, checkout, sandbox, type RunResult} from '../support/pmpc.js'
import {inPty, noPty} from '../support/pty.js'
import {assertSchema} from '../support/schemas.js'
import {asRoot, skipFor} from '../support/skip.js'

type Env = Record<string, string | undefined>

/** Where a case breaks something: a copy of a workspace, and the home around it. */
interface Place {
  clone: Clone
  lab: Lab
  home: string
}

interface Case {
  id: string
  what: string
  /** Breaks it; what it returns is set in the environment. */
  spoil(place: Place): Promise<Env | void> | Env | void
  /** Puts back what is not in the copy. */
  restore?(place: Place): void
  result: Result
  says: RegExp
  fix?: RegExp
  skip?: () => string | undefined
}

/** A server in the place of a cluster: `days` of its certificate, `ahead` its clock in milliseconds, and its version. */
interface StandIn {
  days?: number
  ahead?: number
  version?: string
  permissions?: Record<string, Record<string, number>>
}

const servers: https.Server[] = []

/** Starts it, and has the workspace name it in the place of its cluster. */
async function standIn({clone}: Place, {days = 800, ahead = 0, version = '9.2.3', permissions}: StandIn): Promise<Env> {
  const authority = createAuthority()
  const {leaf, key} = authority.issue('pve1', ['127.0.0.1'], days)
  const server = https.createServer({cert: leaf, key}, (request, response) => {
    const data =
      request.url === '/api2/json/version' ? {version, release: version.slice(0, 3)} : (permissions ?? {'/': {}})
    response.sendDate = false
    response.setHeader('Date', new Date(Date.now() + ahead).toUTCString())
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify({data}))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo
  const ca = authority.ca
    .trim()
    .split('\n')
    .map((line) => `        ${line}`)
    .join('\n')
  clone.write(
    'pmpc.yaml',
    `version: 1\nclusters:\n  home:\n    endpoints: [https://127.0.0.1:${port}]\n    token: root@pam!sim\n    trust:\n      ca: |\n${ca}\n`,
  )
  return {PMPC_TOKEN_HOME: '00000000-0000-4000-8000-000000000001'}
}

/** A program that prints a text, first on PATH. */
function program({clone, lab}: Place, name: string, text: string): Env {
  const folder = path.join(clone.root, '..', `bin-${path.basename(clone.root)}`)
  mkdirSync(folder, {recursive: true})
  writeFileSync(path.join(folder, name), `#!/bin/sh\necho '${text}'\n`)
  chmodSync(path.join(folder, name), 0o755)
  return {PATH: `${folder}:${lab.box.env.PATH}`}
}

/** A PATH on which nothing is but these programs. */
function onlyPath({clone}: Place, ...names: string[]): Env {
  const folder = path.join(clone.root, '..', `only-${path.basename(clone.root)}`)
  mkdirSync(folder, {recursive: true})
  for (const name of names) {
    const found = spawnSync('sh', ['-c', `command -v ${name}`], {encoding: 'utf8'}).stdout.trim()
    writeFileSync(path.join(folder, name), `#!/bin/sh\nexec ${found} "$@"\n`)
    chmodSync(path.join(folder, name), 0o755)
  }
  return {PATH: folder}
}

const credentials = ({lab}: Place): string => path.join(lab.box.env.PMPC_HOME!, 'credentials.json')
const gitDir = ({clone}: Place): string => path.join(clone.root, '.git')
/** A process that has run: its number is free, or another's that began at another time. */
const deadProcess = {pid: 4_194_300, started: '1', boot: null, namespace: namespaceOf()}

function namespaceOf(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return null
  }
}

const cases: Case[] = [
  {
    id: 'pmpc.path',
    what: 'no pmpc on PATH',
    spoil: (place) => onlyPath(place, 'git'),
    result: 'warning',
    says: /No pmpc is on PATH/,
    fix: /^ln -s /,
  },
  {
    id: 'pmpc.path',
    what: 'another pmpc on PATH',
    spoil: (place) => program(place, 'pmpc', 'another'),
    result: 'warning',
    says: /starts .*pmpc, and this is/,
    fix: /--version/,
  },
  {
    id: 'plugins.loaded',
    what: 'a plugin that is listed and gone',
    spoil({lab}) {
      const folder = lab.box.env.PMPC_DATA_DIR!
      mkdirSync(folder, {recursive: true})
      const plugins = [{name: '@pmpc/plugin-lost', type: 'user', root: path.join(folder, 'nowhere')}]
      writeFileSync(path.join(folder, 'package.json'), JSON.stringify({oclif: {plugins}}))
    },
    restore: ({lab}) => rmSync(path.join(lab.box.env.PMPC_DATA_DIR!, 'package.json')),
    result: 'critical',
    says: /plugin-lost is installed, and cannot be loaded/,
    fix: /^pmpc plugins install lost/,
  },
  {
    id: 'folders.writable',
    what: 'a file in the place of the cache folder',
    spoil({clone}) {
      clone.write('cache', '')
      return {PMPC_CACHE_DIR: path.join(clone.root, 'cache')}
    },
    result: 'critical',
    says: /cache cannot be written/,
    fix: /^ls -ld /,
  },
  {
    id: 'environment.variables',
    what: 'a token for a cluster of another name',
    spoil: () => ({PMPC_TOKEN_HOEM: 'hunter2-hunter2'}),
    result: 'warning',
    says: /PMPC_TOKEN_HOEM is set, and pmpc.yaml names no such cluster/,
    fix: /^unset PMPC_TOKEN_HOEM/,
  },
  {
    id: 'git.version',
    what: 'an old Git',
    spoil: (place) => program(place, 'git', 'git version 2.30.2'),
    result: 'critical',
    says: /Git 2\.30\.2 is too old/,
    fix: /install git/,
  },
  {
    id: 'git.version',
    what: 'no Git',
    spoil: (place) => onlyPath(place, 'node'),
    result: 'critical',
    says: /Git could not be started/,
    fix: /install git/,
  },
  {
    id: 'git.identity',
    what: 'nobody who commits',
    spoil: () => ({
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'user.useConfigOnly',
      GIT_CONFIG_VALUE_0: 'true',
    }),
    result: 'critical',
    says: /does not know who commits/,
    fix: /^git config --global user\.name/,
  },
  {
    id: 'git.signing',
    what: 'commits that are to be signed by what is not there',
    spoil: async ({clone}) => {
      await clone.git('config', 'commit.gpgSign', 'true')
      await clone.git('config', 'gpg.program', 'no-such-gpg')
    },
    result: 'critical',
    says: /no-such-gpg is not installed/,
    fix: /gnupg/,
  },
  {
    id: 'repository.found',
    what: 'a workspace without a repository',
    spoil: (place) => rmSync(gitDir(place), {recursive: true}),
    result: 'critical',
    says: /not in a Git repository/i,
    fix: /git init|pmpc init/,
  },
  {
    id: 'repository.writable',
    what: 'a Git folder that may not be written',
    skip: asRoot,
    spoil: (place) => chmodSync(gitDir(place), 0o555),
    restore: (place) => chmodSync(gitDir(place), 0o755),
    result: 'critical',
    says: /cannot be written/,
    fix: /^ls -ld /,
  },
  {
    id: 'repository.whole',
    what: 'a shallow clone',
    spoil: async ({clone}) => writeFileSync(path.join(clone.root, '.git', 'shallow'), `${await clone.head()}\n`),
    result: 'warning',
    says: /shallow/,
    fix: /^git fetch --unshallow$/,
  },
  {
    id: 'repository.pushed',
    what: 'a commit of last month that nobody else has',
    async spoil({clone, lab}) {
      const env = {GIT_COMMITTER_DATE: new Date(Date.now() - 30 * 86_400_000).toISOString()}
      await lab.box.exec('git', ['commit', '-q', '--allow-empty', '-m', 'old'], {cwd: clone.root, env})
    },
    result: 'warning',
    says: /1 commits? .*only.*for (29|30) days/,
    fix: /^git push$/,
  },
  {
    id: 'repository.local',
    what: 'a .gitignore without it',
    spoil: ({clone}) => clone.write('.gitignore', ''),
    result: 'warning',
    says: /Git does not ignore/,
    fix: /^echo '\.pmpc\/local\/' >> \.gitignore$/,
  },
  {
    id: 'repository.local',
    what: 'a log that somebody committed',
    async spoil({clone}) {
      clone.write('.pmpc/local/x', '')
      await clone.git('add', '--force', '.pmpc/local/x')
    },
    result: 'critical',
    says: /\.pmpc\/local\/x is in Git's index/,
    fix: /^git rm -r --cached/,
  },
  {
    id: 'drivers.installed',
    what: 'a clone without drivers',
    spoil: async ({clone}) => void (await clone.git('config', '--remove-section', 'diff.pmpc')),
    result: 'warning',
    says: /drivers for state files/,
    fix: /^pmpc init$/,
  },
  {
    id: 'drivers.attributes',
    what: 'a .gitattributes that says nothing',
    spoil: ({clone}) => clone.write('.gitattributes', ''),
    result: 'warning',
    says: /does not name the drivers/,
    fix: />> \.gitattributes$/,
  },
  {
    id: 'config.valid',
    what: 'a typing error in pmpc.yaml',
    spoil: ({clone}) => clone.edit('pmpc.yaml', 'clusters:', 'clsters:'),
    result: 'critical',
    says: /pmpc\.yaml:\d+:\d+: key clsters is not known here; did you mean clusters/,
    fix: /\+\d+ .*pmpc\.yaml$/,
  },
  {
    id: 'config.clusters',
    what: 'a pmpc.yaml without a cluster',
    spoil: ({clone}) => clone.write('pmpc.yaml', 'version: 1\n'),
    result: 'warning',
    says: /names no cluster/,
    fix: /^pmpc init --cluster/,
  },
  {
    id: 'state.readable',
    what: 'a state that is cut in half',
    spoil: ({clone}) => {
      const file = path.join(clone.root, '.pmpc/state/home.db')
      writeFileSync(file, readFileSync(file).subarray(0, 5000))
    },
    result: 'critical',
    says: /home\.db/,
    fix: /^git restore -- \.pmpc\/state\/home\.db/,
  },
  {
    id: 'state.known',
    what: 'a state of a cluster that was renamed',
    spoil: ({clone}) =>
      cpSync(path.join(clone.root, '.pmpc/state/home.db'), path.join(clone.root, '.pmpc/state/old.db')),
    result: 'warning',
    says: /does not name old/,
    fix: /^git rm \.pmpc\/state\/old\.db/,
  },
  {
    id: 'leftovers.lock',
    what: 'the lock of a process that has gone',
    spoil: (place) => lockBy(place, {}),
    result: 'warning',
    says: /`pmpc sync` was ended in its middle and left its lock/,
    fix: /^rm /,
  },
  {
    id: 'leftovers.lock',
    what: 'a lock that does not say whose it is',
    spoil(place) {
      mkdirSync(path.join(gitDir(place), 'pmpc'), {recursive: true})
      writeFileSync(path.join(gitDir(place), 'pmpc/lock'), 'x')
    },
    result: 'warning',
    says: /does not say by whom/,
    fix: /^rm /,
  },
  {
    id: 'leftovers.index',
    what: 'a lock of Git, an hour old',
    spoil(place) {
      const lock = path.join(gitDir(place), 'index.lock')
      writeFileSync(lock, '')
      utimesSync(lock, new Date(Date.now() - 3_600_000), new Date(Date.now() - 3_600_000))
    },
    result: 'warning',
    says: /index\.lock is 60 minutes old/,
    fix: /^rm /,
  },
  {
    id: 'leftovers.commit',
    what: 'a temporary index',
    spoil: (place) => writeFileSync(path.join(gitDir(place), 'pmpc-index-x.tmp'), ''),
    result: 'warning',
    says: /left pmpc-index-x\.tmp/,
    fix: /^pmpc doctor leftovers\.commit --fix$/,
  },
  {
    id: 'leftovers.apply',
    what: 'an apply whose process has gone',
    spoil({clone}) {
      const head = {
        ...{
          format: 1,
          run: 'abc',
          command: 'pmpc apply',
          at: '2026-11-01T00:00:00Z',
          by: 'ada@desk',
          digest: '',
          objects: {},
        },
        process: {...deadProcess, host: hostname()},
      }
      clone.write('.pmpc/local/runs/abc.jsonl', `${JSON.stringify(head)}\n`)
      clone.write('.pmpc/local/runs/open', 'abc')
    },
    result: 'warning',
    says: /`pmpc apply` \(run abc, by ada@desk, .*was ended in its middle/,
    fix: /^pmpc apply --resume$/,
  },
  {
    id: 'credentials.file',
    what: 'secrets that others can read',
    spoil: (place) => chmodSync(credentials(place), 0o644),
    restore: (place) => chmodSync(credentials(place), 0o600),
    result: 'critical',
    says: /can be read by other users/,
    fix: /^chmod 600 /,
  },
  {
    id: 'credentials.folder',
    what: 'a folder that others can write',
    spoil: (place) => chmodSync(path.dirname(credentials(place)), 0o777),
    restore: (place) => chmodSync(path.dirname(credentials(place)), 0o700),
    result: 'warning',
    says: /can be written by others/,
    fix: /^chmod go-w /,
  },
  {
    id: 'credential.present',
    what: 'nothing stored',
    spoil: ({clone}) => ({PMPC_HOME: path.join(clone.root, '..', 'nobody')}),
    result: 'critical',
    says: /home: there is no credential/,
    fix: /^pmpc auth login home$/,
  },
  {
    id: 'endpoint.proxy',
    what: 'a proxy in between that is not there',
    spoil: () => ({HTTPS_PROXY: 'http://me:hunter2@127.0.0.1:9'}),
    result: 'warning',
    says: /through the proxy http:\/\/127\.0\.0\.1:9, and not reached/,
    fix: /^export NO_PROXY=.*127\.0\.0\.1"$/,
  },
  {
    id: 'endpoint.proxy',
    what: 'a proxy that is no address',
    spoil: () => ({HTTPS_PROXY: 'http://:hunter2'}),
    result: 'critical',
    says: /HTTPS_PROXY is no address/,
    fix: /^unset HTTPS_PROXY/,
  },
  {
    id: 'endpoint.reachable',
    what: 'one endpoint of two is away',
    spoil: ({clone}) => clone.edit('pmpc.yaml', /("https:\/\/127\.0\.0\.1:\d+")/, '$1, "https://127.0.0.1:9"'),
    result: 'warning',
    says: /127\.0\.0\.1:9/,
    fix: /^curl -kv https:\/\/127\.0\.0\.1:9\/$/,
  },
  {
    id: 'endpoint.reachable',
    what: 'the only endpoint is away',
    spoil: ({clone}) => clone.edit('pmpc.yaml', /https:\/\/127\.0\.0\.1:\d+/, 'https://127.0.0.1:9'),
    result: 'critical',
    says: /127\.0\.0\.1:9/,
    fix: /^curl /,
  },
  {
    id: 'certificate.trusted',
    what: "another cluster's certificate",
    spoil: async (place) => {
      const env = await standIn(place, {})
      const other = createAuthority()
        .ca.trim()
        .split('\n')
        .slice(1, -1)
        .map((line) => `        ${line}`)
        .join('\n')
      place.clone.edit('pmpc.yaml', /(BEGIN CERTIFICATE-----\n)[^-]+/, `$1${other}\n        `)
      return env
    },
    result: 'critical',
    says: /shows another cluster's certificate/,
    fix: /openssl x509/,
  },
  {
    id: 'certificate.expiry',
    what: 'a certificate that ends in 20 days',
    spoil: async (place) => standIn(place, {days: 20}),
    result: 'warning',
    says: /expires in (19|20) days/,
    fix: /^pvecm updatecerts/,
  },
  {
    id: 'certificate.expiry',
    what: 'a certificate that ends in 3 days',
    spoil: async (place) => standIn(place, {days: 3}),
    result: 'critical',
    says: /expires in (2|3) days/,
    fix: /^pvecm updatecerts/,
  },
  {
    id: 'clock',
    what: 'a cluster 12 s ahead',
    spoil: async (place) => standIn(place, {ahead: 12_000}),
    result: 'warning',
    says: /is 1[123] s ahead of this machine/,
    fix: /timesync-status/,
  },
  {
    id: 'clock',
    what: 'a cluster an hour behind',
    spoil: async (place) => standIn(place, {ahead: -3_600_000}),
    result: 'critical',
    says: /is (3599|3600|3601) s behind this machine/,
    fix: /timesync-status/,
  },
  {
    id: 'credential.accepted',
    what: 'a secret that is another one',
    spoil: () => ({PMPC_TOKEN_HOME: 'ffffffff-0000-4000-8000-000000000001'}),
    result: 'critical',
    says: /home: /,
    fix: /^pmpc auth login/,
  },
  {
    id: 'credential.sync',
    what: 'a token without rights',
    spoil: ({clone, lab}) => {
      clone.edit('pmpc.yaml', 'root@pam!sim', 'pmpc@pve!empty')
      return {PMPC_TOKEN_HOME: lab.simulator.tokens['pmpc@pve!empty']}
    },
    result: 'critical',
    says: /has no rights at all/,
    fix: /^pveum role add/,
  },
  {
    id: 'credential.sync',
    what: 'a token that sees a pool only',
    spoil: ({clone, lab}) => {
      clone.edit('pmpc.yaml', 'root@pam!sim', 'web@pve!ci')
      return {PMPC_TOKEN_HOME: lab.simulator.tokens['web@pve!ci']}
    },
    result: 'warning',
    says: /web@pve!ci lacks .*Sys\.Audit.* on \//,
    fix: /^pveum role add/,
  },
  {
    id: 'credential.apply',
    what: 'a token that may start guests, and no more',
    spoil: async (place) => standIn(place, {permissions: {'/': {'VM.Audit': 1, 'VM.PowerMgmt': 1}}}),
    result: 'warning',
    says: /lacks VM\.Allocate, VM\.Config\.CDROM/,
    fix: /^pveum role add/,
  },
  {
    id: 'cluster.version',
    what: 'Proxmox VE 7',
    spoil: async (place) => standIn(place, {version: '7.4-16'}),
    result: 'warning',
    says: /Proxmox VE 7\.4-16 is not among/,
    fix: /^pveversion/,
  },
  {
    id: 'programs.terraform',
    what: 'an old Terraform',
    spoil: (place) => program(place, 'terraform', 'Terraform v1.2.3'),
    result: 'warning',
    says: /terraform 1\.2\.3 is too old/,
    fix: /opentofu/,
  },
  {
    id: 'programs.terraform',
    what: 'code and no program',
    spoil(place) {
      place.clone.write('iac/terraform/main.tf', '')
      return onlyPath(place, 'git')
    },
    result: 'warning',
    says: /Neither terraform nor tofu is on PATH/,
    fix: /opentofu/,
  },
  {
    id: 'programs.ansible',
    what: 'code and no program',
    spoil(place) {
      place.clone.write('iac/ansible/ansible.cfg', '')
      return onlyPath(place, 'git')
    },
    result: 'warning',
    says: /ansible-playbook is not on PATH/,
    fix: /^pipx install/,
  },
  {
    id: 'editor',
    what: 'no editor is named',
    spoil: () => ({EDITOR: undefined}),
    result: 'warning',
    says: /Neither VISUAL nor EDITOR/,
    fix: /^export EDITOR=/,
  },
  {
    id: 'editor',
    what: 'an editor that is not there',
    spoil: () => ({EDITOR: 'no-such-editor --wait'}),
    result: 'warning',
    says: /no-such-editor is not installed/,
    fix: /^export EDITOR=/,
  },
  {
    id: 'completion',
    what: 'zsh, which nobody has set up',
    spoil: () => ({SHELL: '/usr/bin/zsh'}),
    result: 'warning',
    says: /zsh does not complete pmpc/,
    fix: /pmpc completion zsh.*zshrc$/,
  },
]

function lockBy(place: Place, holder: Record<string, unknown>): void {
  mkdirSync(path.join(gitDir(place), 'pmpc'), {recursive: true})
  const told = {
    ...deadProcess,
    host: hostname(),
    command: 'pmpc sync',
    run: 'abc',
    since: '2026-11-01T00:00:00Z',
    ...holder,
  }
  writeFileSync(path.join(gitDir(place), 'pmpc/lock'), JSON.stringify(told))
}

const hostname = (): string => spawnSync('hostname', {encoding: 'utf8'}).stdout.trim()

describe('pmpc doctor', function () {
  this.timeout(120_000)
  let lab: Lab
  let whole: Clone
  let copies = 0
  /** A terminal of a person's. */
  const people: Env = {EDITOR: 'true', SHELL: '/bin/bash', CI: undefined, TERM: 'xterm'}

  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    whole = await lab.agreed('ws')
    appendFileSync(path.join(lab.box.env.HOME!, '.bashrc'), 'source <(pmpc completion bash)\n')
  })
  after(async () => {
    for (const server of servers) server.close()
    await lab.stop()
  })

  const copy = (): Place => {
    const clone = lab.at(`copy-${++copies}`)
    cpSync(whole.root, clone.root, {recursive: true})
    return {clone, lab, home: lab.box.env.HOME!}
  }
  const doctor = async (
    {clone}: Pick<Place, 'clone'>,
    args: string[],
    env: Env = {},
  ): Promise<DoctorResult & {run: RunResult}> => {
    const run = await clone.pmpc(['doctor', ...args, '--json'], {env: {...people, ...env}})
    const result = run.json<DoctorResult>()
    assertSchema('doctor', result)
    return {...result, run}
  }
  const of = ({checks}: DoctorResult, wanted: string): Finding[] => checks.filter(({id}) => id === wanted)

  let well: DoctorResult & {run: RunResult}

  it('finds nothing wrong where nothing is', async () => {
    well = await doctor({clone: whole}, [])
    const bad = well.checks.filter(({result}) => result !== 'ok' && result !== 'skipped')
    expect(bad).to.deep.equal([])
    expect(well.run.code).to.equal(0)
    expect([...new Set(well.checks.map(({id}) => id))]).to.deep.equal(rows.map(({id}) => id))
    expect(well.requests).to.equal(2)
    // The rest has nothing to look at here, and is seen below.
    const skipped = well.checks.filter(({result}) => result === 'skipped').map(({id}) => id)
    expect(skipped).to.have.members([
      'git.signing',
      'terminal.type',
      'terminal.encoding',
      'terminal.width',
      ...notInstalled(),
    ])
  })

  const notInstalled = () =>
    well.checks.filter(({id, result}) => id.startsWith('programs.') && result === 'skipped').map(({id}) => id)

  for (const {id, what, spoil, restore, result, says, fix, skip} of cases)
    it(`${id}: ${what}`, async function () {
      skipFor(this, skip?.())
      const place = copy()
      try {
        const env = (await spoil(place)) ?? {}
        const found = await doctor(place, [id], env)
        expect(found.checks.map((check) => check.id)).to.deep.equal(found.checks.map(() => id))
        const [check] = found.checks.filter((one) => one.result === result)
        expect(check, JSON.stringify(found.checks)).not.to.equal(undefined)
        expect(check!.message).to.match(says)
        expect(check!.fix ?? '').to.match(fix ?? /./)
        expect(found.run.code).to.equal(result === 'critical' ? 2 : 1)
        for (const secret of ['hunter2', ...Object.values(lab.simulator.tokens)])
          expect(found.run.stdout + found.run.stderr).not.to.include(secret)
      } finally {
        restore?.(place)
      }
    })

  describe('what this machine cannot be made to be', () => {
    const asked = (changes: Partial<Asked>): Asked => ({
      ...{
        env: {...lab.box.env, ...people},
        folder: whole.root,
        isOffline: true,
        terminal: {isTerminal: true, columns: 100},
      },
      caller: {run: startRun({command: 'pmpc doctor'}), command: 'pmpc doctor', env: lab.box.env},
      host: {
        ...{version: '0.1.0', node: '20.19.0', engines: '>=20.19.0', script: bin, dataFolder: '/nowhere'},
        ...{plugins: [{name: '@pmpc/plugin-sync', version: '0.1.0'}], expected: {'@pmpc/plugin-sync': '0.1.0'}},
      },
      ...changes,
    })
    const resultOf = async (id: string, changes: Partial<Asked> = {}): Promise<Result> => {
      const row = rows.find((one) => one.id === id)!
      if (!('look' in row)) throw new Error(id)
      return [await row.look(new Surroundings(asked(changes)))].flat()[0]!.result
    }

    it('node.version', async () => {
      const node = async (version: string) => resultOf('node.version', {host: {...asked({}).host, node: version}})
      expect([await node('20.19.0'), await node('22.1.0'), await node('20.18.9'), await node('18.20.0')]).to.deep.equal(
        [...['ok', 'ok', 'critical', 'critical']],
      )
    })

    it('plugins.versions', async () => {
      const {host} = asked({})
      expect(await resultOf('plugins.versions')).to.equal('ok')
      const plugins = [{name: '@pmpc/plugin-sync', version: '0.0.9'}]
      expect(await resultOf('plugins.versions', {host: {...host, plugins}})).to.equal('warning')
      expect(await resultOf('plugins.versions', {host: {...host, plugins: []}})).to.equal('skipped')
    })

    it('disk.space', () => {
      const GiB = 2 ** 30
      const result = (...free: number[]) =>
        spaceSeen(free.map((each, at) => ({folder: `/f${at}`, free: each}))).map((one) => one.result)
      expect(result(50 * GiB)).to.deep.equal(['ok'])
      expect(result(50 * GiB, GiB / 2)).to.deep.equal(['warning'])
      expect(result(50 * 2 ** 20, GiB / 2)).to.deep.equal(['critical', 'warning'])
    })

    it('certificate.expiry, to the day', () => {
      const now = Date.parse('2026-11-30T12:00:00Z')
      const result = (validTo: string) => expirySeen('x', [], validTo, 'fix', now).result
      expect(result('2026-12-30T12:00:00Z')).to.equal('ok')
      expect(result('2026-12-30T11:00:00Z')).to.equal('warning')
      expect(result('2026-12-07T11:00:00Z')).to.equal('critical')
      expect(expirySeen('x', [], '2026-11-30T11:00:00Z', 'fix', now).message).to.include('has expired')
    })

    it('clock: what a second and the way there and back leave unknown', () => {
      const now = Date.parse('2026-11-30T12:00:01.200Z')
      expect(clockOf('2026-11-30T12:00:00Z', now, 1000)).to.deep.equal({ahead: -200, within: 1000})
    })

    it('git.signing, where the program is there', async () => {
      const place = copy()
      await place.clone.git('config', 'commit.gpgSign', 'true')
      await place.clone.git('config', 'gpg.program', 'sh')
      expect(await resultOf('git.signing', {folder: place.clone.root})).to.equal('ok')
    })

    it('the terminal', async () => {
      const at = (env: Env, columns = 100) => ({env: {...asked({}).env, ...env}, terminal: {isTerminal: true, columns}})
      expect(await resultOf('terminal.type')).to.equal('ok')
      expect(await resultOf('terminal.type', at({TERM: 'dumb'}))).to.equal('warning')
      expect(await resultOf('terminal.encoding')).to.equal('ok')
      expect(await resultOf('terminal.encoding', at({LANG: 'de_DE', LC_ALL: ''}))).to.equal('warning')
      expect(await resultOf('terminal.width')).to.equal('ok')
      expect(await resultOf('terminal.width', at({}, 60))).to.equal('warning')
    })

    it('programs that are there', async () => {
      const place = copy()
      const env = {
        ...asked({}).env,
        ...program(place, 'terraform', 'Terraform v1.11.4'),
        ...program(place, 'ansible-playbook', 'ansible-playbook [core 2.16.3]'),
      }
      expect(await resultOf('programs.terraform', {env})).to.equal('ok')
      expect(await resultOf('programs.ansible', {env})).to.equal('ok')
    })

    it('is asked of each row: one way or the other', () => {
      const told = new Set(cases.map(({id}) => id))
      const here = [
        'node.version',
        'plugins.versions',
        'disk.space',
        'terminal.type',
        'terminal.encoding',
        'terminal.width',
      ]
      expect(rows.map(({id}) => id).filter((id) => !told.has(id) && !here.includes(id))).to.deep.equal([])
    })
  })

  describe('--fix', () => {
    const isMended = async (place: Place, id: string): Promise<DoctorResult> => {
      const result = await doctor(place, [id, '--fix', '--yes'])
      expect(result.fixed.map((each) => [each.id, each.error])).to.deep.equal([[id, undefined]])
      expect(of(result, id).map((each) => each.result)).to.deep.equal(['ok'])
      expect(result.run.code).to.equal(0)
      return result
    }

    it('takes away a lock that was left, sets up drivers, finishes what was cut off', async () => {
      const place = copy()
      lockBy(place, {})
      await isMended(place, 'leftovers.lock')
      await place.clone.git('config', '--remove-section', 'diff.pmpc')
      await isMended(place, 'drivers.installed')
      expect(await place.clone.git('config', 'diff.pmpc.textconv')).to.include('pmpc state show')
      writeFileSync(path.join(gitDir(place), 'pmpc-x.tmp'), '')
      await isMended(place, 'leftovers.commit')
    })

    it('takes from others the right to read secrets, and to write their folder', async () => {
      const place = copy()
      chmodSync(credentials(place), 0o644)
      await isMended(place, 'credentials.file')
      expect(statSync(credentials(place)).mode & 0o777).to.equal(0o600)
      const folder = path.dirname(credentials(place))
      const {mode} = statSync(folder)
      chmodSync(folder, 0o777)
      await isMended(place, 'credentials.folder')
      expect(statSync(folder).mode & 0o777).to.equal(0o755)
      chmodSync(folder, mode)
    })

    it('leaves alone the lock of another machine, and what only a person can decide', async () => {
      const place = copy()
      lockBy(place, {host: 'elsewhere'})
      place.clone.write('.gitattributes', '')
      const result = await doctor(place, ['leftovers.lock', 'drivers.attributes', '--fix', '--yes'])
      expect(result.fixed).to.deep.equal([])
      expect(place.clone.has('.git/pmpc/lock')).to.equal(true)
      expect(place.clone.read('.gitattributes')).to.equal('')
    })

    it('asks, and does nothing where nobody can be asked', async () => {
      const place = copy()
      lockBy(place, {})
      const error = await place.clone.fails(['doctor', 'leftovers.lock', '--fix'])
      expect(error.code).to.equal('PMPC_FLAG_REQUIRED')
      expect(error.suggestions).to.deep.equal(['pmpc doctor leftovers.lock --fix --yes'])
      expect(place.clone.has('.git/pmpc/lock')).to.equal(true)
    })

    it('asks a person, and tells what it did', async function () {
      skipFor(this, noPty())
      const place = copy()
      lockBy(place, {})
      const {output, code} = await inPty(process.execPath, [bin, 'doctor', 'leftovers', '--fix'], {
        ...{env: {...lab.box.env, EDITOR: 'true'}, cwd: place.clone.root},
        answers: [{when: 'Do it?', type: 'y\r'}],
      })
      expect(output).to.include('leftovers.lock: takes away a lock whose process runs no more')
      expect(output).to.match(/mended.*leftovers\.lock: took away the lock/)
      expect(code).to.equal(0)
    })
  })

  it('works outside of a workspace', async () => {
    const box = sandbox()
    const run = await box.pmpc(['doctor', '--json'], {env: {...people, SHELL: undefined}})
    const result = run.json<DoctorResult>()
    assertSchema('doctor', result)
    expect(result.requests).to.equal(0)
    expect(of(result, 'git.version')[0]!.result).to.equal('ok')
    for (const id of ['config.valid', 'repository.found', 'state.readable', 'clock', 'credential.present'])
      expect(of(result, id)[0], id).to.include({result: 'skipped', message: 'not in a workspace'})
    box.remove()
  })

  it('works in a workspace of which nothing can be read', async () => {
    const place = copy()
    place.clone.write('pmpc.yaml', 'clusters: [\n')
    rmSync(gitDir(place), {recursive: true})
    const result = await doctor(place, [])
    expect(result.run.code).to.equal(2)
    expect(of(result, 'config.valid')[0]!.result).to.equal('critical')
    expect(of(result, 'repository.found')[0]!.result).to.equal('critical')
    // Of the rest nobody can tell: that is not fine.
    for (const id of ['state.readable', 'clock', 'leftovers.lock'])
      expect(of(result, id)[0]!.result, id).to.equal('unknown')
  })

  it('advises what can be typed from where it was started', async () => {
    const place = copy()
    await place.clone.git('config', '--remove-section', 'diff.pmpc')
    const run = await lab.box.pmpc(['-C', place.clone.root, 'doctor', 'drivers.installed', '--json'], {env: people})
    expect(of(run.json<DoctorResult>(), 'drivers.installed')[0]!.fix).to.equal(`pmpc -C ${place.clone.root} init`)
  })

  it('asks no cluster with --offline', async () => {
    const result = await doctor({clone: whole}, ['--offline'])
    expect(result.requests).to.equal(0)
    expect(of(result, 'clock')[0]!.result).to.equal('skipped')
    expect(result.run.code).to.equal(0)
  })

  it('asks nothing of people in a pipeline', async () => {
    const result = await doctor({clone: whole}, ['editor', 'completion'], {CI: 'true', EDITOR: undefined})
    expect(result.checks.map((check) => check.result)).to.deep.equal(['skipped', 'skipped'])
  })

  it('tells people what to type, and names status and health', async () => {
    const place = copy()
    place.clone.write('.gitattributes', '')
    const {stdout, stderr, code} = await place.clone.pmpc(['doctor', 'drivers'], {env: people})
    expect(stdout).to.match(/^warning {3}drivers\.attributes {2}\.gitattributes does not name/m)
    expect(stdout).to.match(/^ {10}Try: printf /m)
    expect(stdout).to.include('2 checks: 1 ok, 1 warning, 0 critical, 0 unknown, 0 skipped; 0 requests.')
    expect(stderr).to.include('How the clusters are: pmpc health; what is open: pmpc status')
    expect(code).to.equal(1)
  })

  it('names the command that tells of what is not its own', async () => {
    expect((await whole.fails(['doctor', 'cluster.quorum'])).suggestions[0]).to.equal('pmpc health')
    expect((await whole.fails(['doctor', 'ceph'])).suggestions[0]).to.equal('pmpc health')
    expect((await whole.fails(['doctor', 'drift'])).suggestions[0]).to.equal('pmpc status')
  })

  it('refuses a check that there is none of', async () => {
    const error = await whole.fails(['doctor', 'git.versoin'])
    expect(error).to.include({code: 'PMPC_USAGE', exitCode: 64})
    expect(error.suggestions[0]).to.equal('pmpc doctor git.version')
  })

  it('lists its checks, which docs/doctor.md and the shells know', async () => {
    const listed = (await whole.pmpc(['doctor', '--list', '--json'])).json<
      {id: string; looksAt: string; severity: string}[]
    >()
    assertSchema('doctor', listed)
    expect(listed.map(({id}) => id)).to.deep.equal(rows.map(({id}) => id))
    const page = readFileSync(path.join(checkout, 'docs/doctor.md'), 'utf8').replaceAll(/ +/g, ' ')
    for (const {id, looksAt, severity} of listed) expect(page).to.include(`| \`${id}\` | ${looksAt} | ${severity} |`)
    const groups = [...new Set(rows.map(({id}) => id.split('.')[0]!))].sort()
    expect([...VALUES['doctor checks']!.words!].sort()).to.deep.equal(groups)
  })
})
