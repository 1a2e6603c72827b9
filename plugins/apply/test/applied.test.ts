import {expect} from 'chai'
import {displayWidth} from 'pmpc/kit/cli'
import type {ApplyResult} from 'pmpc/kit/verbs'
import {appliedText} from '../src/print/applied.js'

const nothing: ApplyResult = {
  ...{run: 'r', digest: null, done: [], failed: [], skipped: [], unknown: [], undecided: []},
  ...{intention: null, observation: null, warnings: []},
}
const vm = (id: number, cluster = 'home'): string => `${cluster}/vm/${id}`
const done = (object: string, more = {}) => ({object, consequence: 'live' as const, requests: 1, upids: [], ...more})
const undone = (object: string, message: string, suggestions: string[] = [], code = 'PMPC_TASK_FAILED') => ({
  ...{object, code, message, suggestions},
})
const told = (result: Partial<ApplyResult>, width: number | undefined = 80): string =>
  appliedText({...nothing, ...result}, {paint: (_, text) => text, width})

describe('what an apply came to, in words', () => {
  it('is one line where there was nothing to do', () => expect(told({})).to.equal('Nothing to do.'))

  it('is what was done, and the commits', () => {
    const commits = {intention: 'a'.repeat(40), observation: 'b'.repeat(40)}
    expect(told({done: [done(vm(1)), done(vm(2))], ...commits})).to.equal(
      'Done: 2 objects, by 2 requests.\nCommitted: wishes in aaaaaaaaaa, what was observed in bbbbbbbbbb.',
    )
  })

  it('is what was not done before that: why, and what to type, each once', () => {
    const log = 'pmpc task log UPID:pve1:0000:'
    expect(
      told({
        done: [done(vm(1))],
        unknown: [undone(vm(2), 'nobody answered', ['pmpc apply --resume'])],
        failed: [
          undone(vm(3), 'home/vm/3 is not as it was to be', ['pmpc plan vm/3']),
          undone(vm(4), 'the task failed: there is no space left on the device that the storage has', [log]),
          undone(vm(5), 'the task failed: there is no space left on the device that the storage has', [log]),
        ],
        skipped: [6, 7, 8].map((id) => undone(vm(id), 'it needs home/vm/3, which was not done')),
      }),
    ).to.equal(
      [
        ...['unknown  vm/2: nobody answered', '           pmpc apply --resume', ''],
        ...['failed   vm/3: is not as it was to be', '           pmpc plan vm/3'],
        'failed   vm/4, vm/5: the task failed: there is no space left on the device that',
        ...['           the storage has', `           ${log}`, ''],
        ...['skipped  vm/6, vm/7, vm/8: it needs home/vm/3, which was not done', ''],
        'Done: 1 of 8 objects, by 1 request; 3 failed, 3 skipped, 1 unknown.',
      ].join('\n'),
    )
  })

  it('names few of many, and fits 80 columns but for what is to be typed', () => {
    const text = told({
      failed: Array.from({length: 60}, (_, id) => undone(vm(100 + id), `its reason number ${id}`, ['pmpc plan'])),
      skipped: Array.from({length: 200}, (_, id) =>
        undone(vm(1000 + id), 'interrupted before its turn', ['pmpc apply --resume'], 'PMPC_INTERRUPTED'),
      ),
    })
    expect(text.replaceAll(/\s+/g, ' ')).to.include('vm/1007 and 192 more: interrupted before its turn')
    expect(text).to.include('… and 40 more failed')
    // Of what was interrupted it is said once, at the end, how to go on.
    expect(text).to.not.include('--resume')
    const lines = text.split('\n')
    expect(lines.length).to.be.below(35)
    for (const line of lines) expect(displayWidth(line), line).to.be.at.most(80)
  })

  it('tells which guests wait for a restart, with what restarts them', () => {
    const pending = {fields: ['config.memory', 'config.cores'], node: 'pve2'}
    expect(told({done: [done(vm(1), {pending}), done('home/container/9', {pending}), done(vm(3))]})).to.equal(
      [
        'Waits for a restart by Proxmox VE; one from within the guest does not do:',
        ...['  vm/1: config.memory, config.cores', '    pmpc reboot vm/1'],
        ...['  container/9: config.memory, config.cores', '    pmpc reboot container/9', ''],
        'Done: 3 objects, by 3 requests.',
      ].join('\n'),
    )
  })

  it('names the clusters where several were changed', () => {
    expect(told({failed: [undone(vm(1), 'why'), undone(vm(1, 'lab'), 'other')]})).to.include('failed   lab/vm/1: other')
  })
})
