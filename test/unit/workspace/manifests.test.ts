import {expect} from 'chai'
import {parseManifests} from '../../../src/kit/workspace/manifests.js'

const path = 'infra/home/vm/100.yaml'
const read = (text: string, at = path, clusters = ['home', 'lab']) => parseManifests(text, at, clusters)
const told = (text: string, at = path, clusters = ['home', 'lab']) =>
  read(text, at, clusters).problems.map(({severity, code, line, column}) => `${severity} ${code} ${line}:${column}`)

describe('reading manifests', () => {
  it('makes values canonical, whatever their spelling', () => {
    const text = `\uFEFF# a VM
kind: vm
id: "100"
pool: 7
power: stopped
placement: {node: pve1, pinned: true}
config:
  memory: "8192"
  onboot: true
  tags: web;prod;web
  net0: virtio=bc:24:11:5a:01:02,bridge=vmbr0,firewall=1
  scsi0:
    file: local:vm-100-disk-0
    size: 32768M
    ssd: on
  description: |
    Text.

  name: 'on'
`.replaceAll('\n', '\r\n')
    const {documents, problems, empty, broken} = read(text)
    expect(problems).to.deep.equal([])
    expect([empty, broken]).to.deep.equal([false, false])
    expect(documents.map(({ref, declared}) => ({ref, declared}))).to.deep.equal([
      {
        ref: {cluster: 'home', kind: 'vm', id: 100},
        declared: {
          kind: 'vm',
          id: 100,
          pool: '7',
          power: 'stopped',
          placement: {node: 'pve1', pinned: true},
          config: {
            memory: 8192,
            onboot: 1,
            tags: ['prod', 'web'],
            net0: {model: 'virtio', macaddr: 'BC:24:11:5A:01:02', bridge: 'vmbr0', firewall: 1},
            scsi0: {file: 'local:vm-100-disk-0', size: '32G', ssd: 1},
            description: 'Text.',
            name: 'on',
          },
        },
      },
    ])
    expect(documents[0]!.positions['config.scsi0.size']).to.deep.equal({line: 14, column: 5})
  })

  it('tells what a guest is made from, what is to be absent, and what has no id yet', () => {
    const text = `kind: vm
id: 200
from: {clone: 9000, full: true, storage: local-zfs}
config: {scsi0: 'local-zfs:32', ide2: 'local-zfs:cloudinit,media=cdrom', net0: 'virtio,bridge=vmbr0'}
---
kind: container
id: next
from: {ostemplate: 'local:vztmpl/debian.tar.zst'}
config: {rootfs: 'local-zfs:8'}
---
kind: vm
id: 201
absent: true
`
    const {documents, absent, unmade, problems, broken} = read(text)
    expect(problems).to.deep.equal([])
    expect(broken).to.equal(false)
    expect(documents.map(({declared}) => declared.from)).to.deep.equal([
      {clone: 9000, full: true, storage: 'local-zfs'},
    ])
    expect(absent.map(({ref, declared}) => [ref.id, declared.absent])).to.deep.equal([[201, true]])
    expect(unmade.map(({cluster, declared}) => [cluster, declared.kind, declared.id])).to.deep.equal([
      ['home', 'container', 'next'],
    ])
    const wrong = [
      'kind: vm\nid: 1\nabsent: yes please\n',
      'kind: vm\nid: 100\nabsent: true\nconfig: {cores: 1}\n',
      'kind: vm\nid: next\nabsent: true\n',
      'kind: pool\nid: next\n  \nfrom: {clone: 100}\n',
      'kind: vm\nid: 100\nfrom: {ostemplate: a}\n',
      'kind: vm\nid: 100\nfrom: {clone: web}\n',
      'kind: vm\nid: 100\nfrom: {clone: 9000, archive: a}\n',
      'kind: vm\nid: 100\nfrom: {clone: 9000, fast: true}\n',
    ]
    expect(wrong.map((each) => told(each).join('; '))).to.deep.equal([
      'error bad-absent 3:1',
      'error bad-absent 4:1',
      'error bad-absent 2:1',
      'error unknown-key 4:1',
      'error bad-from 3:1',
      'error bad-from 3:8',
      'error bad-from 3:1',
      'error bad-from 3:21',
    ])
  })

  it('takes YAML 1.1’s words for the texts that they are in 1.2', () => {
    const {documents} = read(
      'kind: vm\nid: 0o144\nconfig: {name: yes, x-a: 1_000, x-b: 1:20, x-c: off, x-d: 2026-01-02}\n',
    )
    expect(documents[0]!.ref.id).to.equal(100)
    expect(documents[0]!.declared.config).to.deep.equal({
      name: 'yes',
      'x-a': '1_000',
      'x-b': '1:20',
      'x-c': 'off',
      'x-d': '2026-01-02',
    })
  })

  it('follows anchors, aliases and merge keys', () => {
    const text =
      'x-base: &b\n  cores: 2\n  net0: &n {model: virtio, bridge: vmbr0}\nkind: vm\nid: 100\nconfig:\n  <<: *b\n  net1: *n\n  memory: 64\n  cores: null\n'
    const {documents, problems} = read(text)
    const nic = {model: 'virtio', bridge: 'vmbr0'}
    expect(problems).to.deep.equal([])
    expect(documents[0]!.declared.config).to.deep.equal({net0: nic, net1: nic, memory: 64})
  })

  describe('finds the cluster', () => {
    const vm = 'kind: vm\nid: 100\n'
    const cases: [string, string, string, string[], string | undefined][] = [
      ['by its key', `${vm}cluster: lab\n`, path, ['home', 'lab'], 'lab'],
      ['by the folder', vm, 'infra/lab/a/b.yaml', ['home', 'lab'], 'lab'],
      ['where there is but one', vm, 'infra/web/a.yaml', ['home'], 'home'],
      ['or not', vm, 'infra/web/a.yaml', ['home', 'lab'], undefined],
      ['or not, by a key that names none', `${vm}cluster: hone\n`, path, ['home', 'lab'], undefined],
    ]
    for (const [title, text, at, clusters, cluster] of cases) {
      it(title, () => {
        const parsed = read(text, at, clusters)
        expect(parsed.documents.map(({ref}) => ref.cluster)).to.deep.equal(cluster ? [cluster] : [])
        expect(parsed.broken).to.equal(cluster === undefined)
        expect(parsed.problems.length).to.equal(cluster === undefined ? 1 : 0)
      })
    }
    it('and suggests the one meant', () => {
      expect(read(`${vm}cluster: hone\n`).problems[0]!.message).to.include('did you mean home?')
    })
  })

  describe('tells with line and column', () => {
    const cases: [string, string, string[]][] = [
      ['a syntax error', 'kind: vm\nid: 100\nconfig: {a: [1\n', ['error syntax 4:1', 'error syntax 4:1']],
      ['a key that stands twice', 'kind: vm\nid: 100\nconfig:\n  cores: 1\n  cores: 2\n', ['error duplicate-key 5:3']],
      ['an object that stands twice', 'kind: vm\nid: 100\n---\nkind: vm\nid: 100\n', ['error duplicate-object 4:1']],
      ['an unknown key', 'kind: vm\nid: 100\nplacment: {}\n', ['error unknown-key 3:1']],
      [
        'an unknown key of placement',
        'kind: vm\nid: 100\nplacement:\n  node: a\n  pin: true\n',
        ['error unknown-key 5:3'],
      ],
      ['a key of PVE beside config', 'kind: vm\nid: 100\nmemory: 4\n', ['error unknown-key 3:1']],
      [
        'an unknown key of the configuration',
        'kind: vm\nid: 100\nconfig:\n  memori: 4\n',
        ['warning unknown-config-key 4:3'],
      ],
      ['a key of pmpc that this kind has not', 'kind: storage\nid: a\npower: running\n', ['error unknown-key 3:1']],
      [
        'what is no map deep in a configuration',
        'kind: sdn-vnet\nid: a\nconfig:\n  subnets:\n    192.0.2.0/24: x\n',
        ['warning bad-value 5:5'],
      ],
      ['an unknown kind', 'id: 100\nkind: vms\n', ['error wrong-kind 2:1']],
      ['an ACME account', 'kind: acme-account\nid: a\n', ['error wrong-kind 1:1']],
      ['no kind', 'id: 100\n', ['error no-kind 1:1']],
      ['no id', '\nkind: vm\n', ['error no-id 2:1']],
      ['an id that can be none', 'kind: vm\nid: web\n', ['error bad-id 2:1']],
      ['an id that names nothing', 'kind: firewall\nid: host/999\n', ['error bad-id 2:1']],
      [
        'a key in a row',
        'kind: firewall\nid: cluster\nconfig:\n  rules:\n    - {type: in, action: DROP}\n    - {typ: in, action: DROP}\n',
        ['warning bad-value 6:8'],
      ],
      [
        'a row that is none',
        'kind: firewall\nid: cluster\nconfig:\n  rules:\n    - {type: in, action: DROP}\n    - DROP\n',
        ['warning bad-value 6:7'],
      ],
      ['a document that is no map', 'kind: vm\nid: 100\n---\n- a\n', ['error no-map 4:1']],
      ['a config that is none', 'kind: vm\nid: 100\nconfig: [a]\n', ['error bad-config 3:1']],
      ['an alias that knows no anchor', 'kind: vm\nid: 100\nconfig: *a\n', ['error bad-alias 3:9']],
      ['a secret', 'kind: vm\nid: 100\nconfig:\n  cipassword: hush\n', ['error bad-value 4:3']],
      [
        'a secret in a map',
        'kind: notification-target\nid: a\nconfig:\n  header:\n    X-A: hush\n',
        ['error bad-value 5:5'],
      ],
      ['power that is none', 'kind: vm\nid: 100\npower: on\n', ['error bad-power 3:1']],
    ]
    for (const [title, text, expected] of cases) {
      it(title, () => expect(told(text)).to.deep.equal(expected))
      it(`${title}, with CRLF and a byte order mark`, () => {
        expect(told(`\uFEFF${text.replaceAll('\n', '\r\n')}`)).to.deep.equal(expected)
      })
    }

    it('and what the id can be', () => {
      const said = (text: string) => read(text).problems[0]!.message
      expect(said('kind: firewall\nid: host/999\n')).to.equal(
        '"host/999" cannot be the id of this firewall: it is cluster, node/NAME, vnet/NAME or guest/VMID',
      )
      expect(said('kind: ha-resource\nid: vm:100\n')).to.equal(
        '"vm:100" cannot be the id of this ha-resource: it is a VMID',
      )
      expect(said('kind: acl\nid: main\n')).to.equal('"main" cannot be the id of this acl: it is acl')
      expect(said('kind: acl\n')).to.equal('id of this acl is missing: it is acl')
    })

    it('and names the key that was meant', () => {
      expect(read('kind: vm\nid: 100\nplacment: {}\n').problems[0]!.message).to.include('did you mean placement?')
      expect(read('kind: ct\nid: 100\n').problems[0]!.message).to.include('did you mean container?')
      expect(read('kind: vm\nid: 100\nconfig:\n  memori: 4\n').problems[0]).to.include({
        field: 'config.memori',
        message: 'PVE 8.4 and 9.2 know no key memori of a vm; did you mean memory?',
      })
      expect(read('kind: container\nid: 100\nconfig:\n  nett12: a\n').problems[0]!.message).to.include(
        'did you mean net12?',
      )
      expect(JSON.stringify(read('kind: vm\nid: 100\nconfig: {cipassword: hush}\n').problems)).to.not.include('hush')
    })
  })

  it('does not take an object for empty whose configuration stands under a key that is none', () => {
    expect(read('kind: vm\nid: 100\nconfg:\n  cores: 1\n')).to.deep.include({documents: [], broken: true})
    expect(read('kind: vm\nid: 100\nconfig: {}\nconfg:\n  cores: 1\n').documents).to.have.length(1)
  })

  it('takes of the state of an HA resource what only people choose', () => {
    const text = (state: string) => `kind: ha-resource\nid: 100\npower: running\nconfig:\n  state: ${state}\n`
    expect(read(text('ignored'))).to.deep.include({problems: []})
    expect(read(text('ignored')).documents[0]!.declared.config).to.deep.equal({state: 'ignored'})
    const {documents, problems} = read(text('started'))
    expect(documents[0]!.declared.config).to.deep.equal({})
    expect(problems.map(({message}) => message)).to.deep.equal([
      'state is declared as ignored or disabled only; whether it is to run stands in power',
    ])
  })

  it('takes an emptied file for empty, and one of comments for nothing', () => {
    for (const text of ['', '\n', '\uFEFF', '  \r\n'])
      expect(read(text)).to.deep.equal({
        documents: [],
        problems: [],
        absent: [],
        unmade: [],
        empty: true,
        broken: false,
      })
    expect(read('# later\n---\n')).to.deep.equal({
      documents: [],
      problems: [],
      absent: [],
      unmade: [],
      empty: false,
      broken: false,
    })
  })

  it('survives aliases that would fill the memory, and ones that never end', () => {
    const levels = Array.from({length: 12}, (_, i) => `x-${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}*a${i}]`)
    expect(told(`x-0: &a0 [1]\n${levels.join('\n')}\nkind: vm\nid: 100\n`)).to.deep.equal(['error bad-alias 2:31'])
    expect(told('kind: vm\nid: 100\nconfig: &c\n  net0: *c\n')).to.deep.equal(['error bad-alias 4:3'])
  })
})
