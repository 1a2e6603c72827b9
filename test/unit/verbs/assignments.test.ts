import {expect} from 'chai'
import {declaredDocument} from '../../../src/kit/reconcile/index.js'
import type {Config, Declared} from '../../../src/kit/resources/index.js'
import {assignmentsIn, refuseSecrets, withAssigned} from '../../../src/kit/verbs/assignments.js'

const config: Config = {
  name: 'web01',
  memory: 2048,
  net0: {model: 'virtio', macaddr: 'BC:24:11:00:00:01', bridge: 'vmbr0', tag: 42},
  scsi0: {file: 'local-zfs:vm-100-disk-0', size: '32G'},
  tags: ['old', 'prod'],
}
const vm: Declared = {kind: 'vm', id: 100, pool: 'web', config}

/** What a manifest says then; a word with a minus in front is taken out. */
function after(words: string[], declared = vm) {
  const assignments = words.map((word) =>
    word.startsWith('-') ? {name: word.slice(1)} : assignmentsIn([word]).assignments[0]!,
  )
  const {document, problems} = withAssigned(declaredDocument(declared), assignments)
  return {...document, problems: problems.map(({message}) => message)}
}

describe('what is typed of fields', () => {
  it('is told from other words', () => {
    const {others, assignments} = assignmentsIn(['vm/100', 'tag:web', 'memory=4096', 'description=a=b\nc', 'web*'])
    expect(others).to.deep.equal(['vm/100', 'tag:web', 'web*'])
    expect(assignments).to.deep.equal([
      {name: 'memory', text: '4096'},
      {name: 'description', text: 'a=b\nc'},
    ])
  })

  const rows: {words: string[]; config?: Config; beside?: object}[] = [
    {words: ['memory=4096'], config: {memory: 4096}},
    {words: ['config.memory=4096'], config: {memory: 4096}},
    {words: ['onboot=yes', 'protection=false'], config: {onboot: 1, protection: 0}},
    {words: ['net0=virtio,bridge=vmbr1'], config: {net0: {model: 'virtio', bridge: 'vmbr1'}}},
    {words: ['net0.bridge=vmbr1'], config: {net0: {...(config.net0 as object), bridge: 'vmbr1'}}},
    {words: ['net0.tag=7', 'net0.firewall=1'], config: {net0: {...(config.net0 as object), tag: 7, firewall: 1}}},
    {
      words: ['-net0.tag'],
      config: {net0: {model: 'virtio', macaddr: 'BC:24:11:00:00:01', bridge: 'vmbr0'}},
    },
    {words: ['net1=e1000,bridge=vmbr0', 'net1.tag=5'], config: {net1: {model: 'e1000', bridge: 'vmbr0', tag: 5}}},
    {words: ['tags=web,db'], config: {tags: ['db', 'web']}},
    {words: ['tags=+web'], config: {tags: ['old', 'prod', 'web']}},
    {words: ['tags=+web,-old'], config: {tags: ['prod', 'web']}},
    {words: ['-tags[old]'], config: {tags: ['prod']}},
    {words: ['boot=order=scsi0;net0'], config: {boot: {order: 'scsi0;net0'}}},
    {words: ['power=running', 'pool=db'], beside: {power: 'running', pool: 'db'}},
    {words: ['placement.node=pve2'], beside: {pool: 'web', 'placement.node': 'pve2'}},
    {words: ['-pool'], beside: {}},
  ]
  for (const {words, config: changed, beside} of rows)
    it(`${words.join(' ')} says what it says`, () => {
      const made = after(words)
      expect(made.problems).to.deep.equal([])
      expect(made.config).to.deep.equal({...config, ...changed})
      expect(made.beside).to.deep.equal(beside ?? {pool: 'web'})
    })

  it('takes out keys, and what is not there is nothing', () => {
    const {config: made, problems} = after(['-tags', '-scsi0', '-description'])
    expect(problems).to.deep.equal([])
    expect(Object.keys(made)).to.deep.equal(['name', 'memory', 'net0'])
  })

  const wrong: [string[], RegExp][] = [
    [['memroy=1'], /know no key memroy of a vm; did you mean memory\?/],
    [['netz0=virtio'], /did you mean net0\?/],
    [['net77=virtio'], /there is no net77: a vm has net0 to net31/],
    [['net0.brige=x'], /^net0 has no brige; did you mean net0\.bridge\?$/],
    [['net5.bridge=x'], /^there is no net5 that net5\.bridge could be a part of; give it whole, net5=… \(net5\.model/],
    [['memory=4G'], /memory\S*: is a whole number/],
    [['sockets=0'], /^sockets: value must have a minimum/],
    [['onboot=maybe'], /^onboot: is true or false/],
    [['tags=+a,b'], /^tags: invalid characters in tag$/],
    [['power=on'], /^power is running or stopped, not "on"$/],
    [['powr=running'], /did you mean power\?/],
    [['node=pve1'], /did you mean placement\.node\?/],
    [['id=5'], /^id says what object it is/],
    [['hostname=x'], /^the name of a vm is its name$/],
    [['description='], /^description has no value; to take it out: --unset description$/],
    [['vmgenid=1'], /^vmgenid is made up by Proxmox VE/],
    [['-net0.model'], /^net0\.model: property is missing/],
    [['-memroy'], /did you mean memory\?/],
  ]
  for (const [words, message] of wrong)
    it(`${words.join(' ')} cannot be`, () => {
      expect(after(words).problems.join('\n')).to.match(message)
    })

  it('means the kind: a pool is a key of one, and stands beside another', () => {
    const rbd: Declared = {kind: 'storage', id: 'ceph', config: {type: 'rbd', content: ['images'], pool: 'rbd'}}
    const {config: made, problems} = after(['pool=other', 'content=+rootdir'], rbd)
    expect(problems).to.deep.equal([])
    expect(made).to.include({pool: 'other'})
    expect(made.content).to.deep.equal(['images', 'rootdir'])
    const container: Declared = {kind: 'container', id: 200, config: {hostname: 'dns'}}
    expect(after(['name=x'], container).problems).to.deep.equal(['the name of a container is its hostname'])
    expect(after(['net0=name=eth0,bridge=vmbr0,ip=dhcp'], container).config.net0).to.include({name: 'eth0', ip: 'dhcp'})
  })

  it('is refused where it is a secret, and the secret is in no message', () => {
    const registered: string[] = []
    const refused = (kind: 'vm' | 'container', word: string) => () =>
      refuseSecrets([kind], assignmentsIn([word]).assignments, {
        how: (key) => ({instead: `how ${key}`, suggestions: ['how']}),
        register: (secret) => registered.push(secret),
      })
    expect(refused('vm', 'cipassword=hunter22'))
      .to.throw(/^cipassword is a secret.*: how cipassword$/)
      .with.property('code', 'PMPC_NO_SECRET')
    expect(refused('container', 'password=hunter23')).to.throw(/^password is a secret(?!.*hunter)/)
    expect(registered).to.deep.equal(['hunter22', 'hunter23'])
    for (const text of ['**********', '-']) expect(refused('vm', `cipassword=${text}`)).to.not.throw()
    expect(after(['cipassword=-']).config.cipassword).to.equal('**********')
    expect(refused('vm', 'ciuser=ada')).to.not.throw()
  })
})
