import {expect} from 'chai'
import fc from 'fast-check'
import {type Context, check, parseStrict, type Problems} from '../../../src/kit/values/check.js'
import {decode, decodeAt, encode, encodeAt} from '../../../src/kit/values/codec.js'
import {callsJson} from '../../../src/kit/values/data/calls.js'
import {
  type Format,
  type Schema,
  type Table,
  type Version,
  formatOf,
  keyTables,
  schemaIn,
  versions,
} from '../../../src/kit/values/schema.js'
import {contextOf, printStrict} from '../../../src/kit/values/strict.js'
import {keyAt, type Key} from '../../../src/kit/values/keys.js'
import {kindOf, shapeAt, type Shapes} from '../../../src/kit/resources/index.js'
import type {KindName} from '../../../src/kit/resources/model.js'

interface Calls {
  formats: Record<Version, Record<string, Format>>
  schemas: Schema[]
}

const calls = JSON.parse(callsJson) as Calls
const kinds: Record<Table, KindName> = {qemu: 'vm', lxc: 'container'}

/** A key of a table, where it stands in a configuration: `firewall.aliases` of any alias. */
function keyIn(table: Table, key: string): Key {
  const [name, ...parts] = table.split('.')
  const kind = kinds[name!] ?? (name as KindName)
  const path: string[] = []
  const stepInto = (shapes: Shapes | undefined) => {
    if (shapes && Object.hasOwn(shapes, '*')) path.push('any')
  }
  stepInto(kindOf(kind).shapes)
  for (const part of parts) {
    path.push(part)
    const shape = shapeAt(kind, path)
    if (typeof shape === 'object' && 'map' in shape) stepInto(shape.map)
  }
  return keyAt(kind, [...path, key])
}

/** Texts that a named format takes. A format that is not here takes any plain word. */
const samples: Record<string, string[]> = {
  'mac-addr': ['BC:24:11:00:00:01', 'BC:24:11:0A:0B:0C'],
  'disk-size': ['32G', '1T', '1536M', '528K', '513'],
  ipv4: ['192.0.2.1', '0.0.0.0'],
  ipv6: ['2001:db8::1', '::'],
  ip: ['192.0.2.1', '2001:db8::1'],
  'pve-ipv4-config': ['dhcp', 'manual', '192.0.2.10/24'],
  'pve-ipv6-config': ['auto', 'dhcp', '2001:db8::1/64'],
  CIDR: ['192.0.2.0/24', '2001:db8::/64'],
  CIDRv4: ['192.0.2.0/24'],
  CIDRv6: ['2001:db8::/64'],
  FullRangeCIDR: ['0.0.0.0/0', '::/0'],
  'pve-volume-id': ['local-lvm:vm-100-disk-0', 'local:iso/a.iso'],
  'pve-volume-id-or-qm-path': ['local-lvm:vm-100-disk-0', '/dev/sdb', 'cdrom'],
  'pve-volume-id-or-absolute-path': ['local-lvm:vm-100-disk-0', '/srv/x.raw'],
  'pve-lxc-mp-string': ['/mnt/data', 'local-lvm:vm-200-disk-0'],
  'pve-lxc-dev-string': ['/dev/null', '/dev/dri/renderD128'],
  'pve-qm-bootdev-list': ['scsi0', 'scsi0;net0;ide2'],
  'pve-phys-bits': ['host', '40'],
  'pve-storage-path-in-property-string': ['/srv/share'],
  'pve-acme-domain': ['example.com'],
  'pve-storage-id': ['local', 'nfs-1'],
  'pve-node': ['pve1'],
  'dns-name': ['web.example.com'],
  'pve-iface': ['vmbr0', 'eno1'],
  'pve-vmid': ['100'],
  urlencoded: ['abc', 'a%20b'],
  'pve-bridge-id': ['vmbr0'],
  'pve-sdn-fabric-id': ['fab'],
  address: ['192.0.2.1', 'host.example.com'],
}

/** Values of a schema, as texts in their canonical spelling. */
function texts(schema: Schema): fc.Arbitrary<string> {
  if (schema.type === 'boolean') return fc.constantFrom('0', '1')
  if (schema.enum) return fc.constantFrom(...schema.enum.map(String))
  const least = schema.minimum ?? 0
  const most = schema.maximum ?? least + 100_000
  if (schema.type === 'integer') return fc.integer({min: Math.ceil(least), max: Math.floor(most)}).map(String)
  if (schema.type === 'number') return fc.integer({min: Math.ceil(least), max: Math.floor(most)}).map(String)
  if (typeof schema.format === 'string' && samples[schema.format]) return fc.constantFrom(...samples[schema.format]!)
  // NUL between pairs, of `env`.
  if (schema.pattern?.includes('\\0')) return fc.constantFrom('A=1', 'A=1 2\0B=2')
  if (schema.pattern !== undefined) return matching(schema)
  return fc.stringMatching(/^[a-z][a-z0-9]{2,8}$/)
}

const context: Record<Version, Context> = {'8.4': contextOf('8.4'), '9.2': contextOf('9.2')}

/** Texts of a pattern that the checker takes and that can stand between commas. */
function matching(schema: Schema): fc.Arbitrary<string> {
  const pattern = schema.pattern!.replaceAll(/(?<!\\)[$^]|\(\?<?[!=][^)]*\)/g, (found, at: number, all: string) =>
    found === '^' && all[at - 1] === '[' ? '^' : '',
  )
  const fits = (text: string): boolean => {
    const errors: Problems = new Map()
    check(text, schema, 'x', errors, context['9.2'])
    return errors.size === 0 && !/[,\n\r\0]/.test(text) && text.trim() === text && text !== ''
  }
  return fc.stringMatching(new RegExp(`^(?:${pattern})$`), {maxLength: schema.maxLength ?? 120}).filter(fits)
}

