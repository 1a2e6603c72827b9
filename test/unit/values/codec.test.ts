import {expect} from 'chai'
import type {KindName, Value} from '../../../src/kit/resources/model.js'
import {MASK} from '../../../src/kit/secrets/index.js'
import {
  boundTo,
  decode,
  encode,
  equivalent,
  fromManifest,
  keyInfo,
  meets,
  sameValue,
  spellingOf,
} from '../../../src/kit/values/index.js'

const decoded: [KindName, string, unknown, Value][] = [
  [
    'vm',
    'net0',
    'bridge=vmbr0,virtio=bc:24:11:00:00:01,firewall=yes',
    {model: 'virtio', macaddr: 'BC:24:11:00:00:01', bridge: 'vmbr0', firewall: 1},
  ],
  [
    'vm',
    'scsi0',
    'volume=local-zfs:vm-100-disk-0,size=32768M,mbps=2.0',
    {file: 'local-zfs:vm-100-disk-0', size: '32G', mbps: 2},
  ],
  ['vm', 'ide2', 'none', {file: 'none', media: 'cdrom'}],
  ['vm', 'memory', 'current=08192', 8192],
  ['vm', 'unused0', 'local:100/vm-100-disk-1.raw', 'local:100/vm-100-disk-1.raw'],
  ['vm', 'cores', '4', 4],
  ['vm', 'cpulimit', '2.50', 2.5],
  ['vm', 'onboot', 'on', 1],
  ['vm', 'onboot', true, 1],
  ['vm', 'agent', true, {enabled: 1}],
  ['vm', 'agent', '1,freeze-fs-on-backup=0', {enabled: 1, 'freeze-fs': 0}],
  ['vm', 'tags', 'b;a,b', ['a', 'b']],
  ['vm', 'hotplug', 'usb,disk', ['disk', 'usb']],
  ['vm', 'hotplug', '0', 0],
  ['vm', 'boot', 'order=scsi0;net0', {order: 'scsi0;net0'}],
  ['vm', 'startup', 'up=30,order=1', {order: 1, up: 30}],
  ['vm', 'description', '  # Web\r\nx \n\n', '  # Web\r\nx'],
  ['vm', 'description', '{"a": 1}\n', '{"a": 1}'],
  ['vm', 'sshkeys', 'ssh-ed25519%20AAA%2B%20me%0A', 'ssh-ed25519 AAA+ me'],
  ['vm', 'nameserver', ' 192.0.2.1,192.0.2.2;192.0.2.3', '192.0.2.1 192.0.2.2 192.0.2.3'],
  ['vm', 'name', '0100', '0100'],
  ['vm', 'cipassword', 'in clear text, from a snapshot', MASK],
  ['vm', 'meta', 'creation-qemu=9.0,ctime=1725975013', {'creation-qemu': '9.0', ctime: 1725975013}],
  [
    'container',
    'net0',
    'name=eth0,hwaddr=bc:24:11:00:00:01',
    {name: 'eth0', hwaddr: 'BC:24:11:00:00:01', type: 'veth'},
  ],
  ['container', 'rootfs', 'volume=local:200/x.raw,size=8192M', {volume: 'local:200/x.raw', size: '8G'}],
  ['container', 'lxc', [['lxc.cap.drop', '01']], [['lxc.cap.drop', '01']]],
  ['container', 'env', 'A=1 2\0B=2', 'A=1 2\0B=2'],
  ['storage', 'content', 'iso,backup', ['backup', 'iso']],
  ['storage', 'is_mountpoint', 'yes', 1],
  ['storage', 'is_mountpoint', '/mnt/x', '/mnt/x'],
  ['storage', 'prune-backups', 'keep-last=3,keep-daily=7', {'keep-last': 3, 'keep-daily': 7}],
  ['storage', 'encryption-key', 'aa:bb:cc', 'aa:bb:cc'],
  ['storage', 'encryption-key', '{"data": "secret"}', MASK],
]

