import {expect} from 'chai'
import {EventEmitter, once} from 'node:events'
import {Interrupts} from '../../../src/kit/cli/index.js'

function setUp(grace?: number) {
  const source = new EventEmitter()
  const exits: number[] = []
  const left = new EventEmitter()
  const interrupts = new Interrupts({
    process: source,
    ...(grace === undefined ? {} : {grace}),
    exit(code) {
      exits.push(code)
      left.emit('exit')
    },
  })
  const stop = interrupts.listen()
  return {source, exits, interrupts, stop, left: () => once(left, 'exit')}
}

describe('interrupts', () => {
  it('end a command that does not watch the signal at once, after its clean-up, the last first', async () => {
    const {source, exits, interrupts, left} = setUp()
    const done: string[] = []
    interrupts.onInterrupt(() => void done.push('first'))
    interrupts.onInterrupt(async () => void done.push('second'))
    const ended = left()
    source.emit('SIGINT')
    await ended
    expect(done).to.deep.equal(['second', 'first'])
    expect(exits).to.deep.equal([130])
  })

  it('are the normal end of a command that serves until it is told', async () => {
    const {source, exits, interrupts} = setUp()
    const told = interrupts.awaitSignal()
    source.emit('SIGTERM')
    await told
    expect(interrupts.interrupted).to.equal(false)
    expect(exits).to.deep.equal([])
    source.emit('SIGTERM')
    expect(exits).to.deep.equal([130])
  })

  it('abort the signal of a command that watches it, and let it end by itself', async () => {
    const {source, exits, interrupts} = setUp()
    const {signal} = interrupts
    source.emit('SIGTERM')
    expect(signal.aborted).to.equal(true)
    expect(signal.reason).to.include({code: 'PMPC_INTERRUPTED', exitCode: 130})
    await new Promise(setImmediate)
    expect(exits).to.deep.equal([])
  })

  it('end such a command after its time of grace', async () => {
    const {source, exits, interrupts, left} = setUp(5)
    void interrupts.signal
    const ended = left()
    source.emit('SIGINT')
    // The timer of the grace is no reason for the process to live on, so the test keeps it alive.
    const alive = setInterval(() => undefined, 1000)
    await ended
    clearInterval(alive)
    expect(exits).to.deep.equal([130])
  })

  it('wait until a critical section is over', async () => {
    const {source, exits, interrupts, left} = setUp()
    const ended = left()
    let during: number[] = [0]
    await interrupts.critical(async () => {
      source.emit('SIGINT')
      source.emit('SIGINT')
      await new Promise(setImmediate)
      during = [...exits]
    })
    await ended
    expect(during).to.deep.equal([])
    expect(exits).to.deep.equal([130])
  })

  it('wait for the outermost of nested sections, which pass value and error on', async () => {
    const {source, exits, interrupts, left} = setUp()
    const ended = left()
    const within: number[][] = []
    const value = await interrupts.critical(async () => {
      const error = await interrupts
        .critical(async () => {
          source.emit('SIGTERM')
          throw new Error('no')
        })
        .catch((thrown: Error) => thrown.message)
      within.push([...exits])
      return error
    })
    await ended
    expect([value, within, exits]).to.deep.equal(['no', [[]], [130]])
  })

  it('end at once at a second signal', () => {
    const {source, exits, interrupts} = setUp()
    void interrupts.signal
    source.emit('SIGINT')
    source.emit('SIGINT')
    expect(exits).to.deep.equal([130])
  })

  it('forget a clean-up that was taken back, and hear nothing once stopped', async () => {
    const {source, exits, interrupts, stop} = setUp()
    let cleaned = false
    interrupts.onInterrupt(() => {
      cleaned = true
    })()
    stop()
    source.emit('SIGINT')
    await new Promise(setImmediate)
    expect({cleaned, exits}).to.deep.equal({cleaned: false, exits: []})
  })
})
