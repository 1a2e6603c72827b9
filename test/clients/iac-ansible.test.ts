import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import fc from 'fast-check'
import type {Observed} from '../../src/kit/resources/index.js'
import {ansible} from '../../plugins/iac/src/ansible/index.js'
import {openTexts} from '../../plugins/iac/src/texts.js'
import {ansibleChecks, yamlSyntax} from '../../plugins/iac/src/validate/ansible.js'
import type {Check} from '../../plugins/iac/src/validate/checks.js'
import {aCluster, aContainer, aNode, aVm, hostileTexts} from '../../plugins/iac/test/estates.js'
import {Lab, type Clone} from '../support/lab.js'
import {sandbox, type RunResult, type Sandbox} from '../support/pmpc.js'
import {needs, python} from './support.js'

const programs = path.dirname(python)
const tools = ['ansible-inventory', 'ansible-playbook --syntax-check', 'ansible-lint']
const results = (checks: readonly Check[]) => checks.map(({tool, result}) => `${tool} ${result}`)
const findings = (checks: readonly Check[]) => checks.flatMap((check) => check.findings)

/** Runs a program of Ansible's in the code of a workspace; its own files go into the sandbox. */
function ansibleIn(box: Sandbox, root: string) {
  const cwd = path.join(root, 'iac', 'ansible')
  const env = {
    PATH: `${programs}${path.delimiter}${box.env.PATH}`,
    ANSIBLE_HOME: path.join(box.folder, 'ansible'),
    ANSIBLE_LOCAL_TEMP: path.join(box.folder, 'local'),
    ANSIBLE_REMOTE_TEMP: path.join(box.folder, 'remote'),
    ANSIBLE_STDOUT_CALLBACK: 'ansible.builtin.json',
    ANSIBLE_LOCALHOST_WARNING: 'False',
    PYTHONWARNINGS: 'ignore',
  }
  return (program: string, args: string[], more: Record<string, string> = {}): Promise<RunResult> =>
    box.exec(python, [path.join(programs, program), ...args], {cwd, env: {...env, ...more}})
}

interface Played {
  plays: {tasks: {task: {name: string}; hosts: Record<string, Told>}[]}[]
}
interface Told {
  msg?: unknown
  failed?: boolean
  results?: Told[]
}
const toldOf = (run: RunResult, name: string) =>
  run
    .json<Played>()
    .plays.flatMap(({tasks}) => tasks)
    .find(({task}) => task.name === name)!.hosts

/** The messages of what failed at a task, also of a loop. */
const failedAt = ({results: list, ...one}: Told): unknown[] =>
  (list ?? [one]).filter(({failed}) => failed).map(({msg}) => msg)

