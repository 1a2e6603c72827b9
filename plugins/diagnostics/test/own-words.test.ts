import {expect} from 'chai'
import {withOwnWords} from '../src/report/own-words.js'

const file = (name: string, value: unknown) => ({name, bytes: Buffer.from(JSON.stringify(value))})
const parsed = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString('utf8'))

describe('the words of a format, after a text was anonymized', () => {
  it('are as they were: keys of the API, and words that mean something to who reads them', () => {
    const before = {nodes: [{name: 'pve1', dns: {dns1: '192.0.2.1'}}], guests: [{type: 'qemu', config: {name: 'qemu'}}]}
    const after = {
      nodes: [{name: 'host-1', dns: {'host-2': '203.0.113.9'}}],
      guests: [{type: 'host-3', config: {name: 'host-3'}}],
    }
    const [made] = withOwnWords([file('estates/1.json', before)], [file('estates/1.json', after)])
    expect(parsed(made!.bytes)).to.deep.equal({
      nodes: [{name: 'host-1', dns: {dns1: '203.0.113.9'}}],
      guests: [{type: 'qemu', config: {name: 'host-3'}}],
    })
  })

  it('are no ids: those stay what was made of them', () => {
    const before = {
      sections: {'ha/resources': {'vm:100': {state: 'started'}}, jobs: {secretshop: {all: 1}}},
      firewall: {'node pve1': {aliases: {shop: {cidr: '192.0.2.0/24'}}}},
    }
    const after = {
      sections: {'ha/resources': {'vm:100': {state: 'started'}}, jobs: {'user-1': {all: 1}}},
      firewall: {'node host-1': {aliases: {'user-2': {cidr: '203.0.113.0/24'}}}},
    }
    const [made] = withOwnWords([file('estates/1.json', before)], [file('estates/1.json', after)])
    expect(parsed(made!.bytes)).to.deep.equal(after)
  })

  it('are looked for in the files of the format only', () => {
    const log = file('logs/1.jsonl', {dns1: 'x'})
    expect(withOwnWords([file('logs/1.jsonl', {dns1: 'dns1'})], [log])).to.deep.equal([log])
  })
})
