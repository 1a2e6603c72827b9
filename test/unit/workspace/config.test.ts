import {kinds} from '../../../src/kit/resources/index.js'
import {expect} from 'chai'
import type {PmpcError} from '../../../src/kit/errors/index.js'
import {parseConfig} from '../../../src/kit/workspace/config-parse.js'
import {createWorkspace, type WorkspaceSettings} from '../../../src/kit/workspace/create.js'
import {withLines} from '../../../src/kit/workspace/lines.js'
import {readsGuestFirewalls, wantedKinds, type ClusterConfig} from '../../../src/kit/workspace/index.js'

const fingerprint = Array.from({length: 32}, (_, i) => (i + 16).toString(16).toUpperCase()).join(':')
const pem = '-----BEGIN CERTIFICATE-----\nMIIB\nAAAA\n-----END CERTIFICATE-----\n'
const cluster: ClusterConfig = {endpoints: ['https://192.0.2.10:8006'], token: 'pmpc@pve!sync', trust: {ca: pem}}
const pinned: ClusterConfig = {...cluster, endpoints: ['https://pve.example'], trust: {fingerprint}}

const good = `# ours
version: 1
clusters:
  home:
    endpoints: [https://192.0.2.10:8006] # the switch
    token: pmpc@pve!sync
    trust:
      fingerprint: ${fingerprint.toLowerCase()}
`

function failure(text: string): {code: string; lines: string[]; error: PmpcError} {
  try {
    parseConfig(text)
  } catch (error) {
    const {code, message} = error as PmpcError
    const lines = message
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.startsWith('pmpc.yaml:'))
    return {code, lines, error: error as PmpcError}
  }
  throw new Error('was taken')
}

