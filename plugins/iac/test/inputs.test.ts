import {parse} from '@cdktn/hcl2json'
import {expect} from 'chai'
import type {Observed} from 'pmpc/kit/resources'
import {terraform} from '../src/terraform/index.js'
import {foreignIn} from '../src/prove/foreign.js'
import {openTexts} from '../src/texts.js'
import {aCluster} from './estates.js'

const storage = (id: string, type: string): Observed => ({
  ...{kind: 'storage', id, facts: {}},
  config: {type, server: '192.0.2.7', username: 'u', share: 'x', datastore: 'x'},
})

async function filesOf(...objects: Observed[]): Promise<Map<string, string>> {
  const texts = await openTexts('/nowhere')
  const {files} = await terraform({clusters: [aCluster(...objects)]}, texts, {read: () => undefined})
  return new Map(files.map(({path, text}) => [path.replace('terraform/', ''), text]))
}

describe('passwords that Proxmox VE tells to nobody', () => {
  it('are sensitive variables, handed from the root module to that of the cluster', async () => {
    const files = await filesOf(storage('nas-1', 'cifs'), storage('pbs', 'pbs'), storage('l', 'nfs'))
    const text = files.get('modules/home/storage.tf')!
    expect([...text.matchAll(/password += (.*)/g)].map(([, value]) => value)).to.deep.equal([
      'var.storage_nas_1_password',
      'var.storage_pbs_password',
    ])
    expect(files.get('main.tf')).to.match(/storage_nas_1_password = var\.home_storage_nas_1_password\n/)
    const root = files.get('inputs.tf')!
    for (const inputs of [root, files.get('modules/home/inputs.tf')!]) {
      expect(inputs.match(/^variable /gm)).to.have.length(2)
      expect(inputs.match(/sensitive += true/g)).to.have.length(2)
    }
    expect(root).to.contain('variable "home_storage_pbs_password"')
  })

  it('are not declared where there is none, and are nothing that a proof refuses', async () => {
    expect([...(await filesOf(storage('l', 'nfs'))).keys()].filter((path) => path.endsWith('inputs.tf'))).to.be.empty
    for (const [path, text] of await filesOf(storage('pbs', 'pbs')))
      if (path.endsWith('.tf'))
        expect(foreignIn((await parse(path, text)) as Record<string, unknown>), path).to.equal(undefined)
  })
})
