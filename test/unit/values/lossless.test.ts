import {expect} from 'chai'
import {decode, encode} from '../../../src/kit/values/index.js'
import type {KindName} from '../../../src/kit/resources/model.js'
import {least, filesIn, readLines, referencePath} from '../../support/reference.js'

interface Exchange {
  method: string
  path: string
  body: {data?: unknown} | null
}

/** A configuration that a host answered: of a guest, its snapshot or its pending values; of a storage or pool. */
interface Answer {
  kind: KindName
  config: Record<string, unknown>
  where: string
}

const guests: Record<string, KindName> = {qemu: 'vm', lxc: 'container'}

function* answersIn(file: string): Generator<Answer> {
  for (const {method, path, body} of readLines<Exchange>(file)) {
    if (method !== 'GET' || !body?.data) continue
    const guest = /^\/nodes\/[^/]+\/(qemu|lxc)\/\d+\/(config|pending|snapshot\/[^/]+\/config)$/.exec(path)
    const kind: KindName | undefined = guest
      ? guests[guest[1]!]
      : path.startsWith('/storage')
        ? 'storage'
        : path.startsWith('/pools')
          ? 'pool'
          : undefined
    if (!kind) continue
    const where = `${file} ${path}`
    if (guest?.[2] === 'pending') yield {kind, where, config: fromPending(body.data as PendingEntry[])}
    else
      for (const config of Array.isArray(body.data) ? body.data : [body.data])
        yield {kind, where, config: config as Record<string, unknown>}
  }
}

interface PendingEntry {
  key: string
  value?: unknown
  pending?: unknown
}

const fromPending = (entries: PendingEntry[]): Record<string, unknown> =>
  Object.fromEntries(
    entries
      .filter(({value, pending}) => (pending ?? value) !== undefined)
      .map(({key, value, pending}) => [key, pending ?? value]),
  )

/** A property string taken apart in the simplest way, to hold the codec against: parts in any order, booleans and numbers in one spelling. */
function parts(text: string): string[] {
  return text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) =>
      part
        .replace(/^(?:file|volume|cputype|enabled|type|host|source|current|model|order|dirid|path|legacy|name)=/, '')
        .toLowerCase(),
    )
    .sort()
}

const normal = (part: string): string =>
  part
    .replace(/(^|=)(?:yes|on|true)$/, '$11')
    .replace(/(^|=)(?:no|off|false)$/, '$10')
    .replace(/(^|=)0+(\d+)$/, '$1$2')
    .replace(/=(\d+)\.0+$/, '=$1')
    .replace(/=(\d+\.\d*?[1-9])0+$/, '=$1')

describe('values: recorded configurations', () => {
  for (const [folder, ending] of [
    ['recorded', '.json'],
    ['daemon', '.jsonl'],
    ['clients', '.jsonl'],
  ] as const) {
    it(`go through decode and encode without loss (${folder})`, () => {
      const answers = filesIn(referencePath(folder), ending).flatMap((file) => [...answersIn(file)])
      expect(answers.length).to.be.greaterThan(least(20, 10))
      let values = 0
      for (const {kind, config, where} of answers) {
        for (const [key, raw] of Object.entries(config)) {
          if (raw === null || raw === undefined) continue
          const name = `${where}: ${key} ${JSON.stringify(raw)}`
          const value = decode(kind, key, raw)
          const sent = encode(kind, key, value)
          values++
          if (typeof raw === 'object')
            expect(JSON.parse(typeof value === 'string' ? value : JSON.stringify(value)), name).to.deep.equal(raw)
          else {
            expect(decode(kind, key, sent), name).to.deep.equal(value)
            if (typeof raw === 'string' && key !== 'cipassword' && kind !== 'storage') checkParts(key, raw, sent, name)
          }
        }
      }
      expect(values).to.be.greaterThan(least(100, 60))
    })
  }
})

/** Every part of a text is in the text that would be sent, and no other. */
function checkParts(key: string, raw: string, sent: string, name: string): void {
  if (key === 'description' || key === 'comment') expect(sent, name).to.equal(raw.trimEnd())
  else if (key === 'sshkeys') expect(decodeURIComponent(sent), name).to.equal(decodeURIComponent(raw).trim())
  else if (key === 'tags')
    expect(
      sent
        .split(';')
        .filter((tag) => tag !== '')
        .sort(),
      name,
    ).to.deep.equal([...new Set(raw.split(/[;, ]+/))].filter((tag) => tag !== '').sort())
  else if (key === 'nameserver' || key === 'searchdomain')
    expect(sent.split(' '), name).to.deep.equal(raw.trim().split(/[;, ]+/))
  else if (/^-?\d+(?:\.\d+)?$/.test(raw)) expect(Number(sent), name).to.equal(Number(raw))
  else {
    const added = key.startsWith('net') && raw.includes('name=') && !raw.includes('type=') ? ['veth'] : []
    const drive = /^(?:ide|scsi|sata)/.test(key) && /^(?:none|cdrom)$/.test(raw) ? ['media=cdrom'] : []
    const renamed = (part: string): string => part.replace(/^freeze-fs-on-backup=/, 'freeze-fs=')
    const expected = [...parts(raw), ...added, ...drive].map((part) => renamed(normal(part))).sort()
    expect(parts(sent).map(normal).sort(), name).to.deep.equal(expected)
  }
}
