import {expect} from 'chai'
import {holdFacts, type Fact} from './support/facts.js'

type Entry = Record<string, unknown> & {type: string; id: string}

const types = (data: Entry[]): string[] => [...new Set(data.map(({type}) => type))].sort()
const off =
  (power: 'offline' | 'online', expired = false): Fact['given'] =>
  (sim) => {
    sim.state.nodes.pve3!.power = power
    if (expired) sim.board.expire()
  }

/** The cluster's resources, permissions and releases, as far as a client sees them. */
const facts: Fact[] = [
  ...(
    [
      ['vm', ['lxc', 'qemu']],
      ['storage', ['storage']],
      ['node', ['node']],
    ] as const
  ).map(([type, kinds]): Fact => ({
    fact: 'resources',
    that: `type=${type} gives ${kinds.join(' and ')}`,
    ask: `GET /cluster/resources?type=${type}`,
    comes: '200',
    check: (data: Entry[]) => expect(types(data)).to.deep.equal(kinds),
  })),
  {
    fact: 'resources',
    that: 'there is no other filter',
    ask: 'GET /cluster/resources?type=pool',
    comes: '400 Parameter verification failed.',
  },
  {
    fact: 'resources',
    that: 'pools and networks appear unfiltered',
    pve: '9.2',
    ask: 'GET /cluster/resources',
    comes: '200',
    check: (data: Entry[]) =>
      expect(types(data)).to.include.members(['lxc', 'network', 'node', 'pool', 'qemu', 'storage']),
  },
  {
    fact: 'resources',
    that: 'zones are sdn before 9',
    pve: '8.4',
    ask: 'GET /cluster/resources',
    comes: '200',
    check: (data: Entry[]) => expect(types(data)).to.include('sdn').and.not.include('network'),
  },
  {
    fact: 'resources',
    that: 'identity and figures of each kind',
    ask: 'GET /cluster/resources',
    comes: '200',
    gives: [
      {
        id: 'qemu/100',
        vmid: 100,
        node: 'pve1',
        type: 'qemu',
        name: 'web01',
        template: 0,
        tags: 'prod;web',
        pool: 'web',
        status: 'running',
        disk: 0,
        maxcpu: 4,
        maxmem: 8589934592,
        maxdisk: 34359738368,
      },
      {id: 'lxc/200', vmid: 200, type: 'lxc', name: 'dns1', status: 'running'},
      {id: 'qemu/111', lock: 'backup', status: 'stopped'},
      {id: 'node/pve1', node: 'pve1', type: 'node', status: 'online', level: ''},
      {id: 'storage/pve1/ceph', storage: 'ceph', node: 'pve1', plugintype: 'rbd', shared: 1, status: 'available'},
      {id: 'storage/pve2/ceph'},
      {id: '/pool/web', pool: 'web', type: 'pool'},
    ],
  },
  {
    fact: 'resources',
    that: 'memhost since 9',
    pve: '9.2',
    ask: 'GET /cluster/resources?type=vm',
    comes: '200',
    gives: [{id: 'qemu/100', memhost: /^\d+$/}],
  },
  {
    fact: 'resources',
    that: 'no memhost before',
    pve: '8.4',
    ask: 'GET /cluster/resources?type=vm',
    comes: '200',
    gives: [{id: 'qemu/100', memhost: undefined}],
  },
  {
    fact: 'resources',
    that: 'a node that is off, its guests and storages',
    given: off('offline'),
    ask: 'GET /cluster/resources',
    comes: '200',
    gives: [
      {id: 'node/pve3', status: 'offline', uptime: undefined, cpu: undefined, mem: undefined},
      {id: 'qemu/110', name: 'win-build', node: 'pve3'},
      {id: 'storage/pve3/local', status: 'unknown', disk: undefined, maxdisk: undefined},
    ],
  },
  {
    fact: 'resources',
    that: 'after five minutes its guests have no name',
    given: off('offline', true),
    ask: 'GET /cluster/resources?type=vm',
    comes: '200',
    gives: [
      {
        id: 'qemu/110',
        vmid: 110,
        node: 'pve3',
        status: 'unknown',
        tags: 'build;windows',
        name: undefined,
        template: undefined,
        maxmem: undefined,
      },
    ],
  },
  {
    fact: 'resources',
    that: 'calls to a node that is off',
    given: off('offline'),
    ask: 'GET /nodes/pve3/qemu',
    comes: '595 No route to host',
  },
  {
    fact: 'resources',
    that: 'without quorum',
    given: (sim) => (sim.state.quorum = false),
    ask: 'GET /cluster/status',
    comes: '200',
    gives: [
      {type: 'cluster', name: 'lab', nodes: 3, quorate: 0},
      {type: 'node', name: 'pve1', nodeid: 1, local: 1, online: 1},
    ],
  },
  {
    fact: 'resources',
    that: 'a lone node',
    seed: 'homelab',
    ask: 'GET /cluster/status',
    comes: '200',
    check: (data: Entry[]) => expect(data.map((entry) => [entry.type, entry.nodeid])).to.deep.equal([['node', 0]]),
  },
  {
    fact: 'resources',
    that: 'without rights only nodes are left, without figures',
    as: 'pmpc@pve!empty',
    ask: 'GET /cluster/resources',
    comes: '200',
    check: (data: Entry[]) => {
      expect(types(data)).to.deep.equal(['node'])
      expect(data.every((entry) => entry.mem === undefined && entry.cpu === undefined)).to.equal(true)
    },
  },
  {
    fact: 'permissions',
    that: 'rights on a pool act on its guests and storages',
    as: 'web@pve!ci',
    ask: 'GET /cluster/resources',
    comes: '200',
    check: (data: Entry[]) => {
      const ids = data.map(({id}) => id)
      expect(ids).to.include.members(['qemu/100', 'qemu/101', 'lxc/202', 'qemu/110'])
      expect(ids).to.not.include.members(['lxc/200'])
    },
  },
  {
    fact: 'permissions',
    that: 'a deeper path takes the place of inherited roles',
    given: (sim) => {
      sim.state.acl.push({path: '/vms/110', type: 'user', ugid: 'pmpc@pve', roleid: 'Operator', propagate: 1})
      sim.permissions.invalidate()
    },
    as: 'pmpc@pve!sync',
    ask: 'GET /access/permissions?path=/vms/110',
    comes: '200',
    check: (data) => expect(data).to.deep.equal({'/vms/110': {'VM.Audit': 1, 'VM.PowerMgmt': 1, 'VM.Console': 1}}),
  },
  {
    fact: 'permissions',
    that: 'NoAccess beats all',
    given: (sim) => {
      for (const roleid of ['Operator', 'NoAccess'])
        sim.state.acl.push({path: '/vms/100', type: 'user', ugid: 'pmpc@pve', roleid, propagate: 1})
      sim.permissions.invalidate()
    },
    as: 'pmpc@pve!sync',
    ask: 'GET /nodes/pve1/qemu/100/config',
    comes: '403 Permission check failed (/vms/100, VM.Audit)',
  },
  {
    fact: 'permissions',
    that: 'NoAccess to a pool beats rights on its guests',
    given: (sim) => {
      sim.state.acl.push({path: '/pool/web', type: 'user', ugid: 'pmpc@pve', roleid: 'NoAccess', propagate: 1})
      sim.permissions.invalidate()
    },
    as: 'pmpc@pve!sync',
    ask: 'GET /nodes/pve1/qemu/100/config',
    comes: '403 Permission check failed (/vms/100, VM.Audit)',
  },
  {
    fact: 'permissions',
    that: `a user's own entries beat those of its groups on the same path`,
    given: (sim) => {
      sim.state.acl.push({path: '/pool/web', type: 'user', ugid: 'web@pve', roleid: 'PVEAuditor', propagate: 1})
      sim.permissions.invalidate()
    },
    as: 'web@pve!ci',
    ask: 'POST /nodes/pve1/qemu/100/status/stop',
    comes: '403 Permission check failed (/vms/100, VM.PowerMgmt)',
  },
  {
    fact: 'permissions',
    that: 'an entry that does not propagate stops at its path',
    given: (sim) => {
      sim.state.acl.push({path: '/vms', type: 'token', ugid: 'pmpc@pve!empty', roleid: 'PVEAuditor', propagate: 0})
      sim.permissions.invalidate()
    },
    as: 'pmpc@pve!empty',
    ask: 'GET /nodes/pve1/qemu/100/config',
    comes: '403 Permission check failed (/vms/100, VM.Audit)',
  },
  {
    fact: 'auditors',
    that: 'a token with privileges of its own needs the role itself, too',
    given: (sim) => {
      sim.state.acl.push({path: '/', type: 'token', ugid: 'pmpc@pve!empty', roleid: 'PVEAuditor', propagate: 1})
      sim.permissions.invalidate()
    },
    as: 'pmpc@pve!empty',
    ask: 'GET /nodes/pve1/qemu/100/config',
    comes: '200',
  },
  {
    fact: 'tokens',
    that: 'a token never has more than its user',
    given: (sim) => {
      sim.state.acl.push({path: '/', type: 'token', ugid: 'pmpc@pve!empty', roleid: 'Administrator', propagate: 1})
      sim.permissions.invalidate()
    },
    as: 'pmpc@pve!empty',
    ask: 'POST /nodes/pve1/qemu/100/status/stop',
    comes: '403 Permission check failed (/vms/100, VM.PowerMgmt)',
  },
  ...[
    '/cluster/resources',
    '/cluster/status',
    '/nodes/pve1/status',
    '/nodes/pve1/qemu/100/config',
    '/nodes/pve1/qemu/100/pending',
    '/nodes/pve1/qemu/100/status/current',
    '/nodes/pve1/qemu/100/snapshot',
    '/nodes/pve1/qemu/100/firewall/rules',
    '/cluster/firewall/rules',
    '/storage',
    '/nodes/pve1/storage/local/content',
    '/nodes/pve1/tasks',
    '/cluster/ha/resources',
    '/cluster/backup',
    '/cluster/replication',
    '/cluster/options',
    '/cluster/sdn/zones',
    '/cluster/mapping/pci',
    '/pools',
  ].map((path): Fact => ({
    fact: 'auditors',
    that: `PVEAuditor reads ${path}`,
    as: 'pmpc@pve!sync',
    ask: `GET ${path}`,
    comes: '200',
  })),
  {
    fact: 'auditors',
    that: 'PVEAuditor does not read one storage',
    as: 'pmpc@pve!sync',
    ask: 'GET /storage/local',
    comes: '403 Permission check failed (/storage/local, Datastore.Allocate)',
  },
  {
    fact: 'auditors',
    that: 'agent calls need VM.Monitor in 8.4',
    pve: '8.4',
    as: 'pmpc@pve!sync',
    ask: 'GET /nodes/pve1/qemu/100/agent/info',
    comes: '403 Permission check failed (/vms/100, VM.Monitor)',
  },
  {
    fact: 'auditors',
    that: 'and are for auditors in 9',
    pve: '9.2',
    as: 'pmpc@pve!sync',
    ask: 'GET /nodes/pve1/qemu/100/agent/info',
    comes: '200',
  },
  ...(['8.4', '9.2'] as const).map((pve): Fact => ({
    fact: 'privileges of 9',
    that: 'a role with a privilege of the other version is refused',
    pve,
    ask: 'POST /access/roles',
    with: {roleid: 'other', privs: pve === '8.4' ? 'VM.GuestAgent.Audit' : 'VM.Monitor'},
    comes: '400 Parameter verification failed.',
    errors: {privs: /.+/},
  })),
  {
    fact: 'privileges',
    that: 'names of own roles do not begin with PVE',
    ask: 'POST /access/roles',
    with: {roleid: 'PVEMine', privs: 'VM.Audit'},
    comes: '400 Parameter verification failed.',
    errors: {roleid: /.+/},
  },
  {
    fact: 'releases',
    that: 'version',
    ask: 'GET /version',
    comes: '200',
    gives: {version: /^[89]\.\d+\.\d+$/, release: /^[89]\.\d$/, repoid: /^[0-9a-f]+$/},
  },
  {
    fact: 'releases',
    that: 'groups were migrated to rules',
    pve: '9.2',
    ask: 'GET /cluster/ha/groups',
    comes: '500 cannot index groups: ha groups have been migrated to rules',
  },
  {
    fact: 'releases',
    that: 'a resource takes no group',
    pve: '9.2',
    ask: 'POST /cluster/ha/resources',
    with: {sid: 'vm:110', group: 'g1'},
    comes: /invalid parameter 'group': ha groups have been migrated to rules$/,
  },
  {fact: 'releases', that: 'groups in 8.4', pve: '8.4', ask: 'GET /cluster/ha/groups', comes: '200'},
  {
    fact: 'releases',
    that: 'rules came with 9',
    pve: '8.4',
    ask: 'GET /cluster/ha/rules',
    comes: `501 Method 'GET /cluster/ha/rules' not implemented`,
  },
  ...['/cluster/bulk-action', '/cluster/sdn/fabrics', '/cluster/sdn/route-maps'].map((path): Fact => ({
    fact: 'releases',
    that: `${path} came with 9`,
    pve: '8.4',
    ask: `GET ${path}`,
    comes: `501 Method 'GET ${path}' not implemented`,
  })),
  {
    fact: 'releases',
    that: 'glusterfs is gone',
    pve: '9.2',
    ask: 'GET /nodes/pve1/scan/glusterfs?server=x',
    comes: `501 Method 'GET /nodes/pve1/scan/glusterfs' not implemented`,
  },
  {
    fact: 'releases',
    that: 'move of an HA resource answers null in 8.4',
    pve: '8.4',
    first: [{ask: 'POST /cluster/ha/resources', with: {sid: 'vm:110'}}],
    ask: 'POST /cluster/ha/resources/vm:110/migrate',
    with: {node: 'pve1'},
    comes: '200',
    check: (data) => expect(data).to.equal(null),
  },
  {
    fact: 'releases',
    that: 'and an object in 9',
    pve: '9.2',
    first: [{ask: 'POST /cluster/ha/resources', with: {sid: 'vm:110'}}],
    ask: 'POST /cluster/ha/resources/vm:110/migrate',
    with: {node: 'pve1'},
    comes: '200',
    gives: {sid: 'vm:110', 'requested-node': 'pve1'},
  },
  {
    fact: 'releases',
    that: 'pressure of a guest since 9',
    pve: '9.2',
    ask: 'GET /nodes/pve1/qemu/100/status/current',
    comes: '200',
    gives: {memhost: /^\d+$/, pressurecpusome: /.*/},
  },
  {
    fact: 'tokens',
    that: 'regenerating a token',
    pve: '9.2',
    ask: 'PUT /access/users/web@pve/token/ci',
    as: 'root@pam',
    with: {regenerate: '1'},
    comes: '200',
    gives: {value: /^[0-9a-f-]{36}$/},
  },
  {
    fact: 'daemon',
    that: 'a new rule goes to position 0 and is off',
    first: [
      {ask: 'POST /cluster/firewall/rules', with: {type: 'in', action: 'ACCEPT', comment: 'a'}},
      {ask: 'POST /cluster/firewall/rules', with: {type: 'in', action: 'DROP', comment: 'b'}},
    ],
    ask: 'GET /cluster/firewall/rules',
    comes: '200',
    check: (data) =>
      expect((data as Entry[]).map(({pos, comment, enable}) => [pos, comment, enable])).to.deep.equal([
        [0, 'b', 0],
        [1, 'a', 0],
      ]),
  },
  {
    fact: 'daemon',
    that: 'one rule has its position as a string',
    first: [{ask: 'POST /cluster/firewall/rules', with: {type: 'in', action: 'ACCEPT', enable: '7'}}],
    ask: 'GET /cluster/firewall/rules/0',
    comes: '200',
    check: (data: Entry) => expect([data.pos, data.enable]).to.deep.equal(['0', 7]),
  },
  {
    fact: 'daemon',
    that: 'a directory mapping that is not there is deleted',
    ask: 'DELETE /cluster/mapping/dir/nope',
    comes: '200',
  },
  {
    fact: 'daemon',
    that: 'an HA rule that is not there is deleted',
    pve: '9.2',
    ask: 'DELETE /cluster/ha/rules/nope',
    comes: '200',
  },
  {
    fact: 'daemon',
    that: 'what migration has taken the place of becomes that',
    ask: 'PUT /cluster/options',
    with: {migration_unsecure: '1'},
    comes: '200',
    then: ['/cluster/options', {migration: {type: 'insecure'}}],
  },
  {
    fact: 'daemon',
    that: 'a cluster option that is not set is deleted',
    ask: 'PUT /cluster/options',
    with: {delete: 'console'},
    comes: '200',
  },
  {
    fact: 'daemon',
    that: 'unlink of a disk that is not there',
    ask: 'PUT /nodes/pve1/qemu/120/unlink',
    with: {idlist: 'scsi9'},
    comes: '200',
  },
  {
    fact: 'daemon',
    that: 'parameter errors within a locked section come as 500',
    ask: 'DELETE /cluster/backup/nope',
    comes: /^500 400 Parameter verification failed\.$/,
  },
  {
    fact: 'daemon',
    that: 'the description of a node gains a newline',
    ask: 'PUT /cluster/options',
    with: {description: 'x'},
    comes: '200',
    then: ['/cluster/options', {description: 'x\n'}],
  },
]

describe('facts of PVE: the cluster', () => {
  holdFacts(facts)
})
