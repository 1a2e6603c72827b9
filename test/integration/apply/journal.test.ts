import {expect} from 'chai'
import {appendFileSync, mkdtempSync, readdirSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {Journal, recallRun, unfinishedRun, type RunHead} from '../../../src/kit/apply/index.js'
import {isAtWork, unanswered} from '../../../src/kit/apply/journal.js'
import {thisProcess} from '../../../src/kit/runs/lock.js'

const head = (run: string): RunHead => ({
  ...{format: 1, run, command: 'pmpc apply', at: '2026-11-29T06:00:00.000Z', by: 'alice@desk', digest: 'd'},
  process: thisProcess(),
  objects: {'home/vm/100': {fields: ['config.cores'], wishes: 'w', requests: [], classes: ['live']}},
})
const sent = {
  ...{event: 'sent' as const, object: 'home/vm/100', method: 'PUT'},
  ...{path: '/nodes/pve1/qemu/100/config', at: '2026-11-29T06:00:01.000Z'},
}

describe('the journal of a run', () => {
  let root: string
  beforeEach(() => void (root = mkdtempSync(path.join(tmpdir(), 'pmpc-journal-'))))
  afterEach(() => rmSync(root, {recursive: true}))

  it('tells what was sent and not answered, whatever ends the process', () => {
    const journal = Journal.begin(root, head('01a'))
    journal.write({event: 'intention', commit: null})
    journal.write(sent)
    journal.write({event: 'started', object: 'home/vm/100', upid: 'UPID:x'})
    const recorded = unfinishedRun(root)!
    expect(recorded.head).to.deep.equal(head('01a'))
    expect(unanswered(recorded, 'home/vm/100')).to.deep.equal({sent, upid: 'UPID:x'})
    expect(unanswered(recorded, 'home/vm/101')).to.equal(undefined)
    journal.write({event: 'answered', object: 'home/vm/100'})
    expect(unanswered(unfinishedRun(root)!, 'home/vm/100')).to.equal(undefined)
    journal.close()
  })

  it('is gone on with behind a line that was cut off', () => {
    Journal.begin(root, head('01a')).close()
    const file = path.join(root, '.pmpc/local/runs/01a.jsonl')
    appendFileSync(file, '{"event":"sent","object":"home/v')
    const resumed = Journal.resume(root, unfinishedRun(root)!)
    resumed.write(sent)
    expect(unfinishedRun(root)!.lines.map(({event}) => event)).to.deep.equal(['resumed', 'sent'])
    resumed.write({event: 'over'})
    resumed.close()
    expect(unfinishedRun(root)).to.equal(undefined)
    expect(recallRun(root, '01a')!.lines.at(-1)).to.deep.equal({event: 'over'})
  })

  it('knows whether somebody is at work', () => {
    Journal.begin(root, {...head('01a'), process: {...thisProcess(), started: 'another time'}}).close()
    expect(isAtWork(unfinishedRun(root)!)).to.equal(false)
    Journal.resume(root, unfinishedRun(root)!).close()
    expect(isAtWork(unfinishedRun(root)!)).to.equal(true)
  })

  it('is for its owner alone', () => {
    Journal.begin(root, head('01a')).close()
    const folder = path.join(root, '.pmpc/local/runs')
    for (const name of readdirSync(folder)) expect(statSync(path.join(folder, name)).mode & 0o777, name).to.equal(0o600)
    expect(statSync(folder).mode & 0o777).to.equal(0o700)
  })

  it('is kept for the last 50 runs, and for one that began and is not at its end', () => {
    const open = Journal.begin(root, head('000'))
    open.write({event: 'intention', commit: null})
    open.close()
    Journal.begin(root, head('001')).close()
    for (let run = 100; run < 160; run++) {
      const journal = Journal.begin(root, head(String(run)))
      journal.write({event: 'over'})
      journal.close()
    }
    const names = readdirSync(path.join(root, '.pmpc/local/runs'))
    expect(names).to.have.length(50 + 1)
    expect(names).to.include.members(['000.jsonl', '159.jsonl'])
    for (const gone of ['001.jsonl', '100.jsonl']) expect(names).not.to.include(gone)
  })

  it('is none where nothing, or no journal, is there', () => {
    expect(unfinishedRun(root)).to.equal(undefined)
    expect(recallRun(root, 'never')).to.equal(undefined)
  })
})
