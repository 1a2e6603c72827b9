import {expect} from 'chai'
import {itemLine, ItemLines, Items, linePause} from '../../../src/kit/cli/items.js'

const vm = (id: number): string => `home/vm/${id}`
const made = (isUnicode = true): Items => new Items((color, text) => `<${color}>${text}`, isUnicode)

describe('objects that are worked on beside each other', () => {
  it('are all shown where they are few, each with how far it is', () => {
    const items = made()
    for (const id of [1, 2, 3, 4, 5, 100]) items.tell(vm(id), 'waiting')
    items.tell(vm(1), 'done')
    items.tell(vm(2), 'working', 'POST /nodes/pve1/qemu')
    items.tell(vm(3), 'failed', 'no space')
    items.tell(vm(4), 'skipped', 'it needs home/vm/3')
    items.tell(vm(5), 'unknown', 'nobody answered')
    expect(items.lines()).to.deep.equal([
      '1 of 6 done, 1 failed, 1 unknown, 1 skipped, 1 at work, 1 waiting',
      '<green>✔ home/vm/1',
      '▸ home/vm/2    POST /nodes/pve1/qemu',
      '<red>✖ home/vm/3    no space',
      '<yellow>↓ home/vm/4    it needs home/vm/3',
      '<red>? home/vm/5    nobody answered',
      '<dim>· home/vm/100',
    ])
  })

  it('are those at work, and what went wrong last, where they are many; and never more than a terminal has lines', () => {
    const items = made()
    for (let id = 0; id < 200; id++) items.tell(vm(id), 'waiting')
    for (let id = 0; id < 60; id++) items.tell(vm(id), 'working', 'a request')
    for (let id = 0; id < 20; id++) items.tell(vm(id), 'failed', 'why')
    for (let id = 20; id < 40; id++) items.tell(vm(id), 'done')
    const [counts, ...shown] = items.lines()
    expect(counts).to.equal('20 of 200 done, 20 failed, 20 at work, 140 waiting')
    expect(shown).to.have.length(12)
    expect(shown.slice(0, 3)).to.deep.equal([17, 18, 19].map((id) => `<red>✖ ${vm(id)}  why`))
    expect(shown[3]).to.equal('▸ home/vm/40  a request')
  })

  it('show nothing but ASCII where the terminal has no more', () => {
    const items = made(false)
    items.tell(vm(1), 'done')
    expect(items.lines().join('\n')).to.match(/^[\x20-\x7e\n]*$/)
  })

  it('are nothing where there are none', () => expect(made().lines()).to.deep.equal([]))

  it('are a line as each begins, one as it ends, and of what takes long one every few seconds', () => {
    let now = 0
    const lines = new ItemLines(() => now)
    const told = (state: 'waiting' | 'working' | 'done') => lines.isTold(vm(1), state)
    expect([told('waiting'), told('working'), told('working')]).to.deep.equal([false, true, false])
    now = linePause - 1
    expect(told('working')).to.equal(false)
    expect(lines.isTold(vm(2), 'working')).to.equal(true)
    now = linePause
    expect([told('working'), told('working'), told('done')]).to.deep.equal([true, false, true])
    expect(itemLine(vm(1), 'working', 'a request')).to.equal('home/vm/1: a request')
    expect(itemLine(vm(1), 'done')).to.equal('home/vm/1: done')
    expect(itemLine(vm(1), 'failed', 'why')).to.equal('home/vm/1: failed: why')
  })
})
