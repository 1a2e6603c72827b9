import {expect} from 'chai'
import {formatRef, parseRef} from '../../../src/kit/resources/index.js'
import {spliceManifests, type ManifestSide} from '../../../src/kit/reconcile/texts.js'
import {parseManifests} from '../../../src/kit/workspace/manifests.js'

function sideOf(files: Record<string, string>): ManifestSide {
  const documents = Object.entries(files).flatMap(([path, text]) =>
    parseManifests(text, path, ['home']).documents.map(({ref}) => [formatRef(ref), {ref, path}] as const),
  )
  const places = new Map(documents)
  return {places, pathOf: (ref) => places.get(formatRef(ref))?.path, read: (path) => Promise.resolve(files[path])}
}

const added = (object: string) => {
  const ref = parseRef(`home/${object}`)
  return {ref, edits: [{do: 'write' as const, declared: {kind: ref.kind, id: ref.id, config: {}}}]}
}

const vm101 = 'kind: vm\nid: 101\nconfig: {}\n---\nkind: firewall\nid: guest/101\nconfig: {}\n'
const vm102 = '# ours\nkind: vm\nid: 102\nconfig: {}\n'
const firewall102 = 'kind: firewall\nid: guest/102\nconfig: {}\n'

describe('new documents', () => {
  it('begin their life in the folder of their kind', async () => {
    const {texts} = await spliceManifests(sideOf({}), ['user/a@pve', 'firewall/guest/102', 'acl/acl'].map(added))
    expect([...texts.keys()]).to.deep.equal([
      'infra/home/access/user/a@pve.yaml',
      'infra/home/access/acl.yaml',
      'infra/home/firewall/guest/102.yaml',
    ])
  })

  it("leave somebody else's file to them", async () => {
    const {texts} = await spliceManifests(sideOf({'infra/home/access/acl.yaml': '# later\n'}), [added('acl/acl')])
    expect([...texts.keys()]).to.deep.equal(['infra/home/access/acl.2.yaml'])
  })

  it('are apart where their ids differ only in the case of letters', async () => {
    const both = ['security-group/Web', 'security-group/web'].map(added)
    const folder = 'infra/home/firewall/group'
    expect([...(await spliceManifests(sideOf({}), both)).texts.keys()]).to.deep.equal([
      `${folder}/Web.yaml`,
      `${folder}/web.2.yaml`,
    ])
    const there = {[`${folder}/Web.yaml`]: 'kind: security-group\nid: Web\nconfig: {}\n'}
    const {texts} = await spliceManifests(sideOf(there), [added('security-group/web')])
    expect([...texts.keys()]).to.deep.equal([`${folder}/web.2.yaml`])
  })

  it('have lines that begin with # in a text of several lines, which is no comment of people', async () => {
    const ref = parseRef('home/node/pve1')
    const text = 'kind: node\nid: pve1\nconfig:\n  description: old # why\n'
    const set = (value: string) => [{ref, edits: [{do: 'set' as const, path: ['config', 'hosts'], value}]}]
    const hosts = '127.0.0.1 localhost\n# The following lines are for IPv6\n::1 localhost\n'
    const {texts, kept} = await spliceManifests(sideOf({'infra/home/node/pve1.yaml': text}), set(hosts))
    expect([...texts.values()][0]).to.contain('\n    # The following lines')
    expect(kept).to.deep.equal([])
    const both = [{ref, edits: [{do: 'write' as const, declared: {kind: ref.kind, id: ref.id, config: {hosts}}}]}]
    expect((await spliceManifests(sideOf({'infra/home/vm/1.yaml': vm102}), both)).kept).to.deep.equal([])
    const gone = [{ref, edits: [{do: 'set' as const, path: ['config', 'description'], value: undefined}]}]
    const left = await spliceManifests(sideOf({'infra/home/node/pve1.yaml': text}), gone)
    expect(left.kept.map(({why}) => why)).to.deep.equal([
      '"# why" stays in infra/home/node/pve1.yaml, though its value goes',
    ])
  })

  it("join their parent's file where others of their sort do, below what stands there", async () => {
    const files = {'infra/home/vm/101.yaml': vm101, 'infra/home/vm/102.yaml': vm102}
    const {texts} = await spliceManifests(sideOf(files), [added('firewall/guest/102')])
    expect([...texts]).to.deep.equal([['infra/home/vm/102.yaml', `${vm102}---\n${firewall102}`]])
  })

  it('join a parent that comes with them', async () => {
    const files = {'infra/home/vm/101.yaml': vm101}
    const {texts} = await spliceManifests(sideOf(files), ['firewall/guest/102', 'vm/102'].map(added))
    expect([...texts]).to.deep.equal([['infra/home/vm/102.yaml', `kind: vm\nid: 102\nconfig: {}\n---\n${firewall102}`]])
  })

  it('go into the file in which they stand on the other side', async () => {
    const like = sideOf({'infra/home/vm/102.yaml': `${vm102}---\n${firewall102}`})
    const head = sideOf({'infra/home/vm/102.yaml': vm102})
    const {texts} = await spliceManifests(head, [added('firewall/guest/102')], {like})
    expect([...texts]).to.deep.equal([['infra/home/vm/102.yaml', `${vm102}---\n${firewall102}`]])
  })

  it('and go from it again', async () => {
    const files = {'infra/home/vm/102.yaml': `${vm102}---\n${firewall102}`}
    const ref = parseRef('home/firewall/guest/102')
    const {texts} = await spliceManifests(sideOf(files), [{ref, edits: [{do: 'remove'}]}])
    expect([...texts]).to.deep.equal([['infra/home/vm/102.yaml', vm102]])
  })
})