describe('values: codec', () => {
  for (const [kind, key, raw, value] of decoded) {
    it(`decodes ${kind} ${key} ${JSON.stringify(raw)}`, () => {
      expect(decode(kind, key, raw)).to.deep.equal(value)
    })
  }

  it('keeps what it cannot read', () => {
    for (const text of ['virtio,virtio=BC:24:11:00:00:01', 'tag=1,tag=2', 'order=', 'a=b=,=c', 'x,y']) {
      expect(decode('vm', 'net0', text)).to.equal(text)
      expect(encode('vm', 'net0', text)).to.equal(text)
    }
    expect(decode('vm', 'net0', 'virtio,later=1,tag=x')).to.deep.equal({model: 'virtio', later: 1, tag: 'x'})
    expect(decode('vm', 'memory', 'current=512,max=1024')).to.deep.equal({current: 512, max: 1024})
    expect(decode('vm', 'cores', '4 or so')).to.equal('4 or so')
    expect(decode('vm', 'later', '12')).to.equal(12)
    expect(decode('vm', 'later', '012')).to.equal('012')
    expect(decode('vm', 'later', {deep: {er: true}})).to.deep.equal({deep: {er: 1}})
    expect(decode('vm', 'later', {a: {b: {c: {d: [1]}}}})).to.equal('{"a":{"b":{"c":{"d":[1]}}}}')
    expect(decode('vm', 'later', [null])).to.equal('[null]')
    expect(decode('vm', 'net0', '__proto__=1')).to.equal('__proto__=1')
  })

  it('sends what PVE prints', () => {
    const net = {tag: 10, bridge: 'vmbr0', macaddr: 'BC:24:11:00:00:01', model: 'virtio', firewall: 1}
    expect(encode('vm', 'net0', net)).to.equal('virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1,tag=10')
    expect(encode('vm', 'net0', {model: 'e1000', bridge: 'vmbr0'})).to.equal('e1000,bridge=vmbr0')
    expect(encode('container', 'net0', {type: 'veth', bridge: 'vmbr0', name: 'eth0'})).to.equal(
      'name=eth0,bridge=vmbr0,type=veth',
    )
    expect(encode('container', 'mp0', {size: '8G', acl: 1, mp: '/x', volume: 'local:1'})).to.equal(
      'local:1,mp=/x,acl=1,size=8G',
    )
    expect(encode('vm', 'tags', ['a', 'b'])).to.equal('a;b')
    expect(encode('storage', 'content', ['backup', 'iso'])).to.equal('backup,iso')
    expect(encode('vm', 'sshkeys', 'ssh-ed25519 AAA+ me')).to.equal('ssh-ed25519%20AAA%2B%20me')
    expect(encode('vm', 'memory', 8192)).to.equal('8192')
    expect(encode('vm', 'unused0', 'local:iso/a=b.iso')).to.equal('file=local:iso/a=b.iso')
    expect(encode('vm', 'scsi0', {file: 'local:iso/a=b.iso', size: '1G'})).to.equal('file=local:iso/a=b.iso,size=1G')
  })

  it('sends a sub-key under the name that the version knows', () => {
    const agent = {enabled: 1, 'freeze-fs': 0}
    expect(encode('vm', 'agent', agent, '9.2')).to.equal('1,freeze-fs=0')
    expect(encode('vm', 'agent', agent, '8.4')).to.equal('1,freeze-fs-on-backup=0')
  })

  it('compares canonical values without the order of sub-keys', () => {
    expect(sameValue('vm', 'net0', {model: 'virtio', tag: 1}, {tag: 1, model: 'virtio'})).to.equal(true)
    expect(sameValue('vm', 'net0', {model: 'virtio', tag: 1}, {model: 'virtio'})).to.equal(false)
    expect(sameValue('vm', 'tags', ['a'], {0: 'a'})).to.equal(false)
    expect(sameValue('vm', 'onboot', undefined, 0)).to.equal(false)
  })

  it('takes an absent key or sub-key for its default where a plan compares', () => {
    const same: [KindName, string, Value | undefined, Value | undefined][] = [
      ['vm', 'onboot', undefined, 0],
      ['vm', 'memory', undefined, 512],
      ['vm', 'cpu', undefined, {cputype: 'kvm64'}],
      ['vm', 'vga', undefined, {type: 'std'}],
      ['vm', 'agent', undefined, {enabled: 0}],
      ['vm', 'net0', {model: 'virtio', firewall: 0}, {model: 'virtio'}],
      ['vm', 'scsi0', {file: 'l:x', backup: 1, replicate: 1}, {file: 'l:x'}],
      ['vm', 'hotplug', 1, ['disk', 'network', 'usb']],
      ['vm', 'tags', ['Web'], ['web']],
      ['vm', 'tags', [], undefined],
      ['vm', 'cpu', {cputype: 'host', flags: '+aes;-pcid'}, {cputype: 'host', flags: '-pcid;+aes'}],
      ['vm', 'rng0', {source: '/dev/urandom', max_bytes: 1024}, {source: '/dev/urandom'}],
      ['vm', 'cpuunits', undefined, 100],
      ['container', 'swap', undefined, 512],
      ['container', 'features', {nesting: 0}, undefined],
    ]
    for (const [kind, key, a, b] of same)
      expect(equivalent(kind, key, a, b), `${key} ${JSON.stringify(a)}`).to.equal(true)
    expect(equivalent('vm', 'boot', {order: 'scsi0;net0'}, {order: 'net0;scsi0'})).to.equal(false)
    expect(equivalent('vm', 'ipconfig0', {ip: 'dhcp', ip6: 'auto'}, {ip6: 'auto'})).to.equal(false)
    expect(equivalent('vm', 'onboot', undefined, 1)).to.equal(false)
    expect(equivalent('vm', 'scsi0', {file: 'l:x', backup: 0}, {file: 'l:x'})).to.equal(false)
    expect(equivalent('vm', 'ostype', undefined, 'l26')).to.equal(false)
  })

  it('takes what PVE makes up for what a manifest leaves to it', () => {
    const disk = {file: 'local-zfs:vm-100-disk-0', size: '32G'}
    const nic = {model: 'virtio', macaddr: 'BC:24:11:00:00:01', bridge: 'vmbr0'}
    const met: [KindName, string, Value, Value][] = [
      ['vm', 'scsi0', {file: 'local-zfs:32'}, disk],
      ['vm', 'scsi0', {file: 'local-zfs:1', size: '32G'}, disk],
      ['vm', 'scsi0', {file: 'local-zfs:0', 'import-from': 'local:import/a.qcow2'}, disk],
      ['vm', 'scsi0', {file: 'local-zfs:vm-100-disk-0'}, disk],
      ['vm', 'scsi0', {file: 'data:1', format: 'qcow2'}, {file: 'data:1/vm-1-disk-0.qcow2', size: '1G'}],
      ['vm', 'scsi0', {file: 'local-zfs:32', format: 'raw'}, disk],
      ['vm', 'efidisk0', {file: 'local:1', efitype: '4m'}, {file: 'local:vm-1-disk-0', efitype: '4m', size: '4M'}],
      ['vm', 'ide2', {file: 'local:cloudinit', media: 'cdrom'}, {file: 'local:vm-1-cloudinit', media: 'cdrom'}],
      ['vm', 'ide2', {file: 'local:cloudinit'}, {file: 'local:vm-1-cloudinit', media: 'cdrom', size: '4M'}],
      ['vm', 'net0', {model: 'virtio', bridge: 'vmbr0'}, nic],
      ['firewall', 'rules', [{type: 'in', action: 'DROP'}], [{type: 'in', action: 'DROP', enable: 0}]],
      ['container', 'rootfs', {volume: 'data:8'}, {volume: 'data:subvol-1-disk-0', size: '8G'}],
    ]
    for (const [kind, key, want, is] of met) expect(meets(kind, key, want, is), JSON.stringify(want)).to.equal(true)
    const unmet: [KindName, string, Value, Value | undefined][] = [
      ['vm', 'scsi0', {file: 'local-zfs:32'}, undefined],
      ['vm', 'scsi0', {file: 'local-zfs:64'}, disk],
      ['vm', 'scsi0', {file: 'local-zfs:32', size: '64G'}, disk],
      ['vm', 'scsi0', {file: 'ceph:32'}, disk],
      ['vm', 'scsi0', {file: 'data:1', format: 'qcow2'}, {file: 'data:1/vm-1-disk-0.raw', size: '1G'}],
      ['vm', 'scsi0', {file: 'local-zfs:cloudinit'}, disk],
      ['vm', 'scsi0', {file: 'local-zfs:vm-100-disk-1'}, disk],
      ['vm', 'scsi0', {file: 'local-zfs:32', cache: 'writeback'}, disk],
      ['vm', 'net0', {model: 'virtio', bridge: 'vmbr0', macaddr: 'BC:24:11:00:00:02'}, nic],
      ['vm', 'net0', {model: 'virtio', bridge: 'vmbr1'}, nic],
      ['firewall', 'rules', [{type: 'in', action: 'DROP'}], [{type: 'in', action: 'DROP', enable: 1}]],
    ]
    for (const [kind, key, want, is] of unmet) expect(meets(kind, key, want, is), JSON.stringify(want)).to.equal(false)
    const rules = [
      {type: 'in', action: 'DROP', enable: 0},
      {type: 'out', action: 'DROP', enable: 1},
    ]
    expect(
      boundTo(
        'firewall',
        'rules',
        rules.map(({enable: _, ...rule}) => rule),
        rules,
      ),
    ).to.deep.equal([rules[0], {type: 'out', action: 'DROP'}])
    expect(boundTo('vm', 'scsi0', {file: 'local-zfs:32', cache: 'writeback'}, disk)).to.deep.equal({
      ...disk,
      cache: 'writeback',
    })
    expect(boundTo('vm', 'scsi0', {file: 'ceph:32'}, disk)).to.deep.equal({file: 'ceph:32', size: '32G'})
  })

  it('says what it knows of a key', () => {
    expect(keyInfo('vm', 'net31')).to.include({known: true, slot: 31, isPropertyString: true})
    expect(keyInfo('vm', 'net32')).to.include({known: false, type: 'string'})
    expect(keyInfo('vm', 'net01').known).to.equal(false)
    expect(keyInfo('vm', 'memory')).to.include({isPropertyString: false, defaultValue: '512'})
    expect(keyInfo('vm', 'tags').isSet).to.equal(true)
    expect(keyInfo('vm', 'lock').volatile).to.be.a('string')
    expect(keyInfo('vm', 'vmgenid').generated).to.equal(true)
    expect(keyInfo('vm', 'cipassword').masked).to.equal(true)
    expect(keyInfo('vm', 'intel-tdx').in).to.equal('9.2')
    expect(keyInfo('storage', 'maxfiles').in).to.equal('8.4')
    expect(keyInfo('storage', 'shared').type).to.equal('boolean')
    expect(keyInfo('vm', 'constructor').known).to.equal(false)
  })

  it('decodes a thousand guests with twenty keys in less than 60 ms of processor time', () => {
    const config: [string, string][] = [
      ['agent', '1'],
      ['boot', 'order=scsi0;ide2;net0'],
      ['cores', '4'],
      ['cpu', 'host'],
      ['ide2', 'local:iso/debian-12.iso,media=cdrom,size=64K'],
      ['memory', '4096'],
      ['meta', 'creation-qemu=9.0.2,ctime=1725975013'],
      ['name', 'web'],
      ['net0', 'virtio=BC:24:11:2C:69:EC,bridge=vmbr0,firewall=1,tag=42'],
      ['net1', 'virtio=BC:24:11:2C:69:ED,bridge=vmbr1'],
      ['numa', '0'],
      ['ostype', 'l26'],
      ['scsi0', 'local-lvm:vm-100-disk-0,discard=on,iothread=1,size=32G,ssd=1'],
      ['scsihw', 'virtio-scsi-single'],
      ['smbios1', 'uuid=b3247ab1-1fe6-428e-965b-08a1b64a8746'],
      ['sockets', '1'],
      ['tags', 'web;prod'],
      ['vmgenid', '7079e97c-50e3-4079-afe7-23e67566b946'],
      ['description', 'notes\n'],
      ['startup', 'order=1,up=30'],
    ]
    const times = Array.from({length: 5}, () => {
      const begun = process.cpuUsage()
      for (let guest = 0; guest < 1000; guest++) for (const [key, text] of config) decode('vm', key, text)
      return process.cpuUsage(begun).user / 1000
    })
    expect(Math.min(...times)).to.be.lessThan(60)
  })
})

