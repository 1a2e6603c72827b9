import {expect} from 'chai'
import {holdFacts, type Fact, type Step} from './support/facts.js'

const vm = '/nodes/pve1/qemu/120'
const ct = '/nodes/pve1/lxc/200'
const gone = undefined

/** What a text that is sent comes back as, wherever it is kept in a file of the same kind. */
interface Kept {
  fact: Fact['fact']
  that: string
  /** Where it is written, and the parameters beside it. */
  write: string
  beside?: Step['with']
  key: string
  first?: Fact['first']
  pve?: Fact['pve']
  as?: string
  /** As sent, as read. */
  values: [sent: string, read: unknown][]
}

const inUserCfg: Kept['values'] = [
  ['  x  y ', 'x  y'],
  ['  ', gone],
  ['0', gone],
  [' \n', '\n'],
]
const inSections: Kept['values'] = [
  [' x y ', 'x y'],
  [' ', gone],
  ['', gone],
]
const asLines: Kept['values'] = [
  ['a\n\n\n', 'a\n'],
  ['a \n\n b \n\n', 'a \n\n b \n'],
  ['\n\na', '\n\na\n'],
  ['\n', gone],
  ['0', gone],
]

const kept: Kept[] = [
  {fact: 'user.cfg', that: 'a user', write: 'PUT /access/users/web@pve', key: 'comment', values: inUserCfg},
  {fact: 'user.cfg', that: 'a user', write: 'PUT /access/users/web@pve', key: 'lastname', values: inUserCfg},
  {
    fact: 'user.cfg',
    that: 'a token',
    write: 'PUT /access/users/web@pve/token/ci',
    as: 'root@pam',
    key: 'comment',
    values: inUserCfg,
  },
  {fact: 'user.cfg', that: 'a group', write: 'PUT /access/groups/shop', key: 'comment', values: inUserCfg},
  {fact: 'user.cfg', that: 'a pool', write: 'PUT /pools/empty', key: 'comment', values: inUserCfg},
  {
    fact: 'section files',
    that: 'a realm',
    first: [
      {
        ask: 'POST /access/domains',
        with: {realm: 'ldx', type: 'ldap', server1: '192.0.2.9', base_dn: 'dc=x', user_attr: 'uid'},
      },
    ],
    write: 'PUT /access/domains/ldx',
    key: 'filter',
    values: inSections,
  },
  {
    fact: 'section files',
    that: 'a mapping',
    first: [{ask: 'POST /cluster/mapping/dir', with: {id: 'srv', map: 'node=pve1,path=/srv'}}],
    write: 'PUT /cluster/mapping/dir/srv',
    beside: {map: 'node=pve1,path=/srv'},
    key: 'description',
    values: inSections,
  },
  {
    fact: 'section files',
    that: 'an HA resource',
    first: [{ask: 'POST /cluster/ha/resources', with: {sid: 'vm:120'}}],
    write: 'PUT /cluster/ha/resources/vm:120',
    key: 'comment',
    values: [...inSections, ['0', gone]],
  },
  {
    fact: 'section files',
    that: 'a VNet',
    first: [
      {ask: 'POST /cluster/sdn/zones', with: {zone: 'z1', type: 'simple'}},
      {ask: 'POST /cluster/sdn/vnets', with: {vnet: 'v1', zone: 'z1'}},
    ],
    write: 'PUT /cluster/sdn/vnets/v1',
    key: 'alias',
    values: inSections,
  },
  {
    fact: 'section files',
    that: 'the nodes of a zone',
    first: [{ask: 'POST /cluster/sdn/zones', with: {zone: 'z1', type: 'simple', nodes: 'pve1'}}],
    write: 'PUT /cluster/sdn/zones/z1',
    key: 'nodes',
    values: [['', gone]],
  },
  ...(['nodes', 'prune-backups'] as const).map((key): Kept => ({
    fact: 'section files',
    that: 'a storage',
    write: 'PUT /storage/backup',
    key,
    values: [['', gone]],
  })),
  {
    fact: 'section files',
    that: 'the content of a storage, which is a kind of its own',
    write: 'PUT /storage/backup',
    key: 'content',
    values: [['', 'none']],
  },
  {fact: 'descriptions', that: 'a container', write: `PUT ${ct}/config`, key: 'description', values: asLines},
  {
    fact: 'descriptions',
    that: 'a snapshot of a container',
    write: `PUT ${ct}/snapshot/clean/config`,
    key: 'description',
    values: asLines,
  },
  {
    fact: 'descriptions',
    that: 'the cluster',
    write: 'PUT /cluster/options',
    key: 'description',
    values: asLines.map(([sent, read]) => [sent, read ?? '']),
  },
  {
    fact: 'descriptions',
    that: 'a node, where no line has blanks at its end',
    write: 'PUT /nodes/pve1/config',
    key: 'description',
    values: [...asLines.filter(([sent]) => sent !== 'a \n\n b \n\n'), ['a \n\n b \n \n', 'a\n\n b\n\n'], ['', gone]],
  },
  {
    fact: 'descriptions',
    that: 'a machine, without an end',
    write: `PUT ${vm}/config`,
    key: 'description',
    values: [
      ['a \n\n b \n \n\n', 'a \n\n b'],
      ['\n\na', '\n\na'],
      ['0', gone],
    ],
  },
  {
    fact: 'descriptions',
    that: 'a snapshot of a machine, without an end',
    first: [{ask: `POST ${vm}/snapshot`, with: {snapname: 's1', description: 'first'}}],
    write: `PUT ${vm}/snapshot/s1/config`,
    key: 'description',
    values: [
      [' b\n\n', ' b'],
      ['', gone],
      ['0', gone],
    ],
  },
]

