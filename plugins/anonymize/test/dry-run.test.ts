import {expect} from 'chai'
import type {Find} from 'pmpc/kit/anonymize'
import {lineAfter} from '../src/run/anonymize.js'

describe('a line of a dry run', () => {
  const find = (text: string, value: string, kind: Find['kind']): Find => {
    const start = text.indexOf(value)
    return {kind, start, end: start + value.length, confidence: 'sure'}
  }

  it('is the line as it will be', () => {
    const text = 'one\non pve1 here\ntwo\n'
    const after = lineAfter(text, [find(text, 'pve1', 'host')], 0, (line) => line.replace('pve1', 'host-1'))
    expect(after).to.equal('on host-1 here')
  })

  it('never holds what is found, where a line by itself does not tell what it is', () => {
    const text = 'key: |\n  MIIEvQIBADANBg\n  kqhkiG9w0BAQEF\nhost: pve1\n'
    const finds = [find(text, 'MIIEvQIBADANBg\n  kqhkiG9w0BAQEF', 'key'), find(text, 'pve1', 'host')]
    expect(lineAfter(text, finds, 0, (line) => line)).to.equal('  [key]')
    expect(lineAfter(text, finds, 1, (line) => line)).to.equal('host: [host]')
  })
})
