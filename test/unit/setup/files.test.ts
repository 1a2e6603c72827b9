import {expect} from 'chai'
import {parse} from 'yaml'
import type {ClusterAccess} from '../../../src/kit/proxmox/index.js'
import {clusterEdit} from '../../../src/kit/setup/config-text.js'
import {withLines} from '../../../src/kit/setup/files.js'

const ca = '-----BEGIN CERTIFICATE-----\nMIIB\nAAAA==\n-----END CERTIFICATE-----\n'
const access: ClusterAccess = {
  cluster: 'home',
  endpoints: ['https://192.0.2.10:8006'],
  trust: {ca},
  tokenId: 'pmpc@pve!sync',
}
const entry = {endpoints: access.endpoints, token: 'pmpc@pve!sync', trust: {ca}}

describe('pmpc.yaml', () => {
  it('is made with one cluster', async () => {
    const text = (await clusterEdit(access))(undefined)
    expect(parse(text)).to.deep.equal({version: 1, clusters: {home: entry}})
    expect(text).to.contain('    trust:\n      ca: |\n        -----BEGIN CERTIFICATE-----\n')
  })

  const others: Record<string, string> = {
    'comments and order':
      '# mine\nignore: # why\n  - {tag: tmp}\n\nversion: 1\nclusters:\n    # the office\n    work: {endpoints: [https://x:8006], token: a@pve!bc, trust: {system: true}}\n\n# the end\n',
    'clusters in the middle':
      'version: 1\nclusters:\n  work:\n    endpoints: [https://x:8006]\n    token: a@pve!bc\n    trust:\n      system: true\nignore: []\n',
    'no clusters yet': 'version: 1\nignore: []',
    'an empty map': 'version: 1\nclusters:\nignore: []\n',
    'a flow map':
      'version: 1\nclusters: {work: {endpoints: [https://x:8006], token: a@pve!bc, trust: {system: true}}} # all\n',
    CRLF: 'version: 1\r\nclusters:\r\n  work:\r\n    endpoints: [https://x:8006]\r\n    token: a@pve!bc\r\n    trust: {system: true}\r\n# end\r\n',
  }
  for (const [name, before] of Object.entries(others)) {
    it(`gets a cluster added and keeps all else: ${name}`, async () => {
      const after = (await clusterEdit(access))(before)
      const data = parse(before) as {clusters?: object}
      expect(parse(after)).to.deep.equal({...data, clusters: {...data.clusters, home: entry}})
      const kept = before.split(/\r?\n/).filter((line) => line !== '' && name !== 'a flow map')
      for (const line of kept) expect(after.split(/\r?\n/)).to.include(line)
      expect(after.includes('\r\n')).to.equal(before.includes('\r\n'))
      expect((await clusterEdit(access))(after)).to.equal(after)
    })
  }

  it('a cluster set up again changes its own lines alone', async () => {
    const before = (await clusterEdit(access))(
      'version: 1\nclusters:\n  work:\n    endpoints: [https://x:8006] # office\n    token: a@pve!bc\n    trust: {system: true}\n',
    )
    const again = {...access, endpoints: ['https://192.0.2.11:8006'], trust: {fingerprint: 'AA'}}
    const after = (await clusterEdit(again))(before)
    expect(after)
      .to.contain('# office')
      .and.to.contain('192.0.2.11')
      .and.not.to.contain('BEGIN CERTIFICATE')
      .and.not.to.contain('192.0.2.10')
    expect(parse(after)).to.have.nested.property('clusters.work.token', 'a@pve!bc')
  })
})

describe('lines of .gitignore and .gitattributes', () => {
  it('are added once, behind what is there, with its line ends', () => {
    expect(withLines(undefined, ['a'])).to.equal('a\n')
    expect(withLines('x', ['a', 'b'])).to.equal('x\na\nb\n')
    expect(withLines('x\r\n', ['a'])).to.equal('x\r\na\r\n')
    expect(withLines('a\nx\n', ['a'])).to.equal('a\nx\n')
  })
})
