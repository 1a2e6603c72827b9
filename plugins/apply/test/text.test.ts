import {expect} from 'chai'
import {displayWidth} from 'pmpc/kit/cli'
import type {Plan} from 'pmpc/kit/plan'
import {action, observed, plan, vm} from '../../../test/support/plans.js'
import {planTextFor, type Telling} from '../src/print/text.js'

const bare: Telling = {paint: (_, text) => text}

const lines = (made: Plan, telling: Partial<Telling> = {}) => planTextFor(made, {...bare, ...telling}).split('\n')

const before = {name: 'web01', memory: 2048, net0: {virtio: 'BC:24:11:00:00:01', bridge: 'vmbr0', tag: 42}}

describe('a plan in words', () => {
  it('is told by object, with signs, consequences and where each wish comes from', async () => {
    const made = await plan([
      action({
        config: before,
        wishes: [
          {field: 'config.memory', is: 2048, want: 4096, effect: {consequence: 'pending-until-reboot'}},
          {field: 'config.tags[web]', want: 'web', commit: null},
          {
            field: 'config.scsi1',
            is: 'local-zfs:vm-100-disk-1,size=32G',
            effect: {consequence: 'detaches-data', ifGuestLetsGo: true, note: 'the volume stays, as unused0'},
          },
          {field: 'config.scsi2', is: 'a:1', want: 'b:1', effect: {consequence: 'detaches-data'}},
        ],
        effects: [{consequence: 'stops'}, {field: 'config.boot', consequence: 'live', note: 'scsi1 leaves it'}],
      }),
    ])
    expect(lines(made)).to.deep.equal([
      '~ vm/100 web01',
      '  ~ config.memory     2048 → 4096  at the next restart (wished in c0ffee0000)',
      '  + config.tags[web]  web  at once (wished in the working tree)',
      '  - config.scsi1      local-zfs:vm-100-disk-1,size=32G  detaches data, which stays; if the guest lets go, else at the next restart; the volume stays, as unused0 (wished in c0ffee0000)',
      '  ± config.scsi2      a:1 → b:1  detaches data, which stays (wished in c0ffee0000)',
      '    also is stopped',
      '    also config.boot: at once; scsi1 leaves it',
      '',
      'Plan: 1 to change, by 1 request.',
      'Needs consent:',
      '  stops (vm/100)',
      '  detaches-data (vm/100)',
    ])
  })

  it('tells what is made and what goes, and the commit of all wishes once', async () => {
    const made = await plan([
      action({
        ref: {cluster: 'home', kind: 'vm', id: 102},
        is: null,
        after: {cores: 2, name: 'new'},
        wishes: [
          {field: 'config.cores', want: 2},
          {field: 'config.name', want: 'new'},
        ],
      }),
      action({config: before, after: null, effects: [{consequence: 'destroys-data', irreversible: true}]}),
    ])
    expect(lines(made)).to.deep.equal([
      '+ vm/102 new  wished in c0ffee0000',
      '  + config.cores  2',
      '  + config.name   new',
      '',
      '- vm/100 web01  wished in the working tree',
      '  - config.memory  2048',
      '  - config.name    web01',
      '  - config.net0    virtio=BC:24:11:00:00:01,bridge=vmbr0,tag=42',
      '    destroys data; and nothing brings it back',
      '',
      'Plan: 1 to create, 1 to remove, by 2 requests.',
      'Needs consent:',
      '  destroys-data (vm/100)',
    ])
  })

  it('shows long texts as a unified diff, with all that is hidden in them', async () => {
    const text = (...words: string[]) => `${words.join('\n')}\n`
    const made = await plan([
      action({
        wishes: [
          {
            field: 'config.description',
            is: text('1', '2', '3', '4', '5', '6', '7', '8', '9'),
            want: text('1', '2', '3', '4', '5', 'six\u001b[31m\u202e', '7', '8', '9', '10'),
          },
        ],
      }),
    ])
    expect(lines(made).slice(1, -2)).to.deep.equal([
      '  ~ config.description  at once',
      '      … 2 lines as before',
      '        3',
      '        4',
      '        5',
      '      - 6',
      '      + six\\u001b[31m\\u202e',
      '        7',
      '        8',
      '        9',
      '      + 10',
    ])
  })

  it('shows rows of an ordered list one by one, with their places, and what only moved', async () => {
    const [ssh, drop, web] = [
      {type: 'in', action: 'ACCEPT', dport: 22},
      {type: 'in', action: 'DROP'},
      {type: 'in', action: 'ACCEPT', dport: 80},
    ]
    const added = {...web, dport: 443, comment: 'from everywhere'}
    const field = 'config.rules'
    const made = await plan([action({wishes: [{field, is: [ssh, drop, web], want: [added, web, ssh]}]})])
    expect(lines(made).slice(1, -2)).to.deep.equal([
      '  ~ config.rules  at once',
      '      - 1: in DROP',
      '      + 0: in ACCEPT dport=443 comment="from everywhere"',
      '      ~ 2: in ACCEPT dport=22 (was 0)',
    ])
  })

  it('cuts long values only where --verbose would show them whole, and shows requests with it', async () => {
    const want = Array.from({length: 60}, (_, at) => `line ${at}`).join('\n')
    const request = {method: 'POST', path: '/x', parameters: {b: 'two words', a: {secret: 'cipassword'}}} as const
    const made = await plan([action({wishes: [{field: 'config.description', want}], request})])
    expect(lines(made)).to.include('      … and 20 more lines: pmpc plan --verbose').and.to.have.length(45)
    expect(lines(made, {verbose: true})).to.have.length(67)
    expect(lines(made, {verbose: true}).slice(62, 65)).to.deep.equal([
      '    POST /x',
      '      a=(the secret cipassword)',
      '      b=two words',
    ])
  })

  it('tells what PVE holds already, what is undecided and what checks found, errors first', async () => {
    const made = await plan([action({is: observed({cores: 4}, {running: {cores: 2, balloon: 0}})})], {
      undecided: [
        {object: 'home/vm/7', field: 'config.cores', why: 'it has changed in the cluster'},
        {object: 'home/vm/8', field: null, why: 'it could not be read'},
      ],
      checks: [
        {object: 'home/vm/100', check: 'space', severity: 'warning', message: 'little is left', suggestions: []},
        {
          object: 'home/vm/100',
          field: 'config.memory',
          check: 'privileges',
          severity: 'error',
          message: 'VM.Config.Memory on /vms/100 is missing',
          suggestions: ['pveum acl modify /vms/100 --roles A'],
        },
      ],
    })
    expect(lines(made)).to.deep.equal([
      '~ vm/100',
      '    config.balloon 0 → (none) waits in Proxmox VE for the next restart',
      '    config.cores 2 → 4 waits in Proxmox VE for the next restart',
      '',
      'Undecided (2), and left alone:',
      '  vm/7 config.cores: it has changed in the cluster',
      '  vm/8: it could not be read',
      '',
      'error    vm/100 config.memory: VM.Config.Memory on /vms/100 is missing [privileges]',
      '           pveum acl modify /vms/100 --roles A',
      'warning  vm/100: little is left [space]',
      '',
      'Plan: 1 to change, by 1 request; 2 undecided; 1 check failed; 1 warning.',
    ])
  })

  it('names clusters only where there are several, and says where nothing is to be done', async () => {
    expect(lines(await plan([]))).to.deep.equal(['Plan: nothing to do.'])
    const lab = {...vm, cluster: 'lab'}
    const clusters = {home: {nodes: {}}, lab: {nodes: {}}}
    const made = await plan([action({}), action({ref: lab})], {clusters})
    expect(lines(made).filter((line) => line.startsWith('~'))).to.deep.equal(['~ home/vm/100', '~ lab/vm/100'])
  })

  it('keeps prose within the width of a terminal, and breaks nothing that is to be typed', async () => {
    const made = await plan(
      [
        action({
          wishes: [
            {
              field: 'config.scsi1',
              is: {file: 'local-zfs:vm-100-disk-1', size: '32G', discard: 'on', ssd: 1},
              effect: {consequence: 'detaches-data', ifGuestLetsGo: true, note: 'the volume stays, as unused0'},
            },
          ],
        }),
      ],
      {
        undecided: [{object: 'home/vm/7', field: null, why: 'why '.repeat(40).trim()}],
        checks: [
          {
            object: 'home/vm/100',
            check: 'privileges',
            severity: 'error',
            message: 'missing '.repeat(20).trim(),
            suggestions: [`pveum role modify PmpcApply --append --privs ${'VM.Config.Memory,'.repeat(5)}`],
          },
        ],
      },
    )
    const narrow = lines(made, {width: 80})
    const long = narrow.filter((line) => displayWidth(line) > 80)
    expect(long).to.have.length(1)
    expect(long[0]).to.match(/^ {11}pveum role modify/)
    const words = (text: string[]) => text.join(' ').split(/\s+/)
    expect(words(narrow)).to.deep.equal(words(lines(made)))
  })
})
