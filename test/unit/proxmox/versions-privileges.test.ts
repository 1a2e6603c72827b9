import {expect} from 'chai'
import {needsOf} from '../../../src/kit/fetch/needs.js'
import {auditor} from '../../support/auditor.js'
import {wireKinds} from '../../../src/kit/resources/kinds/on-wire.js'
import {atLeast, judgePrivileges, parseVersion, pveumLines, type Permissions} from '../../../src/kit/proxmox/index.js'
import {readLines, referencePath} from '../../support/reference.js'

describe('versions', () => {
  it('of 7.4, 8.4 and 9.2 are read by the release', () => {
    expect(parseVersion({version: '7.4-16', release: '7.4'})).to.deep.equal({major: 7, minor: 4, text: '7.4-16'})
    expect(parseVersion({version: '9.2.11', release: '9.2'})).to.deep.equal({major: 9, minor: 2, text: '9.2.11'})
    expect(parseVersion({version: '6.2-4'})).to.deep.equal({major: 6, minor: 2, text: '6.2-4'})
    expect(parseVersion({})).to.equal(undefined)
  })

  it('compare as numbers', () => {
    const version = parseVersion({version: '8.10.1', release: '8.10'})
    if (version === undefined) throw new Error('no version')
    expect(['8.4', '8.10', '8.11', '9.0'].map((wanted) => atLeast(version, wanted))).to.deep.equal([
      true,
      true,
      false,
      false,
    ])
  })
})

describe('privileges', () => {
  const judge = (permissions: Permissions) => judgePrivileges(permissions, needsOf())

  it('that are needed are those of the kinds that are kept', () => {
    const guests = needsOf(['vm', 'container'])
    expect(guests).to.deep.equal({reading: ['Sys.Audit', 'VM.Audit'], writing: {}})
    expect(judgePrivileges({'/': {'Sys.Audit': 1, 'VM.Audit': 1}, '/storage/a': {}}, guests)).to.deep.include({
      missing: [],
      restricted: [],
      unseen: {},
    })
    expect(judge({'/': {...auditor, 'Sys.Modify': 1}}).unseen).to.deep.equal({})
    const known = new Set([...needsOf().reading, ...Object.values(needsOf().writing)])
    for (const {name, sight} of wireKinds)
      expect(sight === null || sight.privileges.some((one) => known.has(one)), name).to.equal(true)
  })

  it('of an auditor on / are enough, and name no authors', () => {
    expect(judge({'/': auditor, '/vms': auditor})).to.deep.equal({
      missing: [],
      partial: {},
      restricted: [],
      canNameAuthors: false,
      unseen: {'acme-plugin': 'Sys.Modify'},
      none: false,
    })
    expect(judge({'/': {...auditor, 'Sys.Syslog': 1}}).canNameAuthors).to.equal(true)
  })

  it('of a fresh token are none', () => {
    expect(judge({})).to.deep.include({
      none: true,
      missing: ['Datastore.Audit', 'Mapping.Audit', 'Pool.Audit', 'SDN.Audit', 'Sys.Audit', 'VM.Audit'],
    })
  })

  it('on a part only are said to be partial; without propagation they do not count', () => {
    const report = judge({'/': {...auditor, 'VM.Audit': 0}, '/pool/web': {'VM.Audit': 1}})
    expect(report.missing).to.deep.equal(['VM.Audit'])
    expect(report.partial).to.deep.equal({'VM.Audit': ['/pool/web']})
  })

  it('taken away below / are named', () => {
    expect(
      judge({'/': auditor, '/vms/100': {}, '/storage/nfs': {'Datastore.AllocateSpace': 1}, '/access': {}}).restricted,
    ).to.deep.equal(['/storage/nfs', '/vms/100'])
  })

  it('recorded from a real host: PVEAuditor on / suffices', () => {
    const records = readLines<{source: string; body: {data: Permissions}}>(referencePath('recorded', 'pvecli.json'))
    const {body} = records.find(({source}) => source.endsWith('testdata/permissions.json'))!
    expect(judge(body.data)).to.deep.include({missing: [], restricted: [], none: false})
  })

  it('are made by lines to type on a node', () => {
    expect(pveumLines('pmpc@pve!sync', {reading: needsOf().reading, exists: false, authors: true})).to.deep.equal([
      'pveum role add pmpc-read --privs "Datastore.Audit Mapping.Audit Pool.Audit SDN.Audit Sys.Audit Sys.Syslog VM.Audit"',
      'pveum user add pmpc@pve --comment "pmpc, reads only"',
      'pveum acl modify / --users pmpc@pve --roles pmpc-read',
      'pveum user token add pmpc@pve sync --privsep 1',
      "pveum acl modify / --tokens 'pmpc@pve!sync' --roles pmpc-read",
    ])
    expect(pveumLines('pmpc@pve!sync', {reading: needsOf().reading, exists: true}).join('\n')).not.to.contain(
      'user token add',
    )
  })
})
