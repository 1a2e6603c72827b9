import {expect} from 'chai'
import {Lab} from './support.js'

describe('who may do what on the simulator', () => {
  let lab: Lab
  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
  })
  after(() => lab.stop())

  const login = (password: string, username = 'root@pam') =>
    lab.send('/access/ticket', {method: 'POST', token: false, form: {username, password}})

  it('answers 401 without a body to nobody and to wrong secrets', async () => {
    const nobody = await lab.send('/version', {token: false})
    expect([nobody.status, nobody.reason, nobody.text]).to.deep.equal([401, 'No ticket', ''])
    const wrong = await lab.send('/version', {
      token: false,
      headers: {Authorization: 'PVEAPIToken=root@pam!sim=00000000-0000-4000-8000-0000000000ff'},
    })
    expect([wrong.status, wrong.text]).to.deep.equal([401, ''])
    expect((await login('wrong')).status).to.equal(401)
  })

  it('waits before it answers 401', async () => {
    const careful = await Lab.start({authDelay: 80})
    try {
      const began = Date.now()
      await careful.send('/version', {token: false})
      expect(Date.now() - began).to.be.at.least(75)
    } finally {
      await careful.stop()
    }
  })

  it('takes tickets, and asks for the CSRF token when something is written', async () => {
    const {ticket, CSRFPreventionToken: csrf} = (await login('simulator')).body.data as Record<string, string>
    const headers = {Cookie: `PVEAuthCookie=${encodeURIComponent(ticket!)}`}
    expect((await lab.send('/nodes', {token: false, headers})).status).to.equal(200)
    const write = {method: 'POST', token: false as const, form: {poolid: 'ticket'}}
    expect((await lab.send('/pools', {...write, headers})).status).to.equal(401)
    const answer = await lab.send('/pools', {...write, headers: {...headers, CSRFPreventionToken: csrf!}})
    expect(answer.status).to.equal(200)
  })

  it('checks permission before it looks whether something exists', async () => {
    const answer = await lab.send('/nodes/pve1/qemu/999/config', {token: 'pmpc@pve!empty'})
    expect([answer.status, answer.reason]).to.deep.equal([403, 'Permission check failed (/vms/999, VM.Audit)'])
  })

  it('lets an auditor read and not write', async () => {
    const token = 'pmpc@pve!sync'
    expect((await lab.send('/nodes/pve1/qemu/100/config', {token})).status).to.equal(200)
    const write = await lab.send('/nodes/pve1/qemu/100/config', {method: 'PUT', token, form: {onboot: '1'}})
    expect(write.status).to.equal(403)
  })

  it('lets nobody hand out more than is theirs, and changes all of an ACL or nothing', async () => {
    const grant = (form: Record<string, string>, token?: string) =>
      lab.send('/access/acl', {method: 'PUT', form: {path: '/vms/110', users: 'pmpc@pve', ...form}, token})
    await lab.run('PUT', '/access/acl', {path: '/vms/110', users: 'web@pve', roles: 'PVEVMAdmin', propagate: '0'})
    const inner = (text: string): string => `ACL update failed: 400 Parameter verification failed.\nrole: ${text}\n`
    const told = async (form: Record<string, string>): Promise<string | undefined> =>
      (await grant(form, 'web@pve!ci')).body.message
    expect(await told({roles: 'Administrator'})).to.equal(
      inner(`Cannot add role 'Administrator' - requires 'Permissions.Modify' or superset of privileges.`),
    )
    expect(await told({roles: 'PVEVMUser'})).to.equal(
      inner(
        `Cannot add role 'PVEVMUser' with propagation - requires 'Permissions.Modify' or propagated superset of privileges.`,
      ),
    )
    expect(await told({roles: 'NoAccess'})).to.equal(
      inner(`Cannot add role 'NoAccess' - requires 'Permissions.Modify'`),
    )
    expect((await grant({roles: 'PVEVMUser', propagate: '0'}, 'web@pve!ci')).status).to.equal(200)
    expect((await grant({roles: 'PVEVMUser', propagate: '0', delete: '1'}, 'web@pve!ci')).status).to.equal(200)
    await lab.run('PUT', '/access/acl', {path: '/vms/110', users: 'web@pve', roles: 'PVEVMAdmin', delete: '1'})

    const before = await lab.get<unknown[]>('/access/acl')
    const unknown = await grant({roles: 'PVEAuditor', groups: 'nope', users: 'web@pve,no@pve'})
    expect(unknown.reason).to.equal(`ACL update failed: group 'nope' does not exist`)
    expect((await grant({roles: 'PVEAuditor,nope', users: 'pmpc@pve'})).status).to.equal(500)
    expect(await lab.get('/access/acl')).to.have.deep.members(before)
    expect((await grant({roles: 'PVEAuditor', users: ''})).body.errors).to.have.all.keys('users', 'groups', 'tokens')
  })

  it('filters lists by what one may see', async () => {
    const count = async (path: string, token: string): Promise<number> =>
      ((await lab.send(path, {token})).body.data as unknown[]).length
    expect(await count('/nodes/pve1/qemu', 'pmpc@pve!empty')).to.equal(0)
    expect(await count('/nodes/pve1/qemu', 'pmpc@pve!sync')).to.equal(3)
    const owned = await lab.send('/cluster/resources?type=vm', {token: 'web@pve!ci'})
    const guests = owned.body.data as {vmid: number; pool?: string}[]
    expect(guests.length).to.be.greaterThan(0)
    expect(guests.every(({vmid, pool}) => pool?.startsWith('web') || vmid === 110)).to.equal(true)
  })

  it('follows users, tokens, roles and ACLs that are made over the API', async () => {
    await lab.run('POST', '/access/roles', {roleid: 'Reader', privs: 'VM.Audit'})
    await lab.run('POST', '/access/users', {userid: 'eve@pve', password: 'verysecret'})
    await lab.run('PUT', '/access/acl', {path: '/vms/100', users: 'eve@pve', roles: 'Reader'})
    const made = await lab.send('/access/users/eve@pve/token/tok', {method: 'POST', form: {privsep: '0'}})
    const {value} = made.body.data as {value: string}
    const get = (path: string) =>
      lab.send(path, {token: false, headers: {Authorization: `PVEAPIToken=eve@pve!tok=${value}`}})
    expect((await get('/nodes/pve1/qemu/100/config')).status).to.equal(200)
    expect((await get('/nodes/pve2/qemu/101/config')).status).to.equal(403)
    await lab.run('DELETE', '/access/users/eve@pve/token/tok')
    expect((await get('/version')).status).to.equal(401)
  })
})