describe('Ansible with the code that pmpc wrote', function () {
  this.timeout(300_000)
  before(function () {
    needs(this, path.join(programs, 'ansible-lint'))
  })

  for (const seed of ['homelab', 'cluster'] as const)
    describe(`of the seed ${seed}`, () => {
      let lab: Lab
      let ws: Clone
      let run: ReturnType<typeof ansibleIn>
      let secret: Record<string, string>

      before(async () => {
        lab = await Lab.start({seed})
        lab.box.env.PATH = `${programs}${path.delimiter}${lab.box.env.PATH}`
        ws = await lab.workspace()
        await ws.must('sync')
        await ws.must('iac', 'generate', '--target', 'ansible')
        run = ansibleIn(lab.box, ws.root)
        secret = {PROXMOX_TOKEN_SECRET: lab.simulator.tokens[lab.simulator.tokenId]!}
      })
      after(() => lab?.stop())

      it('finds every host and variable as meant, can be parsed, and passes the production profile', async () => {
        const {checks} = (await ws.must('iac', 'validate', '--json')).json<{checks: Check[]}>()
        expect(findings(checks)).to.deep.equal([])
        expect(results(checks)).to.include.members(['yaml passed', ...tools.map((tool) => `${tool} passed`)])
        expect(await ws.git('status', '--porcelain', '--', 'iac')).to.equal('')
      })

      it('is the same byte for byte when it is written again', async () => {
        const again = (await ws.must('iac', 'generate', '--target', 'ansible', '--json')).json<object>()
        expect(again).to.deep.include({written: [], removed: [], commit: null})
      })

      it('agrees with the API, until something is changed there', async () => {
        const clean = await run('ansible-playbook', ['playbooks/pve-audit.yml'], secret)
        expect(clean.code, clean.stdout + clean.stderr).to.equal(0)
        const {node} = lab.simulator.simulation.state.guests[200]!
        await lab.set(`/nodes/${node}/lxc/200`, {memory: 1024, tags: 'other'})
        const changed = await run('ansible-playbook', ['playbooks/pve-audit.yml', '--limit', 'lxc'], secret)
        const hosts = toldOf(changed, 'Compare what is recorded with what is there')
        const failed = Object.entries(hosts).flatMap(([host, told]) =>
          failedAt(told).map((msg) => `${host} ${String(msg)}`),
        )
        expect(failed).to.deep.equal([
          'dns1 tags: infra prod recorded, other now',
          `dns1 memory: ${seed === 'cluster' ? 512 : 256} recorded, 1024 now`,
        ])
      })
    })

  describe('of guests whose names, notes and tags are meant to break it', () => {
    let box: Sandbox
    let root: string
    let run: ReturnType<typeof ansibleIn>
    const sampled = {numRuns: 60, seed: Number(process.env.PMPC_TEST_SEED ?? 1)}
    /** Texts, as files can hold them: half a surrogate pair is in none. */
    const texts = [
      ...hostileTexts,
      ...fc.sample(fc.string({unit: 'binary', minLength: 1, maxLength: 60}), sampled),
      ...fc.sample(fc.string({unit: fc.constantFrom(...'{}%#"\\\'\n: -!&*|>@`,$')}), sampled),
    ].map((text) => text.replaceAll(/\p{Cs}/gu, '\ufffd'))
    const objects: Observed[] = [
      aNode('pve1'),
      ...texts.map((text, i) =>
        aVm(100 + i, {name: text, description: text, tags: [text, 'all'], ostype: 'l26'}, {pool: text, node: 'pve1'}),
      ),
      ...['a-b', 'a_b', 'a.b'].map((tag, i) => aVm(900 + i, {name: 'same', tags: [tag]})),
      aContainer(990, {hostname: 'here', cores: os.cpus().length, memory: memoryHere(), net0: {ip: '192.0.2.5/24'}}),
    ]

    before(async () => {
      box = sandbox()
      root = path.join(box.folder, 'ws')
      const {files} = await ansible({clusters: [aCluster(...objects)]}, await openTexts(root), {read: () => undefined})
      for (const file of files) write(`iac/${file.path}`, file.text)
      run = ansibleIn(box, root)
    })
    after(() => box?.remove())

    function write(file: string, text: string): void {
      mkdirSync(path.dirname(path.join(root, file)), {recursive: true})
      writeFileSync(path.join(root, file), text)
    }

    it('finds every host and variable as meant, can be parsed, and passes the production profile', async () => {
      const checks = [
        await yamlSyntax(root),
        ...(await ansibleChecks(root, {env: {...box.env, PATH: `${programs}:/usr/bin:/bin`}})),
      ]
      expect(findings(checks)).to.deep.equal([])
      expect(results(checks)).to.deep.equal(['yaml', ...tools].map((tool) => `${tool} passed`))
      expect(existsSync(path.join(root, 'iac/ansible/.ansible'))).to.equal(false)
    })

    it('never templates a text, and brings each back', async () => {
      write(
        'iac/ansible/playbooks/texts.yml',
        '- hosts: qemu\n  gather_facts: false\n  tasks:\n    - name: Say them\n      ansible.builtin.debug:\n' +
          '        msg: ["{{ pve_name }}", "{{ pve_description | default(none) }}", "{{ pve_tags }}", "{{ pve_pool | default(none) }}"]\n',
      )
      const said = await run('ansible-playbook', ['playbooks/texts.yml'])
      expect(said.code, said.stdout + said.stderr).to.equal(0)
      const told = Object.values(toldOf(said, 'Say them')).map(({msg}) => JSON.stringify(msg))
      const meant = objects.flatMap(({kind, config, facts}) =>
        kind === 'vm'
          ? [JSON.stringify([config.name, config.description ?? null, config.tags, facts.pool ?? null])]
          : [],
      )
      expect(told).to.have.members(meant)
    })

    it('lets the files of people win over an address, and names each tag by one group', async () => {
      write(
        'iac/ansible/inventories/home/host_vars/here/main.yml',
        `ansible_host: 198.51.100.1\nansible_connection: local\nansible_python_interpreter: ${python}\n`,
      )
      const listed = await run('ansible-inventory', ['--list'])
      const inventory = listed.json<Record<string, {hosts?: string[]}> & {_meta: {hostvars: Record<string, object>}}>()
      expect(inventory._meta.hostvars.here).to.include({ansible_host: '198.51.100.1', pve_ip_source: 'net0'})
      expect(inventory.tag_a_b!.hosts).to.deep.equal(['same-901'])
      const groups = Object.keys(inventory).filter((name) => /^tag_a_b_[0-9a-f]{6}$/.test(name))
      const inside = groups.map((name) => inventory[name]!.hosts)
      expect(inside).to.deep.include.members([['same-900'], ['same-902']])
      for (const hosts of inside) expect(hosts).to.have.length(1)
    })

    it('audits a guest from the inside, and names what is otherwise there', async () => {
      const only = ['playbooks/audit.yml', '--limit', 'here']
      const clean = await run('ansible-playbook', only)
      expect(clean.code, clean.stdout + clean.stderr).to.equal(0)
      const vars = 'iac/ansible/inventories/home/host_vars/here/pve.yml'
      const text = readFileSync(path.join(root, vars), 'utf8')
      write(vars, text.replace(/^pve_vcpus: .*$/m, 'pve_vcpus: 4096'))
      const changed = await run('ansible-playbook', only)
      write(vars, text)
      expect(failedAt(toldOf(changed, 'Compare the processors').here!)).to.deep.equal([
        `vCPUs: 4096 recorded, ${os.cpus().length} inside`,
      ])
    })

    it('names what is wrong with its file and line, and the tools that are not there', async () => {
      const file = 'iac/ansible/playbooks/ping.yml'
      const text = readFileSync(path.join(root, file), 'utf8')
      write(file, text.replace('wait_for_connection', 'wait_for_nobody'))
      write('iac/ansible/playbooks/torn.yml', '---\n- name: "Torn\n')
      write('iac/ansible/inventories/home/host_vars/same-900/zz.yml', 'pve_vmid: 1\n')
      const env = {...box.env, PATH: `${programs}:/usr/bin:/bin`}
      const [yaml, inventory, syntax, lint] = [await yamlSyntax(root), ...(await ansibleChecks(root, {env}))]
      expect(yaml.findings.map((one) => one.file)).to.deep.equal(['iac/ansible/playbooks/torn.yml'])
      expect(inventory!.findings).to.deep.equal([
        {
          file: 'iac/ansible/inventories/home/host_vars/same-900/pve.yml',
          line: null,
          message: 'Ansible reads pve_vmid otherwise than it was written',
        },
      ])
      expect(syntax!.findings.map((one) => `${one.file}:${one.line}`)).to.have.members([
        `${file}:8`,
        'iac/ansible/playbooks/torn.yml:3',
      ])
      expect(lint!.findings.map((one) => one.file)).to.include.members([file, 'iac/ansible/playbooks/torn.yml'])
      const without = await ansibleChecks(root, {env: {PATH: '/nonexistent'}})
      expect(without.map(({tool, result, why}) => `${tool}: ${result}, ${why}`)).to.deep.equal([
        'ansible-inventory: absent, ansible-inventory is not on PATH',
        'ansible-playbook --syntax-check: absent, ansible-playbook is not on PATH',
        'ansible-lint: absent, ansible-lint is not on PATH',
      ])
    })
  })

  describe('taking snapshots', () => {
    let lab: Lab
    let run: ReturnType<typeof ansibleIn>
    const names = async () =>
      (await lab.api<{name: string}[]>('GET', '/nodes/pve1/lxc/200/snapshot')).map(({name}) => name)

    before(async () => {
      lab = await Lab.start({seed: 'cluster'})
      const ws = await lab.workspace()
      await ws.must('sync')
      await ws.must('iac', 'generate', '--target', 'ansible')
      run = ansibleIn(lab.box, ws.root)
    })
    after(() => lab?.stop())

    it('does nothing unless somebody says yes, and removes none', async () => {
      const secret = {PROXMOX_TOKEN_SECRET: lab.simulator.tokens[lab.simulator.tokenId]!}
      const take = (...said: string[]) =>
        run(
          'ansible-playbook',
          ['playbooks/snapshot.yml', '--limit', 'dns1', ...said.flatMap((one) => ['-e', one])],
          secret,
        )
      for (const said of [[], ['pve_snapshot_name=before'], ['pve_snapshot_name=before', 'pve_snapshot_confirm=no']])
        expect((await take(...said)).code).to.equal(2)
      expect(await names()).to.have.members(['clean', 'current'])
      const taken = await take('pve_snapshot_name=before', 'pve_snapshot_confirm=yes')
      expect(taken.code, taken.stdout + taken.stderr).to.equal(0)
      expect(await names()).to.have.members(['clean', 'before', 'current'])
    })
  })
})

/** MiB that a guest would have to have for the machine that the test runs on. */
function memoryHere(): number {
  return Math.ceil(os.totalmem() / 2 ** 20)
}
