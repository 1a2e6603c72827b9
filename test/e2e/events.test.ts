import {expect} from 'chai'
import type {LiveEvent} from '../../src/kit/live/index.js'
import {Lab} from '../support/lab.js'
import {assertSchema} from '../support/schemas.js'

describe('pmpc events', () => {
  let lab: Lab
  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
  })
  after(async () => lab.stop())

  it('prints one document a line as things happen, and ends with 0 at Ctrl-C', async () => {
    const clone = await lab.workspace()
    let lines = ''
    const {code, stdout, stderr} = await clone.pmpc(['events', '--json', '--since', '2020-01-01'], {
      started: (child) =>
        child.stdout!.on('data', (chunk: Buffer) => {
          const isFirst = lines === ''
          lines += chunk.toString()
          if (isFirst) void lab.api('POST', '/nodes/pve1/qemu/100/snapshot', {snapname: 'seen'})
          if (lines.includes('"task-ended"')) child.kill('SIGINT')
        }),
    })
    expect(code, stderr).to.equal(0)
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as LiveEvent)
    for (const event of events) assertSchema('events', event)
    const told = events.flatMap((event) => ('task' in event ? [`${event.event} ${event.task.object}`] : []))
    expect(told).to.deep.equal(['task-started vm/100', 'task-ended vm/100'])
  })

  it('says what a token may not see, and makes visible what a log would hide', async () => {
    const reader = await lab.workspace('own', 'web@pve!ci')
    lab.simulator.simulation.tasks.clusterLog('pve1', 'web@pve!ci', 'a\u001b[2Jb\nc')
    const {code, stdout, stderr} = await reader.pmpc(['events', '--since', '1h'], {
      started: (child) => child.stdout!.once('data', () => child.kill('SIGINT')),
    })
    expect(code, stderr).to.equal(0)
    expect(stdout).to.include('  pve1  web@pve!ci: a\\u001b[2Jb\\u000ac\n')
    expect(stderr).to.include('home: without Sys.Audit and Sys.Syslog on /')
  })
})
