import {expect} from 'chai'
import type {KindName, Value} from '../../../src/kit/resources/model.js'
import {decode, equivalent, sameValue} from '../../../src/kit/values/index.js'
import {least, readLines, referencePath} from '../../support/reference.js'

interface Row {
  key: string
  sent: string
  /** What GET config printed afterwards. */
  config: unknown
  error: unknown
}

/** Where PVE stored another thing than it was sent, and why (seen on the real daemon). */
const changed = {
  'is another name of ide2': (row: Row) => row.key === 'cdrom',
  'becomes sockets': (row: Row) => row.key === 'smp',
  'a weight of 1 becomes 2': (row: Row) => row.key === 'cpuunits' && row.sent === '1',
  '1 asks for a new one': (row: Row) => row.key === 'vmgenid' && row.sent === '1',
  'asks for a new volume, and is answered with it': (row: Row) =>
    /^(?:ide|scsi|sata|virtio|efidisk|tpmstate|mp)\d+$/.test(row.key) &&
    /(?:^|,)(?:volume=|file=)?\w+:(?:\d+(?:\.\d+)?|cloudinit)(?:,|$)/.test(row.sent),
  'cannot be set on a container': (row: Row) => row.key === 'unused0' && row.config === null,
} satisfies Record<string, (row: Row) => boolean>

const tables: [string, KindName, number][] = [
  ['vm-keys-table.jsonl', 'vm', least(300, 65)],
  ['vm-running-table.jsonl', 'vm', 35],
  ['lxc-keys-table.jsonl', 'container', least(60, 25)],
  ['lxc-running-table.jsonl', 'container', 8],
]

const reasonOf = (row: Row): string | undefined => Object.entries(changed).find(([, fits]) => fits(row))?.[0]
const stored = (kind: KindName, row: Row): Value | undefined =>
  row.config === null ? undefined : decode(kind, row.key, row.config)

describe('values: what the daemon stored of what it was sent', () => {
  for (const [table, kind, least] of tables) {
    it(`is equivalent to it unless PVE changed it (${table})`, () => {
      const rows = readLines<Row>(referencePath('daemon', 'tables', table)).filter(
        (row) => row.error === null || row.error === undefined,
      )
      expect(rows.length).to.be.greaterThan(least)
      for (const row of rows) {
        const name = `${row.key}: ${JSON.stringify(row.sent)} became ${JSON.stringify(row.config)}`
        const same = equivalent(kind, row.key, decode(kind, row.key, row.sent), stored(kind, row))
        expect(same, `${name}; ${reasonOf(row) ?? 'unchanged'}`).to.equal(reasonOf(row) === undefined)
      }
    })
  }

  it('keeps what was asked of a new volume beside the volume itself', () => {
    const rows = readLines<Row>(referencePath('daemon', 'tables', 'vm-keys-table.jsonl'))
    const asked = rows.filter((row) => row.error === null && reasonOf(row)?.includes('new volume'))
    expect(asked.length).to.be.greaterThan(least(10, 5))
    for (const {key, sent, config} of asked) {
      const rest = (text: unknown): Value => {
        const {
          file: _file,
          size: _size,
          format: _format,
          media: _media,
          ...others
        } = decode('vm', key, text) as Record<string, string>
        return others
      }
      expect(sameValue('vm', key, rest(sent), rest(config)), `${key}: ${sent}`).to.equal(true)
    }
  })

  it('is not equal to what was stored of another value', () => {
    const rows = readLines<Row>(referencePath('daemon', 'tables', 'vm-keys-table.jsonl')).filter(
      (row) => row.error === null && row.config !== null,
    )
    const byKey = new Map<string, Row[]>()
    for (const row of rows) byKey.set(row.key, [...(byKey.get(row.key) ?? []), row])
    let compared = 0
    for (const [key, all] of byKey) {
      for (const [index, row] of all.entries()) {
        const other = all[index + 1]
        if (!other || String(row.config) === String(other.config) || reasonOf(row) || reasonOf(other)) continue
        const [a, b] = [decode('vm', key, row.config), decode('vm', key, other.config)]
        if (!sameValue('vm', key, a, b)) compared++
      }
    }
    expect(compared).to.be.greaterThan(least(100, 40))
  })
})
