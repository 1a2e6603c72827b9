import {expect} from 'chai'
import {fingerprint, isMarker, isWithheld, markerOf, MASK} from '../../../src/kit/secrets/index.js'
import {decode, encode, fromManifest} from '../../../src/kit/values/index.js'

describe('what stands in the place of a secret', () => {
  const marker = markerOf('url-password', '9f3c')

  it('is told from all else, wherever it stands in a value: nothing may send it to a cluster', () => {
    for (const value of [
      MASK,
      marker,
      `root pw: ${marker}\nAsk Jo.`,
      {file: 'x', key: marker},
      [['lxc.a', marker]],
      [[[marker]]],
    ])
      expect(isWithheld(value), JSON.stringify(value)).to.equal(true)
    for (const value of [undefined, null, 1, '', 'pw: hunter2', '**bold**', '***********', '**********()', {a: 1}, []])
      expect(isWithheld(value), JSON.stringify(value)).to.equal(false)
    expect([marker, ` ${marker}`, MASK].map(isMarker)).to.deep.equal([true, false, false])
  })

  it('is the same everywhere for the same secret, and another one for another secret or cluster', async () => {
    const [one, again, other, elsewhere] = await Promise.all([
      fingerprint('hunter2222', 'home'),
      fingerprint('hunter2222', 'home'),
      fingerprint('hunter3333', 'home'),
      fingerprint('hunter2222', 'lab'),
    ])
    // The value of another run and another machine: it stands in people's repositories, and must never change.
    expect(one).to.equal('6e50')
    expect(again).to.equal(one)
    expect(new Set([one, other, elsewhere]).size).to.equal(3)
  })

  it('is read from a manifest as it is written, in every sort of value, and no contract is asked about it', () => {
    const places = [
      ['vm', 'description', `Ask Jo: ${marker}`],
      ['vm', 'args', marker],
      ['vm', 'name', marker],
      ['vm', 'cores', marker],
      ['vm', 'tags', [marker]],
      ['vm', 'nameserver', marker],
      ['vm', 'sshkeys', marker],
      ['container', 'env', `A=b\0TOKEN=${marker}`],
      ['container', 'net0', {type: 'veth', name: 'eth0', token: marker}],
      ['storage', 'options', `vers=3,password=${marker}`],
      ['storage', 'truenas_apikey', marker],
    ] as const
    for (const [kind, key, value] of places) {
      expect(fromManifest(kind, key, value), key).to.deep.equal({value, problems: []})
      expect(decode(kind, key, encode(kind, key, value as never)), key).to.deep.equal(value)
    }
  })
})