const facts: Fact[] = [
  ...kept.flatMap(({that, write, beside, key, values, ...rest}) =>
    values.map(([sent, read]): Fact => ({
      ...rest,
      that: `${that}: ${key} ${JSON.stringify(sent)} comes back as ${JSON.stringify(read)}`,
      ask: write,
      with: {...beside, [key]: sent},
      comes: '200',
      then: [write.split(' ')[1]!, {[key]: read}],
    })),
  ),
  {
    fact: 'user.cfg',
    that: 'users and their tokens are listed by name',
    first: ['zz', 'aa'].flatMap((name): Step[] => [
      {ask: 'POST /access/users', with: {userid: `${name}@pve`}},
      {ask: `POST /access/users/web@pve/token/${name}`, as: 'root@pam'},
    ]),
    ask: 'GET /access/users?full=1',
    comes: '200',
    check: (data: {userid: string; tokens: {tokenid: string}[] | null}[]) => {
      const names = data.map(({userid}) => userid)
      expect(names).to.deep.equal([...names].sort())
      const tokens = data.find(({userid}) => userid === 'web@pve')!.tokens!.map(({tokenid}) => tokenid)
      expect(tokens).to.deep.equal(['aa', 'ci', 'zz'])
    },
  },
  {
    fact: 'user.cfg',
    that: 'groups of a user are listed by name',
    first: [
      {ask: 'POST /access/groups', with: {groupid: 'aaa'}},
      {ask: 'PUT /access/users/web@pve', with: {groups: 'shop,aaa'}},
    ],
    ask: 'GET /access/users/web@pve',
    comes: '200',
    check: ({groups}: {groups: string[]}) => expect(groups).to.deep.equal(['aaa', 'shop']),
  },
  ...(
    [
      ['DELETE /access/users/nope@pve', '200 OK', `500 no such user ('nope@pve')`],
      ['GET /access/users/nope@pve', `500 no such user ('nope@pve')`, `500 no such user ('nope@pve')`],
      [
        'PUT /access/users/nope@pve',
        `500 update user failed: no such user ('nope@pve')`,
        `500 no such user ('nope@pve')`,
      ],
      ['GET /access/users/nope@pve/tfa', '200 OK', '403 Permission check failed'],
      ['GET /access/users/nope@pve/token', `500 no such user ('nope@pve')`, '403 Permission check failed'],
      ['POST /access/users/nope@pve/token/abc', `500 no such user ('nope@pve')`, '403 Permission check failed'],
      ['DELETE /access/users/nope@pve/token/abc', `500 no such user ('nope@pve')`, '403 Permission check failed'],
    ] as const
  ).flatMap(([ask, ticket, token]): Fact[] => [
    {fact: 'missing users', that: `${ask} by root@pam`, ask, as: 'root@pam', comes: ticket},
    {fact: 'missing users', that: `${ask} by a token`, ask, comes: token},
  ]),
  {
    fact: 'daemon',
    that: 'a token is told what was sent as text, and what was not as a number',
    ask: 'POST /access/users/web@pve/token/new1',
    as: 'root@pam',
    with: {comment: '0'},
    comes: '200',
    check: ({info}: {info: unknown}) => expect(info).to.deep.equal({privsep: 1}),
  },
  ...['snapshot/s1/config', 'config?snapshot=s1'].map((path): Fact => ({
    fact: 'daemon',
    that: `an empty value of a snapshot is a blank in ${path}`,
    first: [
      {ask: `PUT ${vm}/config`, with: {hotplug: ''}},
      {ask: `POST ${vm}/snapshot`, with: {snapname: 's1'}},
    ],
    ask: `GET ${vm}/${path}`,
    comes: '200',
    gives: {hotplug: ' '},
  })),
  {
    fact: 'values',
    that: 'an empty text is no list',
    ask: 'POST /cluster/backup',
    with: {all: '1', schedule: 'daily', storage: 'backup', 'exclude-path': ''},
    comes: '400 Parameter verification failed.',
    errors: {'exclude-path': `type check ('array') failed`},
  },
  ...(
    [
      ['a key of its own', {'encryption-key': '{"data":"x","fingerprint":"ab:cd"}'}, 'ab:cd', gone],
      ['a key without a fingerprint', {'encryption-key': '{"data":"x"}'}, '1', gone],
      ['a master key', {'encryption-key': '{"data":"x","fingerprint":"ab:cd"}', 'master-pubkey': 'LS0t'}, 'ab:cd', '1'],
    ] as const
  ).map(([that, sent, key, master]): Fact => ({
    fact: 'keys of backup servers',
    that,
    ask: 'POST /storage',
    with: {storage: 'pbs1', type: 'pbs', server: 'b', datastore: 's', username: 'u@pbs', password: 'secret', ...sent},
    comes: '200',
    gives: {config: {'encryption-key': sent['encryption-key']}},
    then: ['/storage/pbs1', {'encryption-key': key, 'master-pubkey': master, password: gone}],
  })),
  {
    fact: 'keys of backup servers',
    that: 'a master key goes with a key',
    ask: 'POST /storage',
    with: {storage: 'pbs1', type: 'pbs', server: 'b', datastore: 's', 'master-pubkey': 'LS0t'},
    comes: `500 create storage failed: 'master-pubkey' can only be used together with 'encryption-key'`,
  },
  {
    fact: 'keys of backup servers',
    that: 'what is no key is refused',
    ask: 'POST /storage',
    with: {storage: 'pbs1', type: 'pbs', server: 'b', datastore: 's', 'encryption-key': 'abc'},
    comes: '500 create storage failed: Value does not seems like a valid, JSON formatted encryption key!',
  },
  {
    fact: 'keys of backup servers',
    that: 'of one that is taken away nothing is left',
    first: [
      {
        ask: 'POST /storage',
        with: {storage: 'pbs1', type: 'pbs', server: 'b', datastore: 's', 'encryption-key': 'autogen'},
      },
    ],
    ask: 'PUT /storage/pbs1',
    with: {delete: 'encryption-key'},
    comes: '200',
    then: ['/storage/pbs1', {'encryption-key': gone}],
  },
]

describe('what files make of what is written', () => holdFacts(facts))
