import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {loadContract} from '../../plugins/simulator/src/contract/contract.js'
import {wireKinds} from '../../src/kit/resources/kinds/on-wire.js'
import {groups} from '../support/kinds/cases.js'
import {Proof} from '../support/kinds/proof.js'
import {Lab, type Clone, type ErrorJson} from '../support/lab.js'
import {sparse} from './iac-sparse.js'
import {mirror, needs} from './support.js'

interface Proved {
  imports: number
  noop: number
  residual: {object: string; attribute: string}[]
}

interface Generated {
  verdicts: {object: string; verdict: string; why: string | null; change: string | null}[]
  coverage: {mapped: number}
}

/** Objects of `sparse` that a change of a key or two makes what code can be of, or be edited. */
const changed = [
  ...['home/storage/slvm', 'home/network/pve1', 'home/firewall/cluster', 'home/firewall/node/pve1'],
  ...['home/firewall/node/pve2', 'home/sdn-zone/sev', 'home/sdn-zone/sqi'],
]

/** All the code. */
const textOf = (clone: Clone): string => {
  const folder = path.join(clone.root, 'iac', 'terraform')
  const files = readdirSync(folder, {recursive: true, encoding: 'utf8'}).filter((file) => file.endsWith('.tf'))
  return files.map((file) => readFileSync(path.join(folder, file), 'utf8')).join('\n')
}

/** A command as a shell would take it apart. */
const words = (command: string): string[] =>
  [...command.matchAll(/(?:[^\s']|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ''))

/** `pvesh set PATH --KEY VALUE …`, as a node runs it. */
async function onNode(lab: Lab, [program, verb, at, ...options]: string[]): Promise<void> {
  expect([program, verb]).to.deep.equal(['pvesh', 'set'])
  const pairs = options.flatMap((word, index) => (index % 2 === 0 ? [[word.slice(2), options[index + 1]!]] : []))
  await lab.api('PUT', at!, Object.fromEntries(pairs) as Record<string, string>)
}

/** A backup job with what the provider reads: those of the cases have `exclude-path`, too, which it does not. */
const readable = {
  ...{id: 'kread', schedule: '02:00', storage: 'local', vmid: '102,100', mode: 'snapshot', compress: 'zstd', zstd: 2},
  ...{pigz: 2, bwlimit: 1, ionice: 1, lockwait: 1, stopwait: 1, remove: 1, protected: 1, stdexcludes: 1, script: 'one'},
  ...{
    mailto: 'root,ops@example.com',
    mailnotification: 'always',
    'notes-template': '{{guestname}} ${x}',
    tmpdir: '/one',
  },
  ...{'prune-backups': 'keep-last=3,keep-daily=7', 'repeat-missed': 1, 'pbs-change-detection-mode': 'legacy'},
  ...{fleecing: 'enabled=1,storage=local', performance: 'max-workers=4,pbs-entries-max=1024', node: 'pve1'},
}

/** Generates the code of what was recorded and has the provider plan it. */
async function proof(clone: Clone): Promise<{generated: Generated; proved: Proved}> {
  const generated = (await clone.must('iac', 'generate', '--target', 'terraform', '--json')).json<Generated>()
  const shown = await clone.pmpc(['iac', 'prove', '--plugin-dir', mirror, '--json'])
  const proved = shown.json<Proved & Partial<ErrorJson>>()
  if (proved.error) throw new Error(`${proved.error.message}\n${shown.stderr}`)
  return {generated, proved}
}

for (const release of ['8.4', '9.2'] as const)
  describe(`Terraform code of what is recorded, with bpg/proxmox, on ${release}`, function () {
    this.timeout(1_200_000)
    let lab: Lab | undefined

    before(function () {
      needs(this, mirror)
    })
    afterEach(async () => {
      await lab?.stop()
      lab = undefined
    })

    it('of every kind with every key changes nothing', async () => {
      lab = await Lab.start({seed: 'cluster', pve: release, offlineServices: 'accept'})
      const clone = await lab.workspace()
      const made = new Proof(
        (method, path, given) => lab!.api(method, path, given),
        await loadContract(release),
        groups,
        wireKinds,
      )
      expect(await made.making(clone)).to.deep.equal([])
      await lab.api('POST', '/cluster/backup', readable)
      await clone.sync()
      const {proved} = await proof(clone)
      expect(proved.residual).to.deep.equal([])
      expect(proved.noop).to.equal(proved.imports).and.to.be.greaterThan(300)
    })

    it('of objects with few keys changes nothing, nor does it once what the verdicts ask for is changed', async () => {
      lab = await Lab.start({seed: 'cluster', pve: release, offlineServices: 'accept'})
      const clone = await lab.workspace()
      const refused: string[] = []
      for (const [method, path, params, only = release] of sparse)
        if (only === release) await lab.api(method, path, params).catch((error: Error) => refused.push(error.message))
      expect(refused).to.deep.equal([])
      await clone.must('sync', '--accept')
      const first = await proof(clone)
      expect(first.proved.residual).to.deep.equal([])
      expect(first.proved.noop).to.equal(first.proved.imports)
      expect(textOf(clone)).to.not.include('hunter2')

      const asked = first.generated.verdicts.filter(({object, change}) => change !== null && !/\/vm\//.test(object))
      expect(asked.map(({object}) => object)).to.include.members(changed)
      for (const {object, change} of asked)
        if (change!.startsWith('pmpc '))
          await clone.must(...words(change!).slice(1), '--yes', '--allow', `cuts-network:${object}`)
        else
          for (const command of change!.replace('   # on a node', '').split(' && ')) await onNode(lab, words(command))
      await clone.sync()
      const second = await proof(clone)
      expect(second.proved.residual).to.deep.equal([])
      expect(second.proved.noop).to.equal(second.proved.imports).and.to.be.greaterThan(first.proved.imports)
      const left = second.generated.verdicts.filter(({object}) => asked.some((each) => each.object === object))
      expect(left.filter(({verdict, change}) => verdict !== 'safe' || change !== null)).to.deep.equal([])
    })
  })
