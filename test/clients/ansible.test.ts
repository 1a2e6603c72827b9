import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {beside, needs, python, serve, type RunInput, type Served} from './support.js'

/** Whether a first and a second run report a change, as on the real daemon. */
const CHANGED = {
  pool: [true, false],
  storage: [true, false],
  kvm: [true, false],
  update: [true, true],
  disk: [true, true],
  resize: [true, false],
  nic: [true, false],
  snap: [true, false],
  clone: [true, false],
  member: [true, false],
  container: [true, true],
}

describe('Ansible with community.proxmox', function () {
  this.timeout(240_000)
  let served: Served
  let options: RunInput

  before(async function () {
    needs(this, python)
    served = await serve()
    const {folder, env} = served.box
    options = {
      cwd: folder,
      env: {
        PATH: `${path.dirname(python)}${path.delimiter}${env.PATH}`,
        ANSIBLE_LOCAL_TEMP: path.join(folder, 'local'),
        ANSIBLE_REMOTE_TEMP: path.join(folder, 'remote'),
        ANSIBLE_STDOUT_CALLBACK: 'ansible.builtin.json',
        ANSIBLE_PYTHON_INTERPRETER: python,
        ANSIBLE_LOCALHOST_WARNING: 'False',
        PYTHONWARNINGS: 'ignore',
      },
    }
  })
  after(() => served?.stop())

  const ansible = (program: string, args: string[]) =>
    served.run(python, [path.join(path.dirname(python), program), ...args], options)

  it('reports a second change of its VM, container, pool, snapshot and storage modules where the real daemon makes it do so', async () => {
    const {hostname, port} = new URL(served.url)
    const extra = JSON.stringify({api_host: hostname, api_port: Number(port), ansible_python_interpreter: python})
    const run = await ansible('ansible-playbook', [
      '-i',
      'localhost,',
      '-c',
      'local',
      '-e',
      extra,
      beside('ansible.yml'),
    ])
    const {plays} = run.json<{plays: {tasks: {task: {name: string}; hosts: Record<string, {msg?: unknown}>}[]}[]}>()
    const told = plays.flatMap(({tasks}) => tasks).find(({task}) => task.name === 'What each run said')
    expect(told!.hosts.localhost!.msg).to.deep.equal(CHANGED)
  })

  it('lists the guests in its inventory, in groups, with facts', async () => {
    const lines = {plugin: 'community.proxmox.proxmox', url: served.url, user: 'root@pam', password: 'rootpass1'}
    const file = path.join(served.box.folder, 'lab.proxmox.yml')
    writeFileSync(file, JSON.stringify({...lines, validate_certs: false, want_facts: true}))
    const run = await ansible('ansible-inventory', ['-i', file, '--list'])
    const inventory = run.json<Record<string, {hosts?: string[]}> & {_meta: {hostvars: Record<string, unknown>}}>()
    expect(inventory.proxmox_all_qemu!.hosts).to.have.members(['ans800', 'ans801'])
    expect(inventory.proxmox_all_lxc!.hosts).to.have.members(['ans850'])
    expect(inventory.proxmox_pool_anspool!.hosts).to.have.members(['ans800'])
    expect(inventory.proxmox_all_stopped!.hosts).to.have.members(['ans800', 'ans801', 'ans850'])
    const {ans800} = inventory._meta.hostvars
    expect(ans800).to.deep.include({proxmox_vmid: 800, proxmox_cores: 2, proxmox_vmtype: {__ansible_unsafe: 'qemu'}})
  })
})
