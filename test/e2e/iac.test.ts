import {parse} from '@cdktn/hcl2json'
import {readdirSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import type {ExportResult} from '../../plugins/iac/src/export/export.js'
import type {GenerateResult} from '../../plugins/iac/src/generate.js'
import type {ValidateCodeResult} from '../../plugins/iac/src/validate/validate.js'
import {Lab, remembered, type Clone} from '../support/lab.js'
import {assertSchema} from '../support/schemas.js'

const VM = 'iac/terraform/modules/home/vm_100.tf'
const OTHER = 'iac/terraform/modules/home/vm_102.tf'
const OWN = '.pmpc/templates/terraform/versions.tf.njk'

/** All files below a folder, from the workspace. */
const filesOf = (clone: Clone, folder: string): string[] =>
  readdirSync(path.join(clone.root, folder), {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(clone.root, path.join(entry.parentPath, entry.name)))
    .sort()

/** The code of Terraform, as one text. */
const terraformOf = (clone: Clone, folder = 'iac/terraform'): string =>
  filesOf(clone, folder)
    .filter((file) => file.endsWith('.tf'))
    .map((file) => clone.read(file))
    .join('\n')

async function generate(clone: Clone, ...args: string[]): Promise<GenerateResult> {
  const result = (await clone.must('iac', 'generate', ...args, '--json')).json<GenerateResult>()
  assertSchema('iac-generate', result)
  return result
}

const changedIn = async (clone: Clone, commit = 'HEAD'): Promise<string[]> =>
  (await clone.git('show', '--format=', '--name-only', commit)).split('\n')

async function commitAll(clone: Clone, message: string): Promise<void> {
  await clone.git('add', '-A')
  await clone.git('commit', '-qm', message)
}

describe('pmpc iac', function () {
  this.timeout(120_000)
  let lab: Lab
  let clone: Clone
  /** The commit without code, and the one with all of it. */
  let [bare, whole] = ['', '']
  let first: GenerateResult
  let restore: () => Promise<void>

  before(async () => {
    lab = await Lab.start({seed: 'homelab'})
    clone = await lab.agreed()
    bare = await clone.head()
    first = await generate(clone)
    whole = await clone.head()
    restore = await remembered(lab, clone)
  })
  afterEach(async () => {
    await restore()
    await clone.git('clean', '-qfd')
  })
  after(async () => lab.stop())

  const without = async () => clone.git('reset', '-q', '--hard', bare)

  describe('generate', () => {
    it('writes Terraform, Ansible and tests, and commits them as a run', async () => {
      expect(first.files).to.include.members([
        ...[VM, 'iac/terraform/imports.tf', 'iac/terraform/versions.tf', 'iac/COVERAGE.md', 'iac/coverage.json'],
        ...['iac/ansible/inventories/home/hosts.yml', 'iac/tests/expected.json'],
      ])
      expect(first.written).to.deep.equal(first.files)
      expect(filesOf(clone, 'iac')).to.deep.equal(first.files)
      expect(first.commit).to.equal(whole)
      expect(await changedIn(clone)).to.have.members(first.files)
      const [run, command] = ['Run', 'Command'].map((word) => `%(trailers:key=Pmpc-${word},valueonly)`)
      expect(await clone.git('log', '-1', `--format=${run}${command}`)).to.match(/^\w{10,}\n\n?iac generate\n*$/)
      expect(await clone.git('status', '--porcelain')).to.equal('')
      expect(first.coverage.mapped).to.be.greaterThan(100)
      const told = (await clone.must('iac', 'generate')).stdout
      const imports = terraformOf(clone).match(/^import \{$/gm)!.length
      expect(told).to.contain(`\n${imports} imports, of `)
      expect(first.verdicts.map(({object}) => object)).to.include.members(['home/vm/100', 'home/container/200'])
    })

    it('has nothing to do the second time', async () => {
      const second = await generate(clone)
      expect(second).to.deep.equal({...first, written: [], commit: null})
      expect(await clone.head()).to.equal(whole)
    })

    it('shows with --dry-run what would be otherwise, and writes nothing', async () => {
      await lab.set('/nodes/pve/qemu/100', {cores: 3})
      await clone.must('sync', '--accept')
      const picture = await clone.picture()
      const {stdout} = await clone.must('iac', 'generate', '--dry-run')
      expect(stdout).to.contain(`diff --git a/${VM} b/${VM}\n`)
      expect(stdout)
        .to.match(/^-\s+cores\s+= 2$/m)
        .and.match(/^\+\s+cores\s+= 3$/m)
      expect(stdout).to.match(/\d files? would be written, 0 removed/)
      expect(await clone.picture()).to.deep.equal(picture)
      const told = await generate(clone, '--dry-run')
      expect(told.written).to.include(VM).and.not.include(OTHER)
      expect(told.commit).to.equal(null)
      expect(await clone.picture()).to.deep.equal(picture)
    })

    it('tells with --check whether the code is behind', async () => {
      expect((await clone.pmpc(['iac', 'generate', '--check'])).code).to.equal(0)
      await lab.set('/nodes/pve/qemu/100', {cores: 3})
      await clone.must('sync', '--accept')
      const picture = await clone.picture()
      const behind = await clone.pmpc(['iac', 'generate', '--check', '--json'])
      expect(behind.code).to.equal(1)
      expect(behind.json<GenerateResult>().written).to.include(VM)
      expect(await clone.picture()).to.deep.equal(picture)
      await generate(clone)
      expect((await clone.pmpc(['iac', 'generate', '--check'])).code).to.equal(0)
    })

    it('writes one target alone', async () => {
      await without()
      const {files, verdicts} = await generate(clone, '--target', 'ansible')
      expect(files.filter((file) => !file.startsWith('iac/ansible/'))).to.deep.equal([])
      expect(filesOf(clone, 'iac')).to.deep.equal(files)
      expect(verdicts).to.deep.equal([])
    })
  })

  describe('generate --only', () => {
    it('refers to nothing that is not there', async () => {
      await without()
      await generate(clone, '--only', 'container/200')
      const text = terraformOf(clone)
      const resources = [...text.matchAll(/^resource "(\w+)" "(\w+)"/gm)].map(([, type, name]) => `${type}.${name}`)
      expect(resources).to.deep.equal([
        'proxmox_virtual_environment_container.container_200',
        'proxmox_pool_membership.container_200',
      ])
      expect(text.match(/^import \{/gm)).to.have.length(2)
      expect(text)
        .to.contain('pool_id = "infra"')
        .and.not.match(/= proxmox_/)
    })

    it('leaves the files of all else as they are', async () => {
      for (const vmid of [100, 102]) await lab.set(`/nodes/pve/qemu/${vmid}`, {cores: 3})
      await clone.must('sync', '--accept')
      const [one, other] = [clone.read(VM), clone.read(OTHER)]
      const {written, removed} = await generate(clone, '--only', 'vm/100')
      expect(written).to.include(VM).and.not.include(OTHER)
      expect(removed).to.deep.equal([])
      expect(clone.read(VM)).to.not.equal(one)
      expect(clone.read(OTHER)).to.equal(other)
      expect(clone.read('iac/terraform/imports.tf')).to.contain('.vm_102')
    })
  })

  describe('files of people', () => {
    it('are not written over where they were generated once and have edits', async () => {
      await lab.set('/nodes/pve/qemu/100', {cores: 3})
      await clone.must('sync', '--accept')
      clone.append(VM, '# mine\n')
      const picture = await clone.picture()
      const error = await clone.fails(['iac', 'generate'])
      expect(error).to.deep.include({code: 'PMPC_IAC_EDITED', exitCode: 64, data: {paths: [VM]}})
      expect(error.suggestions.join('\n')).to.contain('pmpc iac generate --force')
      expect(await clone.picture()).to.deep.equal(picture)
      await generate(clone, '--force')
      expect(clone.read(VM)).to.not.contain('# mine')
    })

    it('are not written over where they were never generated', async () => {
      await without()
      clone.write(VM, '# all mine\n')
      await commitAll(clone, 'mine')
      for (const flags of [[], ['--force']]) {
        const error = await clone.fails(['iac', 'generate', ...flags])
        expect(error).to.deep.include({code: 'PMPC_FILE_DIFFERS', data: {paths: [VM]}})
      }
      expect(filesOf(clone, 'iac')).to.deep.equal([VM])
    })

    it('stay beside the code, whatever goes', async () => {
      const files = {
        'iac/terraform/mine_override.tf': 'locals {}\n',
        'iac/terraform/modules/home/mine.tf': 'locals {}\n',
        'iac/ansible/inventories/home/host_vars/jellyfin/main.yml': 'mine: true\n',
        'iac/ansible/inventories/home/group_vars/all/main.yml': 'mine: true\n',
        'iac/ansible/playbooks/site.yml': '- hosts: all\n',
        'iac/ansible/ansible.cfg': '[defaults]\n',
        'iac/tests/custom/test_mine.py': 'x = 1\n',
        'iac/terraform/.gitignore': 'mine\n',
      }
      for (const [file, text] of Object.entries(files)) clone.write(file, text)
      await commitAll(clone, 'mine')
      await lab.destroy(102)
      await clone.must('sync', '--accept')
      const {removed} = await generate(clone, '--force')
      expect(removed).to.include(OTHER)
      for (const [file, text] of Object.entries(files)) expect(clone.read(file), file).to.equal(text)
    })
  })

  describe('what comes and goes', () => {
    it('takes the file of a guest that is gone, and has Terraform forget it', async () => {
      expect(clone.has('iac/terraform/removed.tf')).to.equal(false)
      await lab.destroy(102)
      await clone.must('sync', '--accept')
      const {removed, files} = await generate(clone)
      expect(removed).to.deep.include(OTHER)
      expect(files).to.include('iac/terraform/removed.tf')
      expect(clone.has(OTHER)).to.equal(false)
      expect(terraformOf(clone, 'iac/terraform/modules')).to.not.contain('vm_102')
      const text = clone.read('iac/terraform/removed.tf')
      expect(text)
        .to.contain('from = module.home.proxmox_virtual_environment_vm.vm_102')
        .and.match(/destroy = false/)
      expect(clone.read('iac/terraform/imports.tf')).to.not.contain('vm_102')
      expect((await generate(clone)).written).to.deep.equal([])
    })

    it('calls what it called so before, though a second of the name comes', async () => {
      const pool = /^resource "proxmox_virtual_environment_pool" "(pool_zz\w+)" \{\s+pool_id\s+= "(\S+)"$/gm
      const namesOf = () => new Map([...terraformOf(clone).matchAll(pool)].map(([, name, id]) => [id, name]))
      await lab.api('POST', '/pools', {poolid: 'zz_x'})
      await clone.must('sync', '--accept')
      await generate(clone)
      expect([...namesOf()]).to.deep.equal([['zz_x', 'pool_zz_x']])
      await lab.api('POST', '/pools', {poolid: 'zz.x'})
      await clone.must('sync', '--accept')
      await generate(clone)
      const names = namesOf()
      expect(names.get('zz_x')).to.equal('pool_zz_x')
      expect(names.get('zz.x')).to.match(/^pool_zz_x_[0-9a-f]{6}$/)
      await lab.api('DELETE', '/pools/zz_x')
      await clone.must('sync', '--accept')
      await generate(clone)
      expect([...namesOf()]).to.deep.equal([['zz.x', names.get('zz.x')]])
    })
  })

  describe('templates of the workspace', () => {
    it('take the place of its own', async () => {
      clone.write(OWN, '# {{ mark }}, for us\n\nterraform {\n  required_version = "{{ 1 + 1 }}"\n}\n')
      const {written} = await generate(clone)
      expect(written).to.deep.equal(['iac/terraform/versions.tf'])
      expect(clone.read('iac/terraform/versions.tf')).to.match(/^# generated by pmpc, for us\n[^]*"2"\n\}\n$/)
    })

    it('are named where they cannot be filled in, and nothing is written', async () => {
      for (const text of ['{{ mark }', '{{ mark.none }}', '{% for x in %}', '{{ mark | none_such }}', '{% endif %}']) {
        clone.write(OWN, text)
        const picture = await clone.picture()
        const error = await clone.fails(['iac', 'generate'])
        expect(error, text).to.deep.include({code: 'PMPC_TEMPLATE', exitCode: 1, data: {path: OWN}})
        expect(error.message).to.contain(OWN)
        expect(await clone.picture()).to.deep.equal(picture)
      }
    })

    it('run nothing', async () => {
      const run = 'process.mainModule.require("fs").writeFileSync("pwned", "")'
      const escaped = [...run].map((one) => `\\x${one.charCodeAt(0).toString(16)}`).join('')
      const texts = [
        `{{ mark.constructor.constructor('${run}')() }}`,
        `{{ range.constructor('${run}')() }}`,
        `{{ x"&&Function\`${escaped}\`\`\`&&"b }}`,
        `{{ env.globals }}{{ globals }}`,
        `{% include "../../../../../../../../../../../etc/passwd" %}`,
      ]
      for (const text of texts) {
        clone.write(OWN, text)
        const error = await clone.fails(['iac', 'generate'])
        expect(error.code, text).to.equal('PMPC_TEMPLATE')
        expect(clone.has('pwned'), text).to.equal(false)
      }
    })
  })

  describe('with iac: {auto: true}', () => {
    const auto = async () => {
      clone.append('pmpc.yaml', 'iac: {auto: true}\n')
      await commitAll(clone, 'code along')
    }
    /** A change that sync offers and accept takes over. */
    const offered = async () => {
      await lab.set('/nodes/pve/qemu/100', {cores: 3})
      await clone.must('sync')
    }

    it('the commit of accept holds the code', async () => {
      await auto()
      await offered()
      await clone.must('accept')
      expect(await changedIn(clone)).to.include.members(['infra/home/vm/100.yaml', VM, 'iac/tests/expected.json'])
      expect(clone.read(VM)).to.match(/cores\s+= 3/)
      expect(await clone.git('status', '--porcelain')).to.equal('')
      expect((await clone.pmpc(['iac', 'generate', '--check'])).code).to.equal(0)
    })

    it('the commit of what apply observed holds the code', async () => {
      await auto()
      clone.edit('infra/home/vm/100.yaml', /cores: 2/, 'cores: 3')
      await commitAll(clone, 'more cores')
      await clone.must('apply', '--yes')
      expect(await changedIn(clone)).to.include.members([VM, 'iac/tests/expected.json'])
      expect(clone.read(VM)).to.match(/cores\s+= 3/)
      expect(await clone.git('status', '--porcelain')).to.equal('')
      expect((await clone.pmpc(['iac', 'generate', '--check'])).code).to.equal(0)
    })

    it('and without it, neither does', async () => {
      await offered()
      await clone.must('accept')
      expect((await changedIn(clone)).filter((file) => file.startsWith('iac/'))).to.deep.equal([])
      clone.edit('infra/home/vm/100.yaml', /cores: 3/, 'cores: 1')
      await commitAll(clone, 'fewer cores')
      await clone.must('apply', '--yes')
      expect((await changedIn(clone)).filter((file) => file.startsWith('iac/'))).to.deep.equal([])
    })

    it('accepts all the same where the code cannot be written, and says so', async () => {
      await auto()
      clone.write(OWN, '{{ mark.none }}')
      await commitAll(clone, 'a broken template')
      await offered()
      const {stderr} = await clone.must('accept')
      expect(stderr).to.contain('iac/ was not written anew').and.contain(OWN)
      expect(await changedIn(clone))
        .to.include('infra/home/vm/100.yaml')
        .and.not.include(VM)
    })

    it('leaves what people wrote and edited as it is, with a warning', async () => {
      await auto()
      clone.write('iac/tests/expected.json', '{"mine": true}\n')
      await commitAll(clone, 'mine')
      clone.append(VM, '# mine\n')
      await offered()
      const {stderr} = await clone.must('accept')
      expect(stderr).to.contain(`${VM} was not written anew: it has edits`)
      expect(stderr).to.contain('iac/tests/expected.json was not written anew: it is not generated by pmpc')
      expect(clone.read(VM)).to.match(/# mine\n$/)
      expect(clone.read('iac/tests/expected.json')).to.equal('{"mine": true}\n')
      expect(await changedIn(clone))
        .to.include('iac/coverage.json')
        .and.not.include(VM)
    })
  })

  describe('prove', () => {
    it('wants code', async () => {
      await without()
      const error = await clone.fails(['iac', 'prove'])
      expect(error).to.deep.include({code: 'PMPC_IAC_MISSING', exitCode: 64})
      expect(error.suggestions[0]).to.equal('pmpc iac generate --target terraform')
    })

    it('says that there is no such folder of providers before it does anything', async () => {
      for (const command of [
        ['iac', 'prove'],
        ['iac', 'validate'],
        ['test', '--static'],
      ]) {
        const error = await clone.fails([...command, '--plugin-dir', 'none'])
        expect(error).to.deep.include({code: 'PMPC_USAGE', exitCode: 64})
        expect(error.message).to.equal('--plugin-dir none: there is no such folder')
      }
    })

    it('wants terraform or tofu', async () => {
      const env = {PATH: await gitAlone(clone)}
      const error = await clone.fails(['iac', 'prove'], {env})
      expect(error).to.deep.include({code: 'PMPC_TERRAFORM_MISSING', exitCode: 127})
      expect(await clone.git('status', '--porcelain')).to.equal('')
    })
  })

  describe('validate', () => {
    const check = async () => {
      const {code, ...result} = await clone.pmpc(['iac', 'validate', '--json'], {env: {PATH: await gitAlone(clone)}})
      const {checks} = result.json<ValidateCodeResult>()
      assertSchema('iac-validate', {checks})
      return {code, checks: new Map(checks.map((one) => [one.tool, one]))}
    }

    it('passes what is generated, and names the tools that are not there', async () => {
      const {code, checks} = await check()
      expect(code).to.equal(0)
      const results = [...checks].map(([tool, {result}]) => `${tool} ${result}`)
      expect(results).to.include.members(['hcl passed', 'yaml passed', 'terraform fmt absent', 'ansible-lint absent'])
    })

    it('names file and line of what is broken', async () => {
      clone.write('iac/terraform/broken.tf', 'locals {\n  a = 1\n  b = = 2\n}\n')
      clone.write('iac/ansible/playbooks/broken.yml', '---\n- hosts: all\n  tasks: [\n  - x\n')
      const {code, checks} = await check()
      expect(code).to.equal(1)
      expect(checks.get('hcl')).to.include({result: 'failed'})
      expect(checks.get('hcl')!.findings.map(({file, line}) => `${file}:${line}`)).to.deep.equal([
        'iac/terraform/broken.tf:3',
      ])
      const [found] = checks.get('yaml')!.findings
      expect(found!.file).to.equal('iac/ansible/playbooks/broken.yml')
      expect(found!.line).to.be.within(3, 5)
      const people = await clone.pmpc(['iac', 'validate'])
      expect(people.code).to.equal(1)
      expect(people.stdout).to.contain('iac/terraform/broken.tf:3: error: ')
    })

    it('wants code', async () => {
      await without()
      expect(await clone.fails(['iac', 'validate'])).to.deep.include({code: 'PMPC_IAC_MISSING', exitCode: 64})
    })
  })

  describe('export', () => {
    const MAP = 'cluster: lab\nendpoint: https://192.0.2.20:8006\n'
    const REST = 'nodes: {"*": pve2}\nstorages: {"*": fast}\nbridges: {"*": vmbr7}\n'
    const refused = async (text: string, ...args: string[]) => {
      clone.write('map.yaml', text)
      const picture = await clone.picture()
      const error = await clone.fails(['iac', 'export', '--map', 'map.yaml', ...args])
      expect(await clone.picture()).to.deep.equal(picture)
      return error
    }

    it('says which names the mapping lacks', async () => {
      const {code, exitCode, message} = await refused(`${MAP}nodes: {pve: pve2}\n`)
      expect([code, exitCode]).to.deep.equal(['PMPC_MAP', 1])
      expect(message).to.match(/^map\.yaml does not say .*add:\n {2}storages:\n {4}\S+: … {3}# /)
      expect(message).to.contain('bridges:\n    vmbr0: …   # ').and.not.contain('nodes:')
    })

    it('refuses that two become one', async () => {
      const {code, message} = await refused(`${MAP}${REST}ids: {100: 500, 102: 500}\n`)
      expect(code).to.equal('PMPC_MAP')
      expect(message).to.match(/vm\/100 and \S*vm\/102 would both be /)
    })

    it('refuses VMIDs that are none, and a name that is no folder', async () => {
      for (const offset of [-100, 999_999_999]) {
        const {code, message} = await refused(`${MAP}${REST}offset: ${offset}\n`)
        expect(code).to.equal('PMPC_MAP')
        expect(message).to.match(/vm\/100 would be \d+, .*: VMIDs are 100 to 999999999$/)
      }
      const {message} = await refused(`cluster: ${'a'.repeat(300)}\nendpoint: https://192.0.2.20:8006\n${REST}`)
      expect(message).to.contain('map.yaml:1:1: cluster must be').and.contain('63 at most')
    })

    it('names line and column of what it does not know', async () => {
      const {code, message} = await refused(`${MAP}storage: {}\noffset: x\n`)
      expect(code).to.equal('PMPC_MAP')
      expect(message).to.contain('map.yaml:3:1: key storage is not known here; did you mean storages?')
      expect(message).to.contain('map.yaml:4:')
      expect((await clone.fails(['iac', 'export', '--map', 'none.yaml'])).code).to.equal('PMPC_MAP')
    })

    it('writes into the workspace, and into no place of its own', async () => {
      const codeOf = async (folder: string) => (await refused(MAP + REST, '-o', folder)).code
      expect(await codeOf('../elsewhere')).to.equal('PMPC_OUTSIDE_WORKSPACE')
      expect(await codeOf('/tmp')).to.equal('PMPC_OUTSIDE_WORKSPACE')
      for (const folder of [
        '.',
        'iac',
        'iac/terraform',
        'iac/terraform/x',
        '.git/x',
        'a/.git',
        '.pmpc',
        '.pmpc/x',
        'infra',
        'infra/x',
      ])
        expect(await codeOf(folder), folder).to.equal('PMPC_IAC_OUTPUT')
    })

    it('leaves out a guest whose cards cannot be made, and what is of it', async () => {
      await lab.set('/nodes/pve/qemu/100', {net5: 'virtio,bridge=vmbr0'})
      await lab.api('POST', '/cluster/ha/resources', {sid: 'vm:100', state: 'started'})
      await clone.must('sync', '--accept')
      clone.write('map.yaml', MAP + REST)
      const {leftOut} = (await clone.must('iac', 'export', '--map', 'map.yaml', '--json')).json<ExportResult>()
      const why = new Map(leftOut.map((one) => [one.object, one.why]))
      expect(why.get('home/vm/100')).to.match(/number of the cards is missing.* without any network_device$/)
      expect(why.get('home/ha-resource/100')).to.equal('vm/100, which it is of, is left out')
      expect(terraformOf(clone, 'iac/export/lab')).to.not.match(/_100\b|= 100$/m)
    })

    it('writes nothing with --dry-run, and then the code', async () => {
      clone.write('map.yaml', MAP + REST)
      const picture = await clone.picture()
      const dry = await clone.must('iac', 'export', '--map', 'map.yaml', '--dry-run')
      expect(dry.stdout).to.contain('+++ b/iac/export/lab/terraform/')
      expect(await clone.picture()).to.deep.equal(picture)
      const made = (await clone.must('iac', 'export', '--map', 'map.yaml', '--json')).json<ExportResult>()
      assertSchema('iac-export', made)
      expect(filesOf(clone, 'iac/export/lab')).to.deep.equal(made.files)
      expect(terraformOf(clone, 'iac/export/lab'))
        .to.contain('"pve2"')
        .and.not.match(/^import \{|"pve"/m)
    })
  })
})

for (const seed of ['homelab', 'cluster'] as const)
  describe(`pmpc iac generate --provider telmate, of ${seed}`, function () {
    this.timeout(60_000)
    let lab: Lab

    before(async () => {
      lab = await Lab.start({seed})
    })
    after(async () => lab.stop())

    it('writes HCL into a folder of its own', async () => {
      const clone = await lab.agreed()
      const {files} = await generate(clone, '--provider', 'telmate')
      expect(filesOf(clone, 'iac')).to.deep.equal(files)
      const guests = Object.keys(lab.simulator.simulation.state.guests)
      expect(files.filter((file) => /_\d+\.tf$/.test(file))).to.have.length(guests.length)
      for (const file of files) {
        expect(file).to.match(/^iac\/terraform-telmate\/\w+\.tf$/)
        expect(Object.keys((await parse(file, clone.read(file))) as object), file).to.not.deep.equal([])
      }
      expect((await generate(clone, '--provider', 'telmate')).commit).to.equal(null)
    })
  })

/** A PATH on which Git is, and no tool for code. */
async function gitAlone({lab: {box}}: Clone): Promise<string> {
  const folder = path.join(box.folder, 'git-alone')
  await box.exec('sh', ['-c', `mkdir -p "${folder}" && ln -sf "$(command -v git)" "${folder}/git"`])
  return `${path.join(box.folder, 'bin')}${path.delimiter}${folder}`
}
