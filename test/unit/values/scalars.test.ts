import {expect} from 'chai'
import fc from 'fast-check'
import * as scalars from '../../../src/kit/values/scalars.js'
import {networkName} from '../../../src/kit/values/networks.js'
import {parseUpid, type Upid} from '../../../src/kit/values/upid.js'

/** A task's id as PVE prints it: upper-case digits, a colon at the end. */
function printUpid({node, pid, pstart, starttime, type, id, user}: Upid): string {
  const [process, began, start] = [pid, pstart, starttime].map((each) =>
    each.toString(16).toUpperCase().padStart(8, '0'),
  )
  return `UPID:${node}:${process}:${began}:${start}:${type}:${id}:${user}:`
}

describe('values: scalars', () => {
  it('reads and prints sizes', () => {
    expect(scalars.parseSize('1.5G')).to.equal(1610612736)
    expect(scalars.parseSize('1KiB')).to.equal(1024)
    expect(scalars.parseSize('1KiB', '8.4')).to.equal(undefined)
    expect(scalars.parseSize('1k')).to.equal(undefined)
    expect(scalars.printSize(1536 * 2 ** 20)).to.equal('1536M')
    expect(scalars.printSize(0)).to.equal('0T')
    fc.assert(
      fc.property(fc.nat({max: Number.MAX_SAFE_INTEGER}), (bytes) => {
        expect(scalars.parseSize(scalars.printSize(bytes))).to.equal(bytes)
      }),
    )
  })

  it('reads booleans in all of their spellings, in any case', () => {
    expect(['1', 'ON', 'Yes', 'true'].map(scalars.parseBoolean)).to.deep.equal([1, 1, 1, 1])
    expect(['0', 'off', 'NO', 'False'].map(scalars.parseBoolean)).to.deep.equal([0, 0, 0, 0])
    expect(['2', '', 'y'].map(scalars.parseBoolean)).to.deep.equal([undefined, undefined, undefined])
  })

  // As Net::IP and clean_cidr of pve-firewall made them on a node.
  it('knows a network by one name, whatever host of it was written', () => {
    const names: Record<string, string> = {
      '10.0.0.11/24': '10.0.0.0/24',
      '10.1.2.3/8': '10.0.0.0/8',
      '255.255.255.255/1': '128.0.0.0/1',
      '010.0.0.1/24': '10.0.0.0/24',
      '10.0.0.11/32': '10.0.0.11',
      '10.0.0.11': '10.0.0.11',
      '2001:DB8::1/64': '2001:db8::/64',
      '2001:DB8::1': '2001:DB8::1',
      'fe80::1/10': 'fe80::/10',
      '::1/128': '::1',
      '::ffff:10.0.0.5/120': '::ffff:a00:0/120',
      '0:0:1:0:0:1:1:1/128': '0:0:1::1:1:1',
      '1:0:0:1:1:0:0:1/128': '1::1:1:0:0:1',
      '1:0:0:1:1:1:0:0/128': '1::1:1:1:0:0',
      '0:0:1:1:1:1:0:0/128': '::1:1:1:1:0:0',
      '1:0:1:1:1:1:1:1/128': '1:0:1:1:1:1:1:1',
      'dc/office': 'dc/office',
      '10.0/8': '10.0/8',
      '10.0.0.300/24': '10.0.0.300/24',
      '10.0.0.1/33': '10.0.0.1/33',
      '1::2::3/64': '1::2::3/64',
    }
    expect(Object.fromEntries(Object.keys(names).map((text) => [text, networkName(text)]))).to.deep.equal(names)
  })

  it('splits lists at commas, semicolons and white space, or at NUL alone', () => {
    expect(scalars.splitList(' a, b;c\td ')).to.deep.equal(['a', 'b', 'c', 'd'])
    expect(scalars.splitList('a b\0c,d\0')).to.deep.equal(['a b', 'c,d'])
    expect(scalars.splitList('')).to.deep.equal([])
  })

  it('escapes text for the file and back', () => {
    expect(scalars.encodeText('Build: 100%\n')).to.equal('Build%3A 100%25%0A')
    fc.assert(
      fc.property(fc.string({unit: 'grapheme'}), (text) => {
        const encoded = scalars.encodeText(text)
        expect(encoded).to.match(/^[\x20-\x7E]*$/)
        expect(scalars.decodeText(encoded)).to.equal(text)
      }),
    )
  })

  it('percent-encodes keys as PVE wants them, and back', () => {
    expect(scalars.encodeUri("a+b 'c'")).to.equal('a%2Bb%20%27c%27')
    expect(scalars.decodeUri('100%')).to.equal('100%')
    fc.assert(
      fc.property(fc.string({unit: 'grapheme'}), (text) => {
        expect(scalars.encodeUri(text)).to.match(/^[-%a-zA-Z0-9_.~]*$/)
        expect(scalars.decodeUri(scalars.encodeUri(text))).to.equal(text)
      }),
    )
  })

  it('keeps digits that a number cannot hold', () => {
    expect(scalars.parseInteger('9007199254740993')).to.equal(undefined)
    expect(scalars.parseNumber('0.1234567890123456789')).to.equal(undefined)
    expect(scalars.parseInteger('-0')).to.satisfy((value: number) => Object.is(value, 0))
    expect(scalars.plainNumber('04')).to.equal(undefined)
    expect(scalars.plainNumber('1e3')).to.equal(undefined)
    expect(scalars.plainNumber('-1.5')).to.equal(-1.5)
  })

  it('takes task ids apart, and loses nothing of them', () => {
    const text = 'UPID:pve-node1:00194D13:01A5F253:67CB135C:qmstop:105:root@pam!api:'
    expect(parseUpid(text)).to.include({
      node: 'pve-node1',
      type: 'qmstop',
      id: '105',
      user: 'root@pam!api',
      starttime: 1741362012,
    })
    expect(printUpid(parseUpid(text)!)).to.equal(text)
    expect(parseUpid(text.slice(0, -1))).to.equal(undefined)
    const hex = fc.nat({max: 0xffffffff})
    const upid = fc.record({
      node: fc.stringMatching(/^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,8}[a-zA-Z0-9])?$/),
      pid: hex,
      pstart: fc.nat({max: 0xfffffffff}),
      starttime: hex,
      type: fc.stringMatching(/^[a-z]{1,12}$/),
      id: fc.stringMatching(/^[a-z0-9@>-]{0,12}$/),
      user: fc.stringMatching(/^[a-z]{1,8}@[a-z]{2,5}(?:![a-z0-9]{2,6})?$/),
    })
    fc.assert(
      fc.property(upid, (parts) => {
        expect(parseUpid(printUpid(parts))).to.deep.equal(parts)
      }),
    )
  })

  it('knows volumes and start orders', () => {
    expect(scalars.parseVolumeId('local:iso/a b.iso')).to.deep.equal({storage: 'local', volume: 'iso/a b.iso'})
    expect(scalars.parseVolumeId('/dev/sda')).to.equal(undefined)
    expect(scalars.parseStartup('down=60,2')).to.deep.equal({down: '60', order: '2'})
    expect(scalars.parseStartup('order=1, up=2')).to.equal(undefined)
  })
})