describe('pmpc.yaml', () => {
  it('is read', () => {
    expect(
      parseConfig(
        `\uFEFF${good.replaceAll('\n', '\r\n')}ignore:\r\n- {guest: 900}\r\n- {key: description, kind: vm}\r\n`,
      ),
    ).to.deep.equal({
      version: 1,
      clusters: {home: {endpoints: ['https://192.0.2.10:8006'], token: 'pmpc@pve!sync', trust: {fingerprint}}},
      ignore: [{guest: 900}, {key: 'description', kind: 'vm'}],
      allow: [],
      policy: [],
    })
  })

  it('says what pmpc health holds clusters against', () => {
    const text = `health:
  thresholds: {storage.usage: {warning: 80, critical: 90.5}}
  exceptions:
    - {check: backup.coverage, object: vm/900, cluster: home, until: 2027-01-31, reason: ours}
    - {check: repo.*}
`
    expect(parseConfig(`${good}${text}`).health).to.deep.equal({
      thresholds: {'storage.usage': {warning: 80, critical: 90.5}},
      exceptions: [
        {check: 'backup.coverage', object: 'vm/900', cluster: 'home', until: '2027-01-31', reason: 'ours'},
        {check: 'repo.*'},
      ],
    })
    expect(parseConfig(`${good}health:\n`).health).to.equal(undefined)
  })

  for (const [what, text, says] of [
    ['an unknown part', 'health: {treshold: {}}', /key treshold is not known here/],
    ['thresholds that are no map', 'health: {thresholds: [1]}', /9:10: thresholds must be a map of checks/],
    ['limits that are no map', 'health: {thresholds: {a.b: 80}}', /limits of a check must be a map of numbers/],
    ['a limit that is no number', 'health: {thresholds: {a.b: {warning: "80"}}}', /warning must be a number/],
    ['exceptions that are no list', 'health: {exceptions: {check: a.b}}', /exceptions must be a list/],
    ['an exception of nothing', 'health: {exceptions: [{object: vm/1}]}', /needs the check that it is about/],
    ['an exception with another key', 'health: {exceptions: [{check: a.b, guest: 1}]}', /key guest is not known here/],
    ['a day that is none', 'health: {exceptions: [{check: a.b, until: 2027-13-01}]}', /until must be a day/],
    ['a number for a text', 'health: {exceptions: [{check: a.b, object: 100}]}', /object must be a text/],
  ] as const)
    it(`refuses ${what} below health:`, () => {
      expect(failure(`${good}${text}\n`).lines.join('\n')).to.match(says)
    })

  it('says which kinds are kept: what is not named is left out as by a rule', () => {
    const {ignore} = parseConfig(`${good}ignore: [{tag: lab}]\nkinds: [guests, pools, acl]\n`)
    const left = kinds.filter(({name}) => !['vm', 'container', 'pool', 'acl'].includes(name))
    expect(ignore).to.deep.equal([{tag: 'lab'}, ...left.map(({name}) => ({kind: name}))])
    expect(wantedKinds({ignore}).map(({name}) => name)).to.deep.equal(
      kinds.map(({name}) => name).filter((name) => ['vm', 'container', 'pool', 'acl'].includes(name)),
    )
    expect(wantedKinds(parseConfig(good))).to.deep.equal(kinds)
    expect(wantedKinds({ignore: [{kind: 'pool'}, {kind: 'vm', key: 'memory'}]})).to.deep.equal(
      kinds.filter(({name}) => name !== 'pool'),
    )
  })

  it('says whether the firewalls of guests are read; else they are where there are few', () => {
    const read = (line: string) => parseConfig(good + line)
    const told = (line: string) => [200, 201].map((guests) => readsGuestFirewalls(read(line), guests))
    expect(told('')).to.deep.equal([true, false])
    expect(told('read: {}\n')).to.deep.equal([true, false])
    expect(told('read: {guestFirewalls: true}\n')).to.deep.equal([true, true])
    expect(told('read:\n  guestFirewalls: false\n')).to.deep.equal([false, false])
  })

  it('says what no change may do, and of which objects', () => {
    const read = (text: string) => parseConfig(good + text).policy
    expect(read('')).to.deep.equal([])
    expect(read('policy:\n  - {tag: prod, never: [destroys-data, stops]}\n  - {never: grants}\n')).to.deep.equal([
      {tag: 'prod', never: ['destroys-data', 'stops']},
      {never: ['grants']},
    ])
  })

  const wrong: [string, string, RegExp][] = [
    [
      'a kind that is none',
      `${good}kinds: [vm, strorage]\n`,
      /^pmpc\.yaml:9:13: "strorage" is no kind; did you mean storage\?$/,
    ],
    ['kinds that are no list', `${good}kinds: {vm: true}\n`, /^pmpc\.yaml:9:1: kinds must be a list of kinds/],
    ['no kinds', `${good}kinds: []\n`, /^pmpc\.yaml:9:1: kinds must be a list of kinds/],
    [
      'a kind of a rule that is none',
      `${good}ignore:\n  - {kind: vms}\n`,
      /^pmpc\.yaml:10:6: "vms" is no kind; did you mean vm\?$/,
    ],
    [
      'an unknown setting of what is read',
      `${good}read: {guestFirewall: true}\n`,
      /^pmpc\.yaml:9:8: key guestFirewall is not known here; did you mean guestFirewalls\?$/,
    ],
    [
      'a setting that is no switch',
      `${good}read: {guestFirewalls: 3}\n`,
      /^pmpc\.yaml:9:8: guestFirewalls must be true or false$/,
    ],
    ['a syntax error', good.replace('[https', '[[https'), /^pmpc\.yaml:6:5: /],
    ['a key that stands twice', good.replace('token', 'endpoints'), /^pmpc\.yaml:6:5: .*unique/],
    [
      'an unknown key, with the one meant',
      good.replace('endpoints', 'endpoint'),
      /^pmpc\.yaml:5:5: key endpoint is not known here; did you mean endpoints\?/,
    ],
    ['a bad name', good.replace('home', 'Home'), /^pmpc\.yaml:4:3: cluster name "Home"/],
    ['an endpoint that is not https', good.replace('https', 'http'), /^pmpc\.yaml:5:17: an endpoint must be https/],
    [
      'an endpoint with a password',
      good.replace('https://', 'https://a:b@'),
      /^pmpc\.yaml:5:17: an endpoint must hold no user/,
    ],
    [
      'an endpoint with a path',
      good.replace('8006', '8006/api2'),
      /^pmpc\.yaml:5:17: an endpoint is a host and a port: https:\/\/192\.0\.2\.10:8006$/,
    ],
    [
      'two trusts',
      good.replace('fingerprint', 'system: true\n      fingerprint'),
      /^pmpc\.yaml:7:5: trust must be exactly one/,
    ],
    ['no trust', good.slice(0, good.indexOf('    trust')), /trust is missing/],
    [
      'a short fingerprint',
      good.replace(/fingerprint: .*/, 'fingerprint: "aa:bb"'),
      /^pmpc\.yaml:8:7: fingerprint must be SHA-256/,
    ],
    [
      'a private key',
      good.replace(/fingerprint: .*/, 'ca: |\n        -----BEGIN PRIVATE KEY-----'),
      /^pmpc\.yaml:8:7: ca holds a private key/,
    ],
    [
      'a secret',
      good.replace('    token:', '    token-secret: hush\n    token:'),
      /^pmpc\.yaml:6:5: token-secret looks like a secret/,
    ],
    [
      'a secret behind the token',
      good.replace('!sync', '!sync=12345678-1234-1234-1234-123456789012'),
      /^pmpc\.yaml:6:5: token must be the id.*without its secret/,
    ],
    [
      'a command',
      good.replace('    token:', '    command: [op, read]\n    token:'),
      /^pmpc\.yaml:6:5: command is refused/,
    ],
    ['a newer version', good.replace('version: 1', 'version: 2'), /^pmpc\.yaml:2:1: version 2 is of a newer pmpc/],
    ['a rule that ignores everything', `${good}ignore:\n  - {}\n`, /^pmpc\.yaml:10:5: a rule without a condition/],
    [
      'a rule with an unknown key',
      `${good}ignore:\n  - {tags: a}\n`,
      /^pmpc\.yaml:10:6: key tags is not known here; did you mean tag\?/,
    ],
    [
      'a policy that is no list',
      `${good}policy: {tag: prod, never: [restart]}\n`,
      /^pmpc\.yaml:9:1: policy must be a list of rules/,
    ],
    ['a policy that forbids nothing', `${good}policy:\n  - {tag: prod}\n`, /^pmpc\.yaml:10:5: never must be a list/],
    [
      'a policy that forbids what is no consequence',
      `${good}policy:\n  - {tag: prod, never: [live, destroy-data]}\n`,
      /^pmpc\.yaml:10:31: destroy-data is no consequence; did you mean destroys-data\?$/,
    ],
    [
      'a policy with a condition that is none',
      `${good}policy:\n  - {tags: prod, never: restart}\n`,
      /^pmpc\.yaml:10:6: key tags is not known here; did you mean tag\?$/,
    ],
    ['a policy for a guest that is none', `${good}policy:\n  - {guest: a, never: restart}\n`, /guest must be a VMID$/],
    ['no map', '- a\n', /^pmpc\.yaml:1:1: it must be a map/],
    ['nothing', '', /^pmpc\.yaml:1:1: it must be a map/],
  ]
  for (const [title, text, message] of wrong) {
    it(`refuses ${title}`, () => {
      const {code, lines, error} = failure(text)
      expect(code).to.equal('PMPC_CONFIG')
      expect(lines[0]).to.match(message)
      expect(error.suggestions).to.not.be.empty
      expect(JSON.stringify([error.message, error.data, error.suggestions])).to.not.match(/hush|12345678-/)
    })
  }

  it('is told all that is wrong at once', () => {
    expect(failure(good.replace('home', 'Home').replace('https', 'http')).lines).to.have.length(2)
  })
})