describe('values: what people write in manifests', () => {
  const taken: [KindName, string, unknown, Value][] = [
    ['vm', 'onboot', true, 1],
    ['vm', 'cores', '4', 4],
    ['vm', 'tags', 'b;a', ['a', 'b']],
    ['vm', 'tags', ['b', 'a'], ['a', 'b']],
    [
      'vm',
      'net0',
      {virtio: 'bc:24:11:00:00:01', bridge: 'vmbr0', firewall: true},
      {model: 'virtio', macaddr: 'BC:24:11:00:00:01', bridge: 'vmbr0', firewall: 1},
    ],
    [
      'vm',
      'net0',
      'virtio=BC:24:11:00:00:01,bridge=vmbr0',
      {model: 'virtio', macaddr: 'BC:24:11:00:00:01', bridge: 'vmbr0'},
    ],
    ['vm', 'boot', {order: ['scsi0', 'net0']}, {order: 'scsi0;net0'}],
    ['vm', 'agent', true, {enabled: 1}],
    ['vm', 'scsi0', {file: 'local-lvm:32', size: '32768M'}, {file: 'local-lvm:32', size: '32G'}],
    ['vm', 'cpu', 'custom-own', {cputype: 'custom-own'}],
    ['vm', 'sshkeys', 'ssh-ed25519 AAA= me\n', 'ssh-ed25519 AAA= me'],
    ['vm', 'startup', 1, {order: 1}],
    ['vm', 'cipassword', MASK, MASK],
    ['vm', 'later', {a: true}, {a: 1}],
    ['container', 'features', {nesting: true, mount: ['nfs', 'cifs']}, {nesting: 1, mount: 'nfs;cifs'}],
    ['container', 'nameserver', ['192.0.2.1', '192.0.2.2'], '192.0.2.1 192.0.2.2'],
    ['storage', 'type', 'glusterfs', 'glusterfs'],
    ['pool', 'comment', 12, '12'],
  ]
  for (const [kind, key, typed, value] of taken) {
    it(`takes ${kind} ${key} ${JSON.stringify(typed)}`, () => {
      expect(fromManifest(kind, key, typed)).to.deep.equal({value, problems: []})
    })
  }

  const refused: [KindName, string, unknown, RegExp][] = [
    ['vm', 'memory', '32g', /^memory\.current: is a whole number, not '32g'$/],
    ['vm', 'net0', {model: 'virtio', tag: 5000}, /^net0\.tag: value must have a maximum value of 4094$/],
    ['vm', 'net0', {bridge: 'vmbr0'}, /^net0\.model: property is missing/],
    ['vm', 'name', true, /^name: is no switch/],
    ['vm', 'name', 'bad_name', /^name: value does not look like a valid DNS name$/],
    ['vm', 'cores', 0, /^cores: value must have a minimum value of 1$/],
    ['vm', 'tags', ['a b!'], /^tags: invalid characters in tag$/],
    ['vm', 'cipassword', 'secret', /^cipassword: a secret must not stand in a manifest/],
    ['vm', 'description', null, /^description: has no value/],
    ['vm', 'net0', ['virtio'], /^net0: is no list$/],
    ['vm', 'cores', {a: 1}, /^cores: has no sub-keys$/],
    ['user', 'groups', {a: 1}, /^groups: is a list, and no map$/],
    ['vm', 'scsi0', {file: 'local:1', serial: 'a,b'}, /^scsi0\.serial: a comma/],
    ['container', 'mp0', {volume: 'local:8'}, /^mp0\.mp: property is missing/],
    ['container', 'dev0', {path: '/dev/null', mode: 660}, /^dev0\.mode: value does not match/],
    ['storage', 'content', ['iso', 'foo'], /^content: invalid content type 'foo'$/],
  ]
  for (const [kind, key, typed, problem] of refused) {
    it(`says what is wrong with ${kind} ${key} ${JSON.stringify(typed)}`, () => {
      const {problems} = fromManifest(kind, key, typed)
      expect(problems).to.have.length(1)
      expect(problems[0]).to.match(problem)
    })
  }

  it('never shows a secret', () => {
    const {value, problems} = fromManifest('vm', 'cipassword', 'hunter2')
    expect(JSON.stringify({value, problems})).not.to.contain('hunter2')
  })
})

