import {expect} from 'chai'
import {changesSeed, firstVmid} from './changes-seed.js'
import {changes} from './changes-table.js'
import {Lab, changedLines, type Clone, type SyncJson} from '../support/lab.js'

const fileOf = (index: number): string =>
  `infra/home/${changes[index]![0] === 'vm' ? 'vm' : 'container'}/${firstVmid + index}.yaml`

describe('changes of the cluster, key by key', function () {
  this.timeout(120_000)
  let lab: Lab
  let first: Clone
  let second: Clone
  let afterFirst: SyncJson
  let diffs: Map<string, string[]>
  let again: Map<string, string[]>

  before(async () => {
    lab = await Lab.start({seed: changesSeed(changes)})
    first = await lab.agreed('first')
    second = await lab.clone('first.git', 'second')
    for (const [index, [kind, key, , to]] of changes.entries()) {
      const guest = `/nodes/pve1/${kind === 'vm' ? 'qemu' : 'lxc'}/${firstVmid + index}`
      await lab.set(guest, to === null ? {delete: key} : {[key]: to})
    }
    afterFirst = await first.sync()
    diffs = await diffsOf(first)
    await second.sync()
    again = await diffsOf(second)
  })
  after(async () => lab.stop())

  it('holds at least sixty that change something', () => {
    expect(changes.filter(([, , , , lines]) => lines.length > 0)).to.have.length.above(60)
  })

  for (const [index, [kind, key, from, to, lines]] of changes.entries()) {
    it(`${kind} ${key}: ${JSON.stringify(from)} → ${JSON.stringify(to)}`, () => {
      expect(diffs.get(fileOf(index)) ?? []).to.deep.equal(lines)
      const items = afterFirst.clusters[0]!.open.filter((item) => item.object.endsWith(`/${firstVmid + index}`))
      for (const {field, state} of items) {
        expect(field).to.match(new RegExp(`^config\\.${key}($|[.[])`))
        expect(state).to.equal('drift')
      }
      expect(items.length > 0).to.equal(lines.length > 0)
      expect(again.get(fileOf(index)) ?? [], 'in a clone that synced before anyone accepted').to.deep.equal(lines)
    })
  }

  it('counts what changed, and nothing else', async () => {
    const changed = changes.filter(([, , , , lines]) => lines.length > 0).length
    const {vm, container, ...others} = afterFirst.counts
    expect(vm!.changed + container!.changed).to.be.at.least(changed)
    expect([vm!.added, vm!.removed, container!.added, container!.removed]).to.deep.equal([0, 0, 0, 0])
    for (const counts of Object.values(others))
      expect(counts).to.deep.equal({added: 0, changed: 0, removed: 0, stale: 0})
    expect(await first.open()).to.have.length(afterFirst.open.drift)
    expect(await second.open()).to.deep.equal(await first.open())
    expect(await second.git('rev-parse', 'HEAD:.pmpc/state/home.db')).to.equal(
      await first.git('rev-parse', 'HEAD:.pmpc/state/home.db'),
    )
  })

  it('offers all of it again after `git restore infra`', async () => {
    await second.git('restore', 'infra')
    expect(await second.diff()).to.deep.equal([])
    expect((await second.sync()).commit).to.equal(null)
    expect(await diffsOf(second)).to.deep.equal(diffs)
  })

  it('is empty after accept and a second sync, there and in a fresh clone', async () => {
    await first.must('accept')
    const head = await first.head()
    expect(await first.git('diff', 'infra')).to.equal('')
    const result = await first.sync()
    expect(result.commit).to.equal(null)
    expect(result.open).to.deep.equal({drift: 0, conflicts: 0})
    expect(await first.head()).to.equal(head)
    expect(await first.git('status', '--porcelain')).to.equal('')
    await first.git('push', '-q')
    const fresh = await lab.clone('first.git', 'fresh')
    expect((await fresh.sync()).commit).to.equal(null)
    expect(await fresh.git('status', '--porcelain')).to.equal('')
  })

  it('is agreed on in the clone that had synced before, once it is merged', async () => {
    await second.git('pull', '-q', '--no-rebase', '--no-edit').catch(async () => {
      await second.git('restore', 'infra')
      await second.git('pull', '-q', '--no-rebase', '--no-edit')
    })
    const result = await second.sync()
    expect(result.open).to.deep.equal({drift: 0, conflicts: 0})
    expect(await second.git('diff', 'infra')).to.equal('')
    expect((await second.sync()).commit).to.equal(null)
  })
})

async function diffsOf(clone: Clone): Promise<Map<string, string[]>> {
  const patch = await clone.git('diff', '--no-ext-diff', '-U0', '--', 'infra')
  const parts = patch.split(/^diff --git a\/(\S+) .*\n/m).slice(1)
  const diffs = new Map<string, string[]>()
  for (let i = 0; i < parts.length; i += 2) diffs.set(parts[i]!, changedLines(parts[i + 1]!))
  return diffs
}
