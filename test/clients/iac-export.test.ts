import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {Lab, type Clone} from '../support/lab.js'
import {mirror, needs, type Change} from './support.js'

interface Exported {
  files: string[]
  written: string[]
  commit: string | null
  leftOut: {object: string; why: string}[]
}

/** Of the cluster that is exported to, the seed of one node. */
const MAP = (endpoint: string) => `cluster: lab
endpoint: ${endpoint}
nodes: {"*": pve}
storages: {"*": local-lvm, local: local, backup: local}
bridges: {"*": vmbr0}
offset: 20000
`

describe('what pmpc iac export writes, with the real provider', function () {
  this.timeout(600_000)
  let lab: Lab
  let other: Lab
  let clone: Clone
  let folder: string

  before(async function () {
    needs(this, mirror)
    lab = await Lab.start({seed: 'cluster'})
    other = await Lab.start({seed: 'homelab'})
    const image = {content: 'iso', filename: 'virtio-win-0.1.266.iso', url: 'https://images.example.com/virtio-win.iso'}
    await other.api('POST', '/nodes/pve/storage/local/download-url', image)
    clone = await lab.workspace()
    await clone.must('sync', '--accept')
    writeFileSync(path.join(lab.box.folder, 'ws', 'map.yaml'), MAP(other.simulator.url))
    const made = (await clone.must('iac', 'export', '--map', 'map.yaml', '--json')).json<Exported>()
    expect(made.commit).to.match(/^[0-9a-f]{40}/)
    folder = path.join(lab.box.folder, 'ws', 'iac', 'export', 'lab', 'terraform')
    // What is bound from the node into a container wants root@pam, and no token.
    const root =
      'provider "proxmox" {\n  alias     = "lab"\n  api_token = null\n  username  = "root@pam"\n  password  = "simulator"\n}\n'
    writeFileSync(path.join(folder, 'providers_override.tf'), root)
    // Whom both clusters have cannot be made in the other one.
    await other.api('DELETE', '/access/users/pmpc@pve')
    await terraform(['init', '-input=false', '-no-color', `-plugin-dir=${mirror}`])
  })
  after(async () => {
    await lab?.stop()
    await other?.stop()
  })

  async function terraform(args: string[]): Promise<string> {
    const token = other.simulator.tokenId
    const template = 'local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst'
    const {code, stdout, stderr} = await lab.box.exec('terraform', args, {
      cwd: folder,
      env: {
        CHECKPOINT_DISABLE: '1',
        TF_IN_AUTOMATION: '1',
        TF_VAR_lab_api_token: `${token}=${other.simulator.tokens[token]!}`,
        TF_VAR_lab_insecure: 'true',
        TF_VAR_template_debian: template,
        TF_VAR_template_alpine: template,
        TF_VAR_template_ubuntu: template,
        TF_VAR_vm_20102_password: 'a password',
      },
    })
    if (code !== 0) throw new Error(`terraform ${args.join(' ')}: ${code}\n${stdout}\n${stderr}`)
    return stdout
  }

  async function plan(): Promise<Change[]> {
    await terraform(['plan', '-input=false', '-no-color', '-out=saved.plan'])
    const shown = JSON.parse(await terraform(['show', '-json', 'saved.plan'])) as {resource_changes?: Change[]}
    return shown.resource_changes ?? []
  }

  const doing = (changes: Change[]) => changes.map(({address, change}) => `${address} ${change.actions.join()}`)

  it('is spelled as terraform fmt spells it, and is valid', async () => {
    await terraform(['fmt', '-check', '-recursive'])
    await terraform(['validate', '-no-color'])
  })

  it('makes all of it and changes nothing, and the second plan is empty', async () => {
    const changes = await plan()
    const guests = [100, 101, 102, 110, 111, 120, 9000, 200, 201, 202].map((id) => id + 20_000)
    expect(doing(changes).filter((line) => !line.endsWith(' create'))).to.deep.equal([])
    for (const id of guests) expect(doing(changes).join('\n')).to.contain(`_${id} create`)
    await terraform(['apply', '-input=false', '-no-color', 'saved.plan'])
    const there = Object.keys(other.simulator.simulation.state.guests)
    expect(there).to.include.members(guests.map(String))
    expect(differences(await plan())).to.deep.equal([])
  })
})

/** What a plan would change, attribute by attribute. */
function differences(changes: readonly Change[]): string[] {
  return changes.flatMap(({address, change: {actions, before, after}}) => {
    if (actions.join() === 'no-op') return []
    const [was, is] = [before, after].map((side) => (side ?? {}) as Record<string, unknown>)
    const keys = Object.keys({...was, ...is}).filter((key) => JSON.stringify(was![key]) !== JSON.stringify(is![key]))
    return [
      `${address} ${actions.join()}`,
      ...keys.map((key) => `  ${key}: ${JSON.stringify(was![key])} -> ${JSON.stringify(is![key])}`),
    ]
  })
}