describe('the files of a workspace', () => {
  const editOf = async (path: string, clusters = {home: cluster} as Record<string, ClusterConfig>) => {
    const file = (await createWorkspace({clusters})).find((one) => one.path === path)
    return (text?: string) => file!.edit(text)
  }

  const configOf = async (settings: Omit<WorkspaceSettings, 'clusters'>, text?: string) =>
    (await createWorkspace({clusters: {home: cluster}, ...settings}))[0]!.edit(text)

  it('say what is kept and read, where that was chosen', async () => {
    const all = await configOf({guestFirewalls: false})
    expect(parseConfig(all)).to.deep.include({ignore: [], read: {guestFirewalls: false}})
    const some = await configOf({kinds: ['guests', 'pool'], guestFirewalls: true})
    expect(some).to.match(/^kinds: \[guests, pool\]$/m)
    expect(parseConfig(some).read).to.deep.equal({guestFirewalls: true})
    expect(parseConfig(await configOf({}))).not.to.have.property('read')
  })

  it('have other kinds set in a pmpc.yaml that is there, and nothing else changed', async () => {
    const text = await configOf({kinds: ['guests'], guestFirewalls: true})
    const commented = text.replace('kinds: [guests]', 'kinds: [guests] # ours')
    expect(await configOf({kinds: ['vm', 'acl'], guestFirewalls: false}, commented)).to.equal(
      commented.replace('[guests]', '[vm, acl]'),
    )
    expect(await configOf({kinds: []}, text)).to.equal(text.replace('kinds: [guests]\n', ''))
    expect(await configOf({}, text)).to.equal(text)
    const without = await configOf({})
    expect(await configOf({kinds: []}, without)).to.equal(without)
    const added = await configOf({kinds: ['vm']}, without)
    expect(added.replace('kinds: [vm]\n', '')).to.equal(without)
    expect(added).to.match(/^kinds: \[vm\]$/m)
  })

  it('are written anew, and then stay as they are', async () => {
    const files = await createWorkspace({clusters: {home: cluster, 'lab-2': pinned}})
    expect(files.map(({path}) => path)).to.deep.equal([
      'pmpc.yaml',
      '.gitignore',
      '.gitattributes',
      ...kinds.filter(({declared}) => declared).map(({name}) => `.pmpc/schema/${name}.json`),
    ])
    for (const {edit} of files) expect(edit(edit(undefined))).to.equal(edit(undefined))
    expect(parseConfig(files[0]!.edit(undefined)).clusters).to.deep.equal({home: cluster, 'lab-2': pinned})
    expect(files[1]!.edit(undefined)).to.match(/^# .*\n\.pmpc\/local\/\n$/)
    expect(files[2]!.edit(undefined)).to.match(
      /^# .*\n\.pmpc\/state\/\*\.db .*diff=pmpc merge=pmpc.*\n\.pmpc\/agreed\.yaml merge=union.*\n\.pmpc\/open\.yaml merge=union.*\n(infra\/\*\*\/\*\.ya?ml diff=pmpcyaml\n){2}$/,
    )
  })

  for (const [form, text] of [
    ['a map', good],
    ['CRLF and no last line end', good.trimEnd().replaceAll('\n', '\r\n')],
    ['no clusters', 'version: 1\nignore: [] # later\n'],
    ['clusters without a value', 'version: 1\nclusters: # none\nignore: [] # later\n'],
    ['an empty flow map', 'version: 1\nclusters: {}\n# end\n'],
    [
      'a flow map',
      `version: 1\nclusters: {zoo: {endpoints: ["https://a"], token: a@pve, trust: {system: true}}} # one\n`,
    ],
  ] as const) {
    it(`add a cluster to a pmpc.yaml with ${form}, and leave its other lines alone`, async () => {
      const edit = await editOf('pmpc.yaml', {lab: cluster})
      const after = edit(text)
      expect(parseConfig(after)).to.deep.equal({
        ...parseConfig(text),
        clusters: {...parseConfig(text).clusters, lab: cluster},
      })
      const kept = after.split(/\r?\n/)
      for (const line of text.split(/\r?\n/)) if (!line.startsWith('clusters: {')) expect(kept).to.include(line)
      expect(edit(after)).to.equal(after)
    })
  }

  it('do not overwrite a cluster of that name', async () => {
    const edit = await editOf('pmpc.yaml')
    expect(() => edit(good))
      .to.throw()
      .with.property('code', 'PMPC_CLUSTER_EXISTS')
  })

  it('gain lines, with the file’s line ends', () => {
    expect(withLines('a\r\nb', ['.pmpc/local/'])).to.equal('a\r\nb\r\n.pmpc/local/\r\n')
    expect(withLines('/.pmpc/local\n', ['.pmpc/local/'])).to.equal('/.pmpc/local\n')
    expect(withLines('*.db   merge=x diff=y\n', ['*.db diff=y'])).to.equal('*.db   merge=x diff=y\n')
    expect(withLines('*.db diff=z\n', ['*.db diff=y'])).to.equal('*.db diff=z\n*.db diff=y\n')
  })
})
