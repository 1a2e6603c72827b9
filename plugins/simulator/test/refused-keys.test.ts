import {expect} from 'chai'
import {Lab} from './support.js'

/** Keys that a contract knows and the type does not: sent to the real daemon, which said this. */
const refused: readonly [call: string, form: Record<string, string>, reason: string][] = [
  [
    'POST /storage',
    {storage: 'cc', type: 'cephfs', path: '/mnt/c', preallocation: 'off'},
    `unexpected property 'preallocation'`,
  ],
  ['POST /storage', {storage: 'rr', type: 'rbd', authsupported: 'none'}, `unexpected property 'authsupported'`],
  [
    'POST /storage',
    {storage: 'll', type: 'lvm', vgname: 'one', base: 'target:one'},
    `create storage failed: base storage ID 'target' does not exist`,
  ],
  [
    'PUT /storage/local',
    {'snapshot-as-volume-chain': '1'},
    `update storage failed: can't change value of fixed parameter 'snapshot-as-volume-chain'`,
  ],
  [
    'PUT /storage/local',
    {delete: 'snapshot-as-volume-chain'},
    `update storage failed: unable to delete fixed option 'snapshot-as-volume-chain'`,
  ],
  [
    'POST /cluster/sdn/zones',
    {zone: 'fz', type: 'faucet', 'dp-id': '1', controller: 'fc', mtu: '1400'},
    `unexpected property 'mtu'`,
  ],
  [
    'POST /cluster/sdn/dns',
    {dns: 'pd', type: 'powerdns', url: 'https://one.example.com', key: 'k', reversev6mask: '64'},
    `unexpected property 'reversev6mask'`,
  ],
  [
    'PUT /access/users/root@pam/token/sim',
    {delete: 'expire'},
    'updating token info failed: 400 Parameter verification failed.',
  ],
  [
    'PUT /cluster/jobs/realm-sync/job',
    {schedule: '02:00', delete: 'scope'},
    `unable to delete required option 'scope'`,
  ],
]

describe('keys that a type does not take', () => {
  let lab: Lab

  before(async () => {
    lab = await Lab.start({seed: 'cluster', offlineServices: 'accept'})
    const realm = {realm: 'dir', type: 'ldap', server1: '192.0.2.7', user_attr: 'uid', base_dn: 'dc=example,dc=com'}
    await lab.run('POST', '/access/domains', realm)
    await lab.run('POST', '/cluster/backup', {id: 'nightly', schedule: '02:00', vmid: '100'})
    await lab.run('POST', '/cluster/jobs/realm-sync/job', {realm: 'dir', schedule: '02:00', scope: 'both'})
  })
  after(() => lab.stop())

  it('what is taken out has the value again that PVE takes for none', async () => {
    await lab.run('PUT', '/cluster/jobs/realm-sync/job', {schedule: '02:00', enabled: '0'})
    await lab.run('PUT', '/cluster/jobs/realm-sync/job', {schedule: '02:00', delete: 'enabled'})
    expect(await lab.get('/cluster/jobs/realm-sync/job')).to.include({enabled: 1})
  })

  it('a file system of Ceph has no format, and a job that stops others needs no guests', async () => {
    await lab.run('POST', '/storage', {storage: 'cc', type: 'cephfs', path: '/mnt/cc', format: 'raw', content: 'iso'})
    expect(await lab.get('/storage/cc')).not.to.have.property('format')
    await lab.run('PUT', '/cluster/backup/nightly', {stop: '1', delete: 'vmid'})
    expect(await lab.get('/cluster/backup/nightly')).not.to.have.property('vmid')
  })

  for (const [call, form, reason] of refused) {
    it(`${call} ${Object.keys(form).join(' ')}: ${reason}`, async () => {
      const [method, path] = call.split(' ') as [string, string]
      const answer = await lab.send(path, {method, form})
      expect([answer.status, answer.reason]).to.deep.equal([500, reason])
    })
  }

  it('a token gives up its comment when asked to', async () => {
    await lab.run('PUT', '/access/users/root@pam/token/sim', {comment: 'one'})
    expect(await lab.get('/access/users/root@pam/token/sim')).to.include({comment: 'one'})
    await lab.run('PUT', '/access/users/root@pam/token/sim', {delete: 'comment'})
    expect(await lab.get('/access/users/root@pam/token/sim')).not.to.have.property('comment')
  })
})
