import {expect} from 'chai'
import {suspects} from '../../../src/kit/reconcile/suspects.js'
import type {ClusterState, Config, Observed} from '../../../src/kit/resources/index.js'

function state(object: Partial<Observed> & {config: Config}): ClusterState {
  return {cluster: 'home', objects: [{kind: 'container', id: 200, facts: {}, ...object}]}
}

describe('what looks like a secret', () => {
  const found = (config: Config) => suspects(undefined, state({config})).map(({field, key}) => [field, key])

  it('is seen wherever PVE keeps a text: descriptions, arguments, a container’s environment, raw lines, mount options', () => {
    expect(found({env: 'FOO=bar\0DB_PASSWORD=hunter2222'})).to.deep.equal([['config.env', 'env']])
    expect(found({lxc: [['lxc.environment', 'API_KEY=hunter2222']]})).to.deep.equal([['config.lxc', 'lxc']])
    expect(found({options: 'vers=3.0,password=hunter2222'})).to.deep.equal([['config.options', 'options']])
    expect(found({args: '-foo secret=hunter2222'})).to.deep.equal([['config.args', 'args']])
    expect(found({description: 'root pw: hunter2222'})).to.deep.equal([['config.description', 'description']])
    expect(found({cipassword: '**********', description: 'password: see vault', memory: 512})).to.deep.equal([])
  })

  it('is seen in what still runs and in snapshots, which no rule leaves out', () => {
    const running = suspects(undefined, state({config: {}, running: {env: 'TOKEN=hunter2222', memory: null}}))
    expect(running.map(({field, key}) => [field, key])).to.deep.equal([['running.env', 'env']])
    const snapshots = [{name: 's1', description: 'password: hunter2222'}] as Observed['snapshots']
    expect(suspects(undefined, state({config: {}, snapshots}))).to.deep.equal([
      {object: 'container/200', field: 'snapshots.s1', looksLike: 'a password'},
    ])
  })

  it('is told once: not again while the text stays, and again when it is another', () => {
    const before = state({config: {env: 'TOKEN=hunter2222', memory: 512}})
    expect(suspects(before, state({config: {env: 'TOKEN=hunter2222', memory: 1024}}))).to.deep.equal([])
    expect(suspects(before, state({config: {env: 'TOKEN=hunter3333', memory: 512}}))).to.have.length(1)
  })
})
