import {expect} from 'chai'
import fc from 'fast-check'
import {apiPath, encodeParameters} from '../../../src/kit/proxmox/index.js'
import {guestOf, owningNode} from '../../../src/kit/proxmox/paths.js'

describe('paths and parameters', () => {
  it('keep what PVE matches before it decodes: `/` of volume ids, `:` and `!` of task and token ids', () => {
    expect(apiPath('nodes', 'pve1', 'storage', 'local', 'content', 'local:iso/debian 12.iso')).to.equal(
      '/nodes/pve1/storage/local/content/local:iso/debian%2012.iso',
    )
    const upid = 'UPID:pve1:0000008A:0007BD99:6B011908:qmcreate:171:root@pam!full:'
    expect(apiPath('nodes', 'pve1', 'tasks', upid, 'status')).to.equal(`/nodes/pve1/tasks/${upid}/status`)
    expect(apiPath('access', 'users', 'a@pve', 'token', 't1')).to.equal('/access/users/a@pve/token/t1')
  })

  it('encode everything else, so that no id becomes another path', () => {
    expect(apiPath('pools', 'a/b')).to.equal('/pools/a%2Fb')
    expect(apiPath('nodes', 'x?y#z')).to.equal('/nodes/x%3Fy%23z')
    for (const part of ['', '.', '..', 'local:iso/../x', 'local:a//b'])
      expect(() => apiPath('nodes', part), part).to.throw(/cannot be a part/)
  })

  it('travel through a form and back', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({minLength: 1, unit: 'grapheme'}), fc.string({unit: 'grapheme'})),
        (parameters) => {
          const sent = encodeParameters(parameters)
          expect(sent).to.match(/^[\w%&=.~-]*$/)
          expect(Object.fromEntries(new URLSearchParams(sent))).to.deep.equal({...parameters})
        },
      ),
    )
  })

  it('are 1 and 0 for booleans, repeated keys for arrays, absent when undefined', () => {
    expect(encodeParameters({onboot: true, kvm: false, vmids: [1, 2], cores: undefined})).to.equal(
      'onboot=1&kvm=0&vmids=1&vmids=2',
    )
  })

  it('tell the owning node and the guest', () => {
    expect(owningNode('/nodes/pve1/qemu/100/config')).to.equal('pve1')
    expect(owningNode('/cluster/resources')).to.equal(undefined)
    expect(guestOf('/nodes/pve1/lxc/101/status/start')).to.equal('101')
    expect(guestOf('/nodes/pve1/qemu')).to.equal(undefined)
  })
})