/** Values of a property string: all required sub-keys and some of the others. */
function properties(format: Format): fc.Arbitrary<Record<string, string>> {
  const fields: Record<string, fc.Arbitrary<string | undefined>> = {}
  for (const [name, schema] of Object.entries(format)) {
    if (schema.alias) continue
    fields[name] = schema.optional ? fc.option(texts(schema), {nil: undefined, freq: 2}) : texts(schema)
  }
  return fc.record(fields).map((record) => {
    const given = Object.fromEntries(Object.entries(record).filter(([, text]) => text !== undefined)) as Record<
      string,
      string
    >
    for (const [name, schema] of Object.entries(format)) {
      if (schema.requires !== undefined && name in given && !(schema.requires in given)) delete given[name]
    }
    return given
  })
}

/** The property strings of everything that calls take, with the names of those that have one. */
function allFormats(version: Version): [string, Format, string | undefined][] {
  const found: [string, Format, string | undefined][] = Object.entries(calls.formats[version]).map(([name, format]) => [
    name,
    format,
    name,
  ])
  const visit = (schema: Schema, path: string): void => {
    if (typeof schema.format === 'object') found.push([path, schema.format, undefined])
    if (schema.items) visit(schema.items, `${path}[]`)
    for (const one of schema.oneOf ?? []) visit(one, `${path}|`)
  }
  for (const [index, schema] of calls.schemas.entries()) visit(schema, `schema ${index}`)
  const distinct = new Map(found.map((one) => [JSON.stringify(one.slice(1)), one]))
  return [...distinct.values()]
}

/** Combinations that a format refuses as a whole. */
function isWhole(name: string | undefined, given: Record<string, string>): boolean {
  if (name === 'pve-vm-cpu-conf' || name === 'pve-cpu-conf') return false
  return (
    name !== 'prune-backups' || (given['keep-all'] !== '1' && Object.values(given).some((count) => Number(count) > 0))
  )
}

describe('values: round trips', () => {
  for (const version of versions) {
    it(`print what they parse, of every property string of ${version}'s calls`, () => {
      const formats = allFormats(version)
      expect(formats.length).to.be.greaterThan(50)
      for (const [path, format, name] of formats) {
        fc.assert(
          fc.property(properties(format), (given) => {
            fc.pre(Object.keys(given).length > 0)
            const sizes = {...given}
            const printed = printSizes(sizes, format)
            const parsed = parseStrict(format, printed, '', context[version])
            expect(asTexts(parsed), `${path}: ${printed}`).to.deep.equal(given)
            expect(printSizes(parsed, format)).to.equal(printed)
            if (isWhole(name, given))
              expect(() => parseStrict(format, printed, '', context[version], name)).not.to.throw()
          }),
          {numRuns: 15},
        )
      }
    })
  }

  it('decode what they encode, of every key of every kind, for both versions', () => {
    for (const [table, {keys, slots}] of Object.entries(keyTables().kinds) as [
      Table,
      {keys: Record<string, Schema>; slots: Record<string, number>},
    ][]) {
      for (const [name, schema] of Object.entries(keys)) {
        const key = name.replace('[n]', String(Math.max(0, (slots[name.slice(0, -3)] ?? 1) - 1)))
        const format = formatOf(schema)
        for (const version of versions) {
          const one = schemaIn(schema, version)
          if (!one) continue
          const values = format
            ? properties(format).map((given) => Object.entries(given))
            : texts(one).map((text) => text)
          fc.assert(
            fc.property(values, (given) => {
              const text =
                typeof given === 'string' ? given : given.map(([subkey, word]) => `${subkey}=${word}`).join(',')
              const place = keyIn(table, key)
              const value = decodeAt(place, text)
              const sent = encodeAt(place, value, version)
              expect(decodeAt(place, sent), `${table} ${key}: ${text} → ${sent}`).to.deep.equal(value)
              expect(encodeAt(place, decodeAt(place, sent), version)).to.equal(sent)
            }),
            {numRuns: 12},
          )
        }
      }
    }
  })

  it('never fail and lose nothing, whatever text comes', () => {
    const words = fc.array(
      fc.oneof(
        fc.constantFrom(
          'virtio',
          'size=',
          'file=',
          '=',
          ',',
          ';',
          ' ',
          '\0',
          '01',
          'none',
          'media=cdrom',
          'x=y=z',
          '1e5',
        ),
        fc.string(),
      ),
      {maxLength: 6},
    )
    const anyKey = fc.constantFrom(
      'net0',
      'scsi0',
      'memory',
      'tags',
      'boot',
      'agent',
      'cpu',
      'startup',
      'hotplug',
      'name',
      'cores',
      'cpulimit',
      'later',
    )
    fc.assert(
      fc.property(anyKey, words, (key, parts) => {
        const value = decode('vm', key, parts.join(''))
        const sent = encode('vm', key, value)
        expect(decode('vm', key, sent)).to.deep.equal(value)
      }),
      {numRuns: 2000},
    )
  })
})

const asTexts = (parsed: Record<string, string | number>): Record<string, string> =>
  Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]))

// Sizes are printed from bytes, and here given as text: they are joined by hand.
function printSizes(given: Record<string, string | number>, format: Format): string {
  const plain = Object.fromEntries(
    Object.entries(format).map(([name, schema]) => [
      name,
      schema.format === 'disk-size' ? {...schema, format: 'string'} : schema,
    ]),
  )
  return printStrict(given, plain, context['9.2'])
}
