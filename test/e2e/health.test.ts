import {expect} from 'chai'
import {readdirSync, statSync} from 'node:fs'
import path from 'node:path'
import type {HealthResult} from '../../plugins/diagnostics/src/health/health.js'
import {labOfWell} from '../integration/health/well.js'
import type {Clone, Lab} from '../support/lab.js'
import {bin, type RunResult} from '../support/pmpc.js'
import {inPty, noPty} from '../support/pty.js'
import {assertSchema} from '../support/schemas.js'
import {skipFor} from '../support/skip.js'

describe('pmpc health', function () {
  this.timeout(60_000)
  let lab: Lab
  let clone: Clone
  let restore: () => Promise<void>

  before(async () => {
    ;({lab, clone, restore} = await labOfWell())
  })
  afterEach(async () => restore())
  after(async () => lab.stop())

  const health = async (...args: string[]): Promise<{run: RunResult; result: HealthResult}> => {
    const run = await clone.pmpc(['health', '--json', ...args])
    const result = run.json<HealthResult>()
    assertSchema('health', result)
    return {run, result}
  }
  const of = ({checks}: HealthResult, wanted: string) => checks.find(({id}) => id === wanted)!
  const state = () => lab.simulator.simulation.state
  const configure = (text: string): void => clone.append('pmpc.yaml', `health:\n${text}`)

  it('says that all is well, in few requests that are counted, each path once', async () => {
    const {faults} = lab.simulator.simulation
    faults.resetCounters()
    const {run, result} = await health()
    expect(result.checks.filter((check) => check.result !== 'ok')).to.deep.equal([])
    expect(run.code).to.equal(0)
    const {requests, byPath} = faults.count()
    expect(result.requests).to.equal(requests)
    const again = Object.entries(byPath).filter(([name, number]) => number > 1 && !name.endsWith('/version'))
    expect(again).to.deep.equal([])
    expect((await clone.must('health')).stdout).to.match(/^10\d checks: 10\d ok, .*; \d+ requests in [\d.]+ s\.\n$/)
  })

  it('ends with 1 for a warning, with 2 for something critical, and says what to do', async () => {
    state().nodes.pve2!.conditions = {}
    const warned = await clone.pmpc(['health'])
    expect(warned.code).to.equal(1)
    expect(warned.stdout).to.match(/^warning +corosync\.links +node\/pve2 +it has one link/m)
    expect(warned.stderr).to.match(/^corosync\.links: Add a second link/m)
    state().quorum = false
    const {run, result} = await health()
    expect(run.code).to.equal(2)
    expect(of(result, 'cluster.quorum')).to.include({result: 'critical', cluster: 'home'})
    expect(of(result, 'cluster.quorum').objects).to.deep.equal(['cluster/well'])
  })

  it('does not take for well what it cannot read: a node that is off', async () => {
    state().nodes.pve3!.power = 'offline'
    const {run, result} = await health()
    expect(run.code).to.equal(2)
    expect(of(result, 'node.online').objects).to.deep.equal(['node/pve3'])
    expect(of(result, 'disk.smart').result).to.equal('unknown')
    expect(of(result, 'disk.smart').unread).to.deep.equal([{object: 'node/pve3', why: 'the node is offline'}])
    expect(of(result, 'cluster.quorum').result).to.equal('ok')
    const {stdout} = await clone.pmpc(['health'])
    expect(stdout).to.match(/^unknown +\d\d checks +node\/pve3 +the node is offline$/m)
    expect((await clone.pmpc(['health', '--verbose'])).stdout).to.match(/^unknown +disk\.smart +node\/pve3/m)
  })

  it('tells of every check that it knows nothing where the cluster cannot be reached', async () => {
    clone.edit('pmpc.yaml', /https:\/\/[^"\s\]]+/, 'https://127.0.0.1:1')
    const {run, result} = await health()
    expect(run.code).to.equal(2)
    expect(of(result, 'endpoint.reach').result).to.equal('critical')
    const others = result.checks.filter(({id, cluster}) => cluster !== null && !/^(endpoint|state)\./.test(id))
    expect([...new Set(others.map((check) => check.result))]).to.deep.equal(['unknown'])
    expect(of(result, 'cluster.quorum').fix).to.not.equal('')
  })

  it('goes by the thresholds and exceptions of pmpc.yaml', async () => {
    state().guests[101]!.config.onboot = 1
    configure(`  thresholds:
    storage.usage: {warning: 15}
  exceptions:
    - {check: guest.onboot-down, object: vm/*, reason: a lab}
    - {check: storage.usage, object: storage/nas}
    - {check: tools.*}
`)
    const {run, result} = await health()
    expect(run.code).to.equal(1)
    expect(of(result, 'guest.onboot-down')).to.include({result: 'ok', excepted: 1})
    expect(of(result, 'storage.usage').objects).to.include('storage/pve1/local').and.not.include('storage/nas')
    expect(of(result, 'tools.git')).to.equal(undefined)
  })

  it('tells by the history of the state how fast promises grow', async () => {
    await lab.init('grown', lab.simulator.tokenId)
    const grown = lab.at('grown')
    const then = new Date(Date.now() - 10 * 86_400_000).toISOString()
    await grown.pmpc(['sync', '--accept'], {env: {GIT_COMMITTER_DATE: then, GIT_AUTHOR_DATE: then}})
    state().guests[101]!.config.scsi0 = 'thin:vm-101-disk-0,size=116G'
    await grown.must('sync', '--accept')
    const run = await grown.pmpc(['health', '--json', '--only', 'storage.promises'])
    const [found] = run.json<HealthResult>().checks
    expect(found).to.include({result: 'warning'})
    expect(found!.objects).to.deep.equal(['storage/pve2/thin'])
    expect(found!.message).to.match(/100 GiB more than 10 days before/)
    grown.append('pmpc.yaml', 'health: {thresholds: {storage.promises: {warning: 5}}}\n')
    expect((await grown.pmpc(['health', '--only', 'storage.promises'])).code).to.equal(0)
  })

  it('forgets an exception when its day has come', async () => {
    state().guests[101]!.config.onboot = 1
    configure('  exceptions: [{check: guest.onboot-down, until: "2026-01-31"}]\n')
    expect(of((await health()).result, 'guest.onboot-down').result).to.equal('warning')
  })

  for (const [what, text, says] of [
    [
      'a check',
      '  thresholds: {storage.usge: {warning: 1}}\n',
      /storage\.usge, which is no check; did you mean storage\.usage/,
    ],
    ['a limit', '  thresholds: {storage.usage: {high: 1}}\n', /no limit high; there is warning, critical/],
    ['a check of an exception', '  exceptions: [{check: nothing.*}]\n', /nothing\.\*, which is no check/],
    ['a day', '  exceptions: [{check: task.*, until: soon}]\n', /until must be a day/],
    ['a number', '  thresholds: {storage.usage: {warning: much}}\n', /warning must be a number/],
  ] as const)
    it(`refuses ${what} in pmpc.yaml that cannot be meant`, async () => {
      configure(text)
      const error = await clone.fails(['health'])
      expect(error.code).to.equal('PMPC_CONFIG')
      expect(error.message).to.match(says)
    })

  it('reads only what the checks that are meant need', async () => {
    const {result} = await health('--only', 'cluster.*', '--only', 'node.online')
    expect(result.checks.map(({id}) => id)).to.deep.equal(['cluster.quorum', 'node.online'])
    expect(result.requests).to.equal(3)
    expect((await clone.fails(['health', '--only', 'quorum'])).code).to.equal('PMPC_USAGE')
  })

  it('lists its checks without asking anybody', async () => {
    const {result} = await health('--list')
    expect(result.catalogue!.length).to.be.greaterThan(100)
    expect(result.requests).to.equal(0)
    expect((await clone.must('health', '--list')).stdout).to.match(
      /^storage\.usage +critical +warning 85, critical 95/m,
    )
  })

  describe('prints for others', () => {
    beforeEach(() => {
      state().nodes.pve2!.conditions = {}
      state().guests[101]!.config.name = 'a|b*c'
      state().guests[101]!.config.onboot = 1
    })

    it('Markdown', async () => {
      const {code, stdout} = await clone.pmpc(['health', '--markdown'])
      expect(code).to.equal(1)
      expect(stdout).to.match(/^# Health: 2 warning\n/)
      expect(stdout).to.include('| 🟡 warning | home corosync.links | `node/pve2` it has one link to the others |')
      expect(stdout).to.include('a\\|b\\*c starts with its node')
      expect((await clone.pmpc(['health', '--format', 'markdown'])).stdout.split('\n')[0]).to.equal(
        '# Health: 2 warning',
      )
    })

    it('JUnit, into a file or printed', async () => {
      const {stdout} = await clone.pmpc(['health', '--junit', 'report.xml'])
      const written = clone.read('report.xml')
      clone.remove('report.xml')
      expect(stdout).to.match(/^RESULT/)
      expect(written).to.include('<testsuites name="pmpc health">')
      expect(written).to.match(
        /<testcase classname="home" name="corosync\.links"><failure type="warning" message="node\/pve2: it has one link/,
      )
      expect(written).to.match(/<testsuite name="home" tests="\d+" failures="2" errors="0" skipped="0">/)
      expect((await clone.pmpc(['health', '--junit'])).stdout).to.match(/^<\?xml/)
    })

    it('metrics of Prometheus, for the textfile collector too', async () => {
      const folder = path.join(lab.box.folder, 'collector')
      await lab.box.exec('mkdir', ['-p', folder])
      const {stdout} = await clone.pmpc(['health', '--format', 'prometheus', '--textfile', folder])
      const written = path.join(folder, 'pmpc_health.prom')
      expect(readdirSync(folder)).to.deep.equal(['pmpc_health.prom'])
      expect(statSync(written).mode & 0o777).to.equal(0o644)
      for (const line of [
        'pmpc_health_check{cluster="home",check="corosync.links"} 1',
        'pmpc_health_finding{cluster="home",check="corosync.links",object="node/pve2"} 1',
        'pmpc_health_checks{result="warning"} 2',
        '# TYPE pmpc_health_check gauge',
      ])
        expect(stdout.split('\n')).to.include(line)
      // Each line is one of a comment, or of a metric with its labels and a number.
      for (const line of stdout.trimEnd().split('\n'))
        expect(line).to.match(/^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)*\})? [\d.]+)$/)
      expect((await clone.fails(['health', '--textfile', 'nowhere'])).code).to.equal('PMPC_USAGE')
    })
  })

  it('draws anew on a terminal until Ctrl-C, and nowhere else', async function () {
    expect((await clone.pmpc(['health', '--watch'])).code).to.equal(64)
    skipFor(this, noPty())
    const args = [bin, 'health', '--watch', '--interval', '1']
    const {output, code} = await inPty(process.execPath, args, {
      env: lab.box.env as Record<string, string>,
      cwd: clone.root,
      answers: [{when: /Again in 1 s[\s\S]*Again in 1 s/, type: '\u0003'}],
    })
    expect(output).to.include('\u001B[H\u001B[2J')
    expect(output).to.match(/Again in 1 s/)
    expect(code).to.equal(0)
    expect(output).not.to.match(/Error/)
  })
})
