// Two people who apply at the same time, and what of secrets an apply leaves behind.
import {readdirSync, readFileSync, statSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {restoreSimulation, saveSimulation} from '../../plugins/simulator/src/seeds/save.js'
import {applyIn, declare, declareNew, type Applied} from '../support/apply.js'
import {everySort} from '../support/every-sort.js'
import {Lab, type Clone} from '../support/lab.js'

/** How many races; two hundred take some twenty minutes. */
const races = Number(process.env.PMPC_TEST_RACES ?? 2)

const isDone = ({done = []}: Applied, object: string): boolean => done.some((each) => each.object === `home/${object}`)

describe('two applies at the same time', function () {
  this.timeout(Math.max(120, 60 * races) * 1000)
  let lab: Lab
  before(async () => {
    lab = await Lab.start({seed: everySort, taskTime: 10})
  })
  after(async () => lab.stop())

  it('make nothing twice, and lose nothing that was written', async () => {
    const clones: [Clone, Clone] = [await lab.agreed('mine'), await lab.clone('mine.git', 'theirs')]
    const {simulation} = lab.simulator
    const pristine = saveSimulation(simulation)
    const head = await clones[0].head()
    for (let race = 0; race < races; race++) {
      restoreSimulation(simulation, pristine)
      for (const [at, clone] of clones.entries()) {
        await clone.git('reset', '-q', '--hard', head)
        await clone.git('clean', '-qfd', 'infra')
        declareNew(clone, 'new', {
          kind: 'vm',
          id: 'next',
          placement: {node: 'pve1', pinned: true},
          config: {name: `of-${at}`, scsi0: {file: 'local-zfs:1'}},
        })
        // The same key of one guest, other keys of another, and a volume in the same slot of a third.
        declare(clone, 'vm/101', ['config', 'cores'], 2 + at)
        declare(clone, 'vm/104', ['config', at === 0 ? 'cores' : 'onboot'], 1 + (at === 0 ? 1 : 0))
        declare(clone, 'vm/105', ['config', 'scsi1'], {file: `local-zfs:${1 + at}`})
      }
      const [mine, theirs] = await Promise.all([applyIn(clones[0]), applyIn(clones[1])])
      const told = JSON.stringify([mine, theirs])
      const {guests, volumes} = simulation.state
      const both = [mine, theirs]
      for (const object of ['vm/101', 'vm/105'])
        expect(
          both.filter((each) => isDone(each, object)),
          `${object}: ${told}`,
        ).to.have.length(1)
      expect(guests[101]!.config.cores, told).to.equal(isDone(mine, 'vm/101') ? 2 : 3)
      expect(Object.values(volumes).filter(({vmid}) => vmid === 105)).to.have.length(3)
      if (isDone(mine, 'vm/104')) expect(guests[104]!.config.cores, told).to.equal(2)
      if (isDone(theirs, 'vm/104')) expect(guests[104]!.config.onboot, told).to.equal(1)
      const made = Object.values(guests).filter(({config}) => /^of-\d$/.test(String(config.name)))
      for (const [at, each] of both.entries()) {
        const wasMade = (each.done ?? []).some(({object}) => /^home\/vm\/1[12]\d$/.test(object))
        expect(
          made.filter(({config}) => config.name === `of-${at}`),
          told,
        ).to.have.length(wasMade ? 1 : 0)
      }
    }
  })
})

describe('an apply, and secrets', function () {
  this.timeout(60_000)

  /** All that is kept in a folder, Git's objects aside: those are asked for. */
  function texts(folder: string): [string, string][] {
    return readdirSync(folder).flatMap((name): [string, string][] => {
      const at = path.join(folder, name)
      if (statSync(at).isDirectory()) return name === 'objects' ? [] : texts(at)
      return [[at, readFileSync(at, 'latin1')]]
    })
  }

  it('keeps and shows none: not in its journal, plan, log, commits, output or list of arguments', async () => {
    const lab = await Lab.start({seed: everySort, taskTime: 10})
    try {
      const clone = await lab.agreed()
      const secret = 'correct-horse-battery'
      const token = lab.simulator.tokens[lab.simulator.tokenId]!
      declare(clone, 'vm/101', ['config', 'ciuser'], 'debian')
      declare(clone, 'vm/101', ['config', 'cipassword'], '**********')
      declare(clone, 'vm/102', ['config', 'description'], `password: ${secret}`)
      await clone.pmpc(['plan', '--out', '.pmpc/local/plans/plan.json'])
      const seen: string[] = []
      const refused = await clone.pmpc(['apply', '--yes', '-v'], {env: {PMPC_SECRET_HOME_VM_101_CIPASSWORD: secret}})
      expect([refused.code, refused.stderr.includes('the manifest holds a password')]).to.deep.equal([1, true])
      declare(clone, 'vm/102', ['config', 'description'], undefined)
      const result = await clone.pmpc(['apply', '--yes', '-v'], {
        env: {PMPC_SECRET_HOME_VM_101_CIPASSWORD: secret},
        started(child) {
          seen.push(readFileSync(`/proc/${child.pid}/cmdline`, 'latin1'))
        },
      })
      expect(result.stdout).to.include('Done: 1 object')
      const history = await clone.git('log', '--all', '--format=%B')
      for (const hidden of [secret, token]) {
        expect(
          refused.stdout + refused.stderr + result.stdout + result.stderr + seen.join('') + history,
        ).not.to.include(hidden)
        const kept = texts(path.join(clone.root, '.pmpc', 'local')).filter(([, text]) => text.includes(hidden))
        expect(kept.map(([at]) => at)).to.deep.equal([])
      }
    } finally {
      await lab.stop()
    }
  })
})
