import {expect} from 'chai'
import {createScheduler, type Verdict} from '../../../src/kit/proxmox/scheduler.js'

/** Jobs that end when told, so that what runs at once can be counted. */
function bench(perNode: number, total: number) {
  const scheduler = createScheduler({perNode, total})
  const running: {node: string; end: (verdict?: Verdict) => Promise<void>}[] = []
  function add(node: string, lock?: string): Promise<void> {
    return scheduler.run({
      node,
      lock,
      run: (report) =>
        new Promise<void>((resolve) => {
          running.push({
            node,
            async end(verdict) {
              running.splice(running.indexOf(this), 1)
              if (verdict !== undefined) report(verdict)
              resolve()
              await settle()
            },
          })
        }),
    })
  }
  return {scheduler, running, add, nodes: () => running.map(({node}) => node).sort()}
}

const settle = () => new Promise((done) => setImmediate(done))

describe('scheduler', () => {
  it('keeps to the budget of each node and of all', async () => {
    const {running, add, nodes} = bench(2, 3)
    const jobs = ['a', 'a', 'a', 'b', 'b', 'b'].map((node) => add(node))
    await settle()
    expect(nodes()).to.deep.equal(['a', 'a', 'b'])
    while (running.length > 0) {
      expect(running.length).to.be.at.most(3)
      await running[0]?.end()
    }
    await Promise.all(jobs)
  })

  it('nodes take turns: a long queue of one does not starve another', async () => {
    const {running, add, nodes} = bench(2, 2)
    for (let i = 0; i < 10; i++) void add('a')
    void add('b')
    await settle()
    await running[0]?.end()
    expect(nodes()).to.include('b')
  })

  it('halves on overload, once for one burst, and grows back', async () => {
    const {scheduler, running, add} = bench(4, 16)
    const jobs = Array.from({length: 40}, () => add('a'))
    await settle()
    const burst = [...running]
    for (const job of burst) await job.end('node-overloaded')
    expect(scheduler.limits('a')).to.deep.equal({perNode: 2, total: 16})
    expect(running).to.have.length(2)
    while (running.length > 0) await running[0]?.end()
    expect(scheduler.limits('a').perNode).to.equal(4)
    await Promise.all(jobs)
  })

  it('never falls below one, and overload of all concerns all', async () => {
    const {scheduler, running, add} = bench(4, 4)
    for (let i = 0; i < 6; i++) {
      const job = add('a')
      await settle()
      await running[0]?.end('all-overloaded')
      await job
    }
    expect(scheduler.limits('a')).to.deep.equal({perNode: 1, total: 1})
  })

  it('jobs with one lock run one after the other, also after a failure', async () => {
    const scheduler = createScheduler({perNode: 4, total: 4})
    const order: string[] = []
    const job = (name: string, fails = false) =>
      scheduler.run({
        lock: 'guest/100',
        run: async () => {
          order.push(`${name} begins`)
          await settle()
          order.push(`${name} ends`)
          if (fails) throw new Error(name)
        },
      })
    const results = await Promise.allSettled([job('first', true), job('second')])
    expect(results.map(({status}) => status)).to.deep.equal(['rejected', 'fulfilled'])
    expect(order).to.deep.equal(['first begins', 'first ends', 'second begins', 'second ends'])
  })
})
