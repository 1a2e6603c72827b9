import {expect} from 'chai'
import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import fc from 'fast-check'
import {mergeLines, union} from './clones/text.js'
import {playHistories, type Figures} from './clones/run.js'

/** Every history has 60 steps. Some in each run; PMPC_TEST_HISTORIES=2000 plays as many as the figures in docs/decisions/agreement.md. */
const count = Number(process.env.PMPC_TEST_HISTORIES ?? 60)
const steps = 60

describe('several clones of one workspace, with merges, rebases, plain commits, and clocks that differ', function () {
  this.timeout(Math.max(60_000, count * 1000))

  /** One decision in a hundred, and what chance adds to that in a sample (twice the deviation). */
  const fewOf = ({decided}: Figures) => Math.ceil(decided / 100 + 2 * Math.sqrt(decided / 100))

  const told = ({findings: _, ...figures}: Figures) => console.log(`      ${JSON.stringify(figures)}`)
  const worst = ({findings}: Figures) => findings.filter(({what}) => what !== 'needless' && what !== 'elsewhere')

  it('ordinary work: no wish that nobody wished, no lost drift, no decision undone; hardly a question in vain', async () => {
    const figures = await playHistories(count, {steps, ordinary: true})
    told(figures)
    expect(worst(figures)).to.deep.equal([])
    expect(figures.questions).to.be.at.most(fewOf(figures))
  })

  it('with squash, cherry-pick, revert and skipped commits: 8 of 2,000 at most', async () => {
    const figures = await playHistories(count, {steps, ordinary: false})
    told(figures)
    expect(figures.bad).to.be.at.most(Math.ceil((count * 8) / 2000))
    expect(figures.questions).to.be.at.most(fewOf(figures))
  })

  it('where people take over what is not open: objects without a manifest, what they rejected, wishes', async () => {
    const figures = await playHistories(count, {steps, ordinary: true, takesOver: true}, 40_000)
    told(figures)
    expect(figures.takenOver).to.be.at.least(count / 2)
    expect(worst(figures)).to.deep.equal([])
    expect(figures.questions).to.be.at.most(fewOf(figures))
  })

  it('of values that nest, firewalls and who may do what: no false wish, no lost drift; hardly a question in vain', async () => {
    const figures = await playHistories(Math.ceil(count / 2), {steps, ordinary: true, nested: true})
    told(figures)
    // A part may be asked about again with the place that it is in, where that has changed.
    expect(worst(figures).filter(({what}) => what !== 'undone decision')).to.deep.equal([])
    expect(figures.questions).to.be.at.most(fewOf(figures))
  })

  it('without the drivers, where people keep both sides of the agreement, and either snapshot', async () => {
    const figures = await playHistories(Math.ceil(count / 2), {steps, ordinary: true, noDrivers: true}, 20_000)
    told(figures)
    expect(worst(figures)).to.deep.equal([])
  })

  it('with one clone that has only the last commits of the history', async () => {
    const figures = await playHistories(Math.ceil(count / 2), {steps, ordinary: true, depth: 5}, 30_000)
    told(figures)
    expect(figures.bad).to.equal(0)
  })
})

describe('the line merge of the model', () => {
  it('gives the lines that `git merge-file --union` gives, and a conflict where Git has one', function () {
    const folder = mkdtempSync(join(tmpdir(), 'pmpc-lines-'))
    after(() => rmSync(folder, {recursive: true}))
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), {maxLength: 6})
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({min: 10, max: 30}).map(String), {maxLength: 8}),
        text,
        text,
        text,
        (base, ...extra) => {
          const side = (more: string[], from: number) => [...base.slice(0, from), ...more, ...base.slice(from + 1)]
          const [ours, theirs] = [side(extra[0]!, 2), side(extra[1]!, Number(extra[2]!.length))]
          const files = (
            [
              ['base', base],
              ['ours', ours],
              ['theirs', theirs],
            ] as const
          ).map(([name, lines]) => {
            writeFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(''))
            return name
          })
          const git = (...options: string[]) =>
            spawnSync('git', ['merge-file', '-p', ...options, files[1]!, files[0]!, files[2]!], {
              cwd: folder,
              encoding: 'utf8',
            })
          let conflicts = 0
          const merged = mergeLines(base, ours, theirs, (mine, others) => {
            conflicts++
            return union(mine, others)
          })
          const lines = git('--union').stdout.split('\n').filter(Boolean)
          expect([...new Set(merged)].sort()).to.deep.equal([...new Set(lines)].sort())
          expect(conflicts > 0).to.equal(git().status! > 0)
        },
      ),
      {numRuns: 40},
    )
  })
})
