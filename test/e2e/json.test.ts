import {Lab} from '../support/lab.js'
import {assertSchema} from '../support/schemas.js'

describe('results of the main job', () => {
  let lab: Lab

  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
  })
  after(async () => lab.stop())

  it('are as their schemas say', async () => {
    assertSchema('init', (await lab.init('workspace', undefined, {flags: ['--json']})).json())
    const clone = lab.at('workspace')
    const result = async (...args: string[]) => (await clone.pmpc([...args, '--json'])).json()
    assertSchema('sync', await result('sync'))
    assertSchema('status', await result('status'))
    assertSchema('accept', await result('accept', 'vm/100'))
    assertSchema('reject', await result('reject', 'vm/101'))
    assertSchema('sync', await result('sync', '--accept'))
    clone.write('infra/home/vm/100.yaml', 'kind: vm\nid: 100\nconfig:\n  memry: 1\n')
    assertSchema('status', await result('status'))
    assertSchema('sync', await result('sync', '--dry-run'))
  })
})
