import {expect} from 'chai'
import {cpSync, lstatSync, readFileSync, rmSync, utimesSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {keptFolder} from '../../src/kit/files/kept.js'
import type {Plan} from '../../src/kit/plan/index.js'
import {changeKept, keptFile} from '../support/kept.js'
import {Clone, Lab} from '../support/lab.js'
import type {RunResult} from '../support/pmpc.js'

const vm100 = 'infra/home/vm/100.yaml'

describe('pmpc plan, a second time', function () {
  this.timeout(120_000)
  let lab: Lab
  let agreed: Clone
  let ws: Clone

  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    agreed = await lab.agreed('ws')
  })
  after(async () => lab.stop())
  beforeEach(() => {
    const copy = path.join(lab.box.folder, 'copy')
    rmSync(copy, {recursive: true, force: true})
    // Times of whole milliseconds may be those of a file system that keeps seconds: such files settle late.
    cpSync(agreed.root, copy, {recursive: true})
    ws = new Clone(lab, copy)
  })

  const plan = async (...args: string[]): Promise<string> => (await ws.must('plan', '--json', ...args)).stdout
  /** What is told where no Git can be started: undefined where it is needed. */
  const recalled = async (...args: string[]): Promise<string | undefined> => {
    const {code, stdout} = await ws.pmpc(['plan', '--json', ...args], {env: {PATH: '/nowhere'}})
    return code === 127 ? undefined : stdout
  }
  /** Asks until the files are older than the tick in which they were written. */
  const settle = async (): Promise<string> => {
    for (let times = 0; times < 3 && (await recalled()) === undefined; times++) await plan()
    const known = await recalled()
    expect(known).to.be.a('string')
    return known!
  }
  const said = ({code, stdout, stderr}: RunResult) => ({code, stdout, stderr})
  const afresh = async (): Promise<string> => {
    rmSync(keptFolder(ws.root, lab.box.env), {recursive: true, force: true})
    return plan()
  }

  const forms = [
    [],
    ['--verbose'],
    ['--markdown'],
    ['--detailed-exitcode'],
    ['--cluster', 'home'],
    ['--out', 'plan.json'],
  ]
  for (const form of forms) {
    it(`needs no Git, and tells the same: pmpc ${['plan', ...form].join(' ')}`, async () => {
      expect(await settle()).to.equal(await afresh())
      await settle()
      const told = await ws.pmpc(['plan', ...form], {env: {PATH: '/nowhere'}})
      rmSync(keptFolder(ws.root, lab.box.env), {recursive: true, force: true})
      expect(told).to.deep.include(said(await ws.pmpc(['plan', ...form])))
      expect(told.code).to.equal(0)
    })
  }

  it('tells what is undecided from memory, too', async () => {
    await lab.set('/nodes/pve1/qemu/100', {cores: 8})
    await ws.must('sync')
    const known = await settle()
    await lab.set('/nodes/pve1/qemu/100', {cores: 4})
    expect((JSON.parse(known) as Plan).undecided).to.have.length(1)
    expect(known).to.equal(await afresh())
    await settle()
    const {code, stdout} = await ws.pmpc(['plan', '--detailed-exitcode'], {env: {PATH: '/nowhere'}})
    expect([code, stdout.includes('config.cores')]).to.deep.equal([2, true])
  })

  it('of some objects, and what was read of a cluster, is never told from memory', async () => {
    await settle()
    for (const args of [['vm/100'], ['--exclude', 'vm/100'], ['--refresh']])
      expect(await recalled(...args), args.join(' ')).to.equal(undefined)
    ws.edit(vm100, 'memory: 8192', 'memory: 3072')
    for (let times = 0; times < 3; times++) {
      expect((JSON.parse(await plan()) as Plan).requests).to.be.greaterThan(0)
      expect(await recalled()).to.equal(undefined)
    }
  })

  it('is of the pmpc and the clusters that it names', async () => {
    await settle()
    const file = keptFile(ws.root, 'plan', lab.box.env)
    const whole = readFileSync(file, 'utf8')
    for (const [from, to] of [
      [/"version":"[^"]+"/, '"version":"0.0.0"'],
      [/"clusters":\["home"\]/, '"clusters":["home","away"]'],
    ] as const) {
      changeKept(file, (kept) => {
        expect(kept.text).to.match(from)
        kept.text = kept.text.replace(from, to)
      })
      expect(await recalled(), to).to.equal(undefined)
      writeFileSync(file, whole)
    }
    expect(await recalled()).to.be.a('string')
  })

  const changes: Record<string, () => unknown> = {
    'an edit that leaves size and time': () => {
      const file = path.join(ws.root, vm100)
      const {atime, mtime} = lstatSync(file)
      ws.edit(vm100, 'cores: 4', 'cores: 6')
      utimesSync(file, atime, mtime)
    },
    'a new manifest': () =>
      ws.write('infra/home/new.yaml', 'kind: vm\nid: 999\nconfig: {cores: 1}\nplacement: {node: pve1, pinned: true}\n'),
    'a new manifest without an id': () =>
      ws.write(
        'infra/home/new.yaml',
        'kind: vm\nid: next\nconfig: {cores: 1}\nplacement: {node: pve1, pinned: true}\n',
      ),
    'a manifest that is broken': () => ws.write(vm100, '<<<<<<< ours\n'),
    'a rule in pmpc.yaml': () => ws.append('pmpc.yaml', '\nignore: [{kind: pool}]\n'),
    'a wish that was committed': async () => {
      ws.edit(vm100, 'memory: 8192', 'memory: 3072')
      await ws.git('commit', '-qam', 'less memory')
    },
    'an offer of a sync': async () => {
      await lab.set('/nodes/pve1/qemu/100', {cores: 8})
      await ws.must('sync')
      await lab.set('/nodes/pve1/qemu/100', {cores: 4})
    },
    'another commit of the same branch': async () => ws.git('commit', '-q', '--allow-empty', '-m', 'nothing'),
    'an object that is read in the place of another': async () => {
      ws.edit(vm100, 'memory: 8192', 'memory: 3072')
      await ws.git('commit', '-qam', 'less memory')
      await ws.git('checkout', '-q', 'HEAD~1')
      await settle()
      await ws.git('replace', 'HEAD', 'main')
    },
    'an included configuration': async () => ws.git('config', 'include.path', '/nowhere/at/all'),
  }
  for (const [what, change] of Object.entries(changes)) {
    it(`notices ${what}`, async () => {
      await settle()
      await change()
      expect(await recalled(), 'told from memory').to.equal(undefined)
      expect(await plan()).to.equal(await afresh())
    })
  }
})