describe('how a value is spelled', () => {
  const cases: readonly [string, Parameters<typeof spellingOf>, string | undefined][] = [
    [
      'a MAC address in lower case',
      ['vm', 'net0', 'virtio=bc:24:11:00:00:0a,bridge=vmbr0', 'macaddr'],
      'bc:24:11:00:00:0a',
    ],
    ['one as PVE makes it up', ['vm', 'net0', 'virtio=BC:24:11:00:00:0A,bridge=vmbr0', 'macaddr'], undefined],
    ['a size in a smaller unit', ['container', 'mp0', 'local:105/a.raw,mp=/a,size=2048M', 'size'], '2048M'],
    ['a size in its own', ['container', 'mp0', 'local:105/a.raw,mp=/a,size=2G', 'size'], undefined],
    ['name servers with commas', ['vm', 'nameserver', '1.1.1.1,8.8.8.8'], '1.1.1.1,8.8.8.8'],
    ['name servers with blanks', ['vm', 'nameserver', '1.1.1.1 8.8.8.8'], undefined],
    ['a property string that is none', ['vm', 'net0', 'no,such=thing', 'macaddr'], undefined],
    ['nothing', ['vm', 'net0', null, 'macaddr'], undefined],
    ['a set in another order', ['backup-job', 'vmid', '102,100'], '102,100'],
    ['a set in its own', ['backup-job', 'vmid', '100,102'], undefined],
    ['a set that an answer has as a list', ['backup-job', 'vmid', ['102', '100']], undefined],
    [
      'sub-keys in another order',
      ['realm', 'sync-defaults-options', 'scope=users,enable-new=1'],
      'scope=users,enable-new=1',
    ],
    ['sub-keys in their own', ['realm', 'sync-defaults-options', 'enable-new=1,scope=users'], undefined],
    ['a text with a line end', ['options', 'description', 'first\n'], 'first\n'],
    ['a key of a part', ['network', 'vmbr0', {bridge_ports: 'eno2 eno1'}, 'bridge_ports'], 'eno2 eno1'],
    ['one that the part has not', ['network', 'vmbr0', {type: 'bridge'}, 'bridge_ports'], undefined],
  ]
  for (const [what, given, expected] of cases) it(what, () => expect(spellingOf(...given)).to.equal(expected))
})
