import {expect} from 'chai'
import {Lab} from './support.js'

describe('rights on tags', () => {
  let lab: Lab
  before(async () => (lab = await Lab.start({seed: 'cluster'})))
  after(() => lab.stop())

  /** Sets tags as somebody who may change guests, but not the cluster; answers status and reason. */
  const tag = async (path: string, tags: string): Promise<string> => {
    const answer = await lab.send(`/nodes/pve1/${path}/config`, {method: 'PUT', form: {tags}, token: 'tagger@pve!set'})
    return answer.status === 200 ? 'OK' : `${answer.status} ${answer.reason}`
  }
  const refused = (name: string): string => `403 Permission check failed (/, Sys.Modify for modifying tag '${name}')`

  it('follow user-tag-access and registered-tags, for machines and containers', async () => {
    await lab.run('POST', '/access/users', {userid: 'tagger@pve'})
    const token = await lab.send('/access/users/tagger@pve/token/set', {method: 'POST', form: {privsep: '0'}})
    lab.simulator.tokens['tagger@pve!set'] = (token.body.data as {value: string}).value
    await lab.run('PUT', '/access/acl', {path: '/vms', users: 'tagger@pve', roles: 'PVEVMAdmin'})
    const guests = await lab.get<{id: string; node: string; template: number}[]>('/cluster/resources?type=vm')
    for (const kind of ['qemu', 'lxc']) {
      const {id} = guests.find((one) => one.node === 'pve1' && one.id.startsWith(kind) && one.template === 0)!
      await lab.run('PUT', '/cluster/options', {delete: 'user-tag-access,registered-tags'})
      expect(await tag(id, 'mine'), kind).to.equal('OK')
      await lab.run('PUT', '/cluster/options', {'registered-tags': 'prod'})
      expect(await tag(id, 'mine;prod'), kind).to.equal(refused('prod'))
      await lab.run('PUT', '/cluster/options', {'user-tag-access': 'user-allow=list,user-allow-list=a;b'})
      expect(await tag(id, 'mine;a'), kind).to.equal('OK')
      expect(await tag(id, 'mine;a;c'), kind).to.equal(refused('c'))
      expect(await tag(id, 'a'), kind).to.equal(refused('mine'))
      await lab.run('PUT', '/cluster/options', {'user-tag-access': 'user-allow=none'})
      expect(await tag(id, 'mine;a;b'), kind).to.equal(refused('b'))
    }
  })

  it('a console asks whether its ticket is good', async () => {
    const {ticket, port} = await lab
      .send('/nodes/pve1/termproxy', {method: 'POST', form: {}})
      .then(({body}) => body.data as unknown as {ticket: string; port: string})
    const ask = async (form: Record<string, string>): Promise<number> => {
      const all = {authid: 'root@pam!sim', vncticket: ticket, path: '/nodes/pve1', privs: 'Sys.Console', port, ...form}
      return (await lab.send('/access/vncticket', {method: 'POST', form: all})).status
    }
    expect([await ask({}), await ask({port: '1'}), await ask({path: '/'})]).to.deep.equal([200, 401, 401])
  })
})
