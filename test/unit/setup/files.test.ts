import {expect} from 'chai'
import {parse} from 'yaml'
import type {ClusterAccess} from '../../../src/kit/proxmox/index.js'
import {workspaceFiles} from '../../../src/kit/setup/files.js'

const access: ClusterAccess = {
  cluster: 'home',
  endpoints: ['https://192.0.2.11:8006'],
  trust: {fingerprint: 'AB:'.repeat(31) + 'AB'},
  tokenId: 'pmpc@pve!sync',
}
const entry = {endpoints: access.endpoints, token: 'pmpc@pve!sync', trust: access.trust}

async function edit(text: string | undefined): Promise<string> {
  const file = (await workspaceFiles(access)).find(({path}) => path === 'pmpc.yaml')
  if (file === undefined) throw new Error('no pmpc.yaml')
  return file.edit(text)
}

describe('a cluster that is set up again', () => {
  const old =
    'home:\n    endpoints: [https://192.0.2.10:8006]\n    token: pmpc@pve!sync\n    trust:\n      ca: |\n        -----BEGIN CERTIFICATE-----\n        AAAA\n        -----END CERTIFICATE-----\n'
  const texts: Record<string, string> = {
    'the last of all': `# ours\nversion: 1\nclusters:\n  work:\n    endpoints: [https://x:8006] # office\n    token: a@pve!bc\n    trust: {system: true}\n\n  # at home\n  ${old}`,
    'the first, with rules after it': `version: 1\nclusters:\n  ${old}  work: # office\n    endpoints: [https://x:8006]\n    token: a@pve!bc\n    trust: {system: true}\n\n# noise\nignore:\n  - {tag: home}\n`,
    'in a flow map':
      'version: 1\nclusters: {home: {endpoints: [https://192.0.2.10:8006], token: pmpc@pve!sync, trust: {system: true}}} # all\n',
    'with CRLF': `version: 1\nclusters:\n  ${old}`.replaceAll('\n', '\r\n'),
  }
  for (const [name, before] of Object.entries(texts)) {
    it(`changes its own lines alone: ${name}`, async () => {
      const after = await edit(before)
      const data = parse(before) as {clusters: object}
      expect(parse(after)).to.deep.equal({...data, clusters: {...data.clusters, home: entry}})
      for (const comment of before.match(/#.*/g) ?? []) expect(after).to.contain(comment)
      expect(after.includes('\r\n')).to.equal(before.includes('\r\n'))
      expect(await edit(after)).to.equal(after)
    })
  }

  it('is added where it is new', async () => {
    expect(parse(await edit(undefined))).to.deep.equal({version: 1, clusters: {home: entry}})
    expect(parse(await edit('version: 1\nignore: []\n'))).to.deep.equal({
      version: 1,
      ignore: [],
      clusters: {home: entry},
    })
  })
})
