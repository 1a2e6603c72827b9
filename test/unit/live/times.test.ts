import {expect} from 'chai'
import {momentOf, secondsOf, sinceOf, spanText} from '../../../src/kit/live/times.js'

describe('times', () => {
  it('are read as spans', () => {
    const read = (text: string) => secondsOf(text, 'pmpc task wait --timeout')
    expect(['0', '45', '90s', '15m', '2h', '7d', '1w', '1h30m'].map(read)).to.deep.equal([
      ...[0, 45, 90, 900, 7200, 604_800, 604_800, 5400],
    ])
    for (const wrong of ['', '-1', '1y', 'h', '1.5h', '1 h', '99999999999999999d'])
      expect(() => read(wrong), wrong).to.throw(/^--timeout takes a span of time/)
  })

  it('are read as moments', () => {
    const now = Date.parse('2026-11-29T12:00:00Z')
    const read = (text: string) => new Date(sinceOf(text, 'pmpc events --since', now) * 1000).toISOString()
    expect(read('1h')).to.equal('2026-11-29T11:00:00.000Z')
    expect(read('2026-11-28')).to.equal('2026-11-28T00:00:00.000Z')
    expect(read('2026-11-28T10:30')).to.equal('2026-11-28T10:30:00.000Z')
    expect(read('2026-11-28 10:30:05+01:00')).to.equal('2026-11-28T09:30:05.000Z')
    for (const wrong of ['', 'yesterday', '2026-13-01', '12:00'])
      expect(() => read(wrong), wrong).to.throw(/^--since takes a span of time or a date/)
  })

  it('are told by their two largest units', () => {
    expect([0, 59, 60, 125, 3600, 3720, 86_400, 97_200].map(spanText)).to.deep.equal([
      ...['0s', '59s', '1m00s', '2m05s', '1h00m', '1h02m', '1d00h', '1d03h'],
    ])
    expect(momentOf(1_795_949_488)).to.equal('2026-11-29T10:51:28Z')
    expect(momentOf(1e18)).to.equal('9999-12-31T23:59:59Z')
  })
})
