import {expect} from 'chai'
import fc from 'fast-check'
import {defaultRules, leftovers, openAnonymizer, restorer} from '../../src/kit/anonymize/index.js'
import type {ByteString} from '../../src/kit/anonymize/model.js'

const KEY = Buffer.alloc(32, 3)
const SECOND = 1_000_000

const open = (key = KEY) => openAnonymizer({key, pairs: [], rules: defaultRules, known: []})

/** What each text becomes, in one run that has learnt from all of them. */
function together(texts: readonly ByteString[]): ByteString[] {
  const anonymizer = open()
  for (const text of texts) anonymizer.learn(text)
  return texts.map((text) => anonymizer.rewrite(text))
}

/** The processor time that something takes, in microseconds: a busy machine does not make it more. */
function cost(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const {user, system} = process.cpuUsage(before)
  return user + system
}

const number4 = (address: string) => address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0)
const text4 = (number: number) => [24, 16, 8, 0].map((bits) => (number >>> bits) & 255).join('.')
const network4 = (address: string, length: number) => (length === 0 ? 0 : number4(address) >>> (32 - length))

/** How many bits two addresses have in common from the left. */
const common4 = (a: string, b: string) => Math.clz32((number4(a) ^ number4(b)) >>> 0)

const within = (base: string, length: number) =>
  fc.integer({min: 0, max: 2 ** (32 - length) - 1}).map((rest) => text4((number4(base) + rest) >>> 0))
const PRIVATE = {
  '10.0.0.0': 8,
  '172.16.0.0': 12,
  '192.168.0.0': 16,
  '100.64.0.0': 10,
}
const publicAddress = fc
  .tuple(fc.integer({min: 1, max: 223}), fc.nat(255), fc.nat(255), fc.nat(255))
  .filter(([a, b]) => ![10, 127].includes(a) && !(a === 172 && b >= 16 && b < 32) && !(a === 192 && b === 168))
  .filter(([a, b]) => !(a === 169 && b === 254) && !(a === 100 && b >= 64 && b < 128))
  .map((octets) => octets.join('.'))
const someAddress = fc.oneof(publicAddress, ...Object.entries(PRIVATE).map(([base, length]) => within(base, length)))
/** Addresses some of which are neighbours. */
const addresses = fc
  .array(fc.tuple(someAddress, fc.array(fc.nat(255), {maxLength: 4})), {minLength: 1, maxLength: 12})
  .map((all) => [
    ...new Set(all.flatMap(([one, last]) => [one, ...last.map((octet) => one.replace(/\d+$/, String(octet)))])),
  ])

const hex = (group: number) => group.toString(16)
const group = fc.oneof(fc.nat(3), fc.nat(0xffff))
const prefix6 = fc.tuple(fc.integer({min: 0x2000, max: 0x3fff}), group, group, group).map((groups) => groups.map(hex))
const addresses6 = fc
  .array(fc.tuple(prefix6, fc.array(fc.tuple(group, group, group, group), {minLength: 1, maxLength: 3})), {
    minLength: 1,
    maxLength: 6,
  })
  .map((all) => [
    ...new Set(all.flatMap(([first, hosts]) => hosts.map((rest) => [...first, ...rest.map(hex)].join(':')))),
  ])

/** All eight groups of an address. */
function groups6(address: string): string[] {
  const [left = '', right] = address.toLowerCase().split('::')
  const [before, after] = [left, right ?? ''].map((side) => (side === '' ? [] : side.split(':')))
  const missing = right === undefined ? 0 : 8 - before!.length - after!.length
  return [...before!, ...Array<string>(missing).fill('0'), ...after!].map((each) => hex(Number.parseInt(each, 16)))
}

const label = fc.stringMatching(/^[a-z][a-z0-9]{2,8}(-[a-z0-9]{1,4})?$/)
const secret = fc.stringMatching(/^[A-Za-z0-9+/_-]{12,40}$/)
const mac = fc
  .uint8Array({minLength: 6, maxLength: 6})
  .map((bytes) => [...bytes].map((each) => hex(each).padStart(2, '0')).join(':'))
/** Pieces of what files hold, and what only looks like a pseudonym. */
const fragment = fc.oneof(
  someAddress,
  addresses6.map((all) => all[0]!),
  mac,
  fc.uuid(),
  label.map((name) => `hostname: ${name}`),
  fc.tuple(label, label).map(([host, domain]) => `https://${host}.${domain}.com:8006/api2/json`),
  fc.tuple(label, label).map(([user, domain]) => `${user}@${domain}.org`),
  fc.tuple(label, secret).map(([user, word]) => `postgres://${user}:${word}@db/x`),
  secret.map((word) => `password=${word}`),
  secret.map((word) => `"token": "${word}"`),
  label.map((name) => `Nov 29 03:00:0${name.length % 10} ${name} sshd[12]: Accepted password for ${name}`),
  secret.map((word) => `-----BEGIN PRIVATE KEY-----\n${word}\n-----END PRIVATE KEY-----`),
  fc.tuple(label, label).map(([node, user]) => `UPID:${node}:0000A1B2:00C3D4E5:665F1A2B:qmstart:104:${user}@pve:`),
  fc.constantFrom('240.1.2.3', '250.20.3.4', 'host-a7f3', 'd-91c2.example', 'user-3fa1', 'REDACTED-password-3f9a1c'),
  fc.constantFrom(
    '2001:db8::1',
    'fd00:db8::7',
    '02:00:00:00:00:01',
    '127.0.0.1',
    '255.255.255.0',
    '9.2.11',
    'vm-104-disk-0',
  ),
)
const glue = fc.constantFrom(
  ' ',
  '\n',
  '\r\n',
  ', ',
  '"',
  "'",
  '=',
  ': ',
  '(',
  ')',
  '[',
  ']',
  '\t',
  '%20',
  '\\n',
  '/',
  ';',
  '\u001B[31m',
  '.',
)
const mixture = fc.array(fc.tuple(fragment, glue), {maxLength: 25}).map((all) => all.flat().join(''))

/** Texts of the forms that make careless patterns slow, each of about this many bytes. */
const LONG: Readonly<Record<string, string>> = {
  'one word': 'a',
  'numbers and dots': '1.',
  dots: '.',
  colons: ':',
  'groups of an IPv6 address': 'ab:',
  'pairs of a MAC': 'ab-',
  'percent signs': '%25',
  ats: 'a@',
  'labels of a domain': 'a.b-',
  quotes: '"',
  backslashes: '\\',
  'line ends': '\n',
  blanks: ' ',
  'heads of keys without an end': '-----BEGIN PRIVATE KEY-----\n',
  'passwords without a value': 'password=',
  'URLs without an end': 'https://a:',
  'programs without arguments': 'scp ',
  'people of two names': 'Ada Quxley ',
  'rows of a database that do not end': `INSERT INTO users (name, password) VALUES (${' '.repeat(2000)}\n`,
  'contacts that do not end': `contact "${'A'.repeat(2000)}\n`,
  'words that nobody else says': '(zubenel ',
  'programs with two words': 'net use ',
  'long words that a mark joins': `${'Abcdefgh'.repeat(8)}_${'\u00c3\u00a4'.repeat(30)}. `,
  'programs and their options': 'openssl -k docker login -p ',
  'who logs in': 'login("a", connect("b", ',
  'sentences about passwords': 'the password is ',
  'words behind an address': `\n10.1.2.3 ${'a'.repeat(60)}!`,
  'heads of tables': 'host,serial,owner\n',
  brackets: '[{(',
  colours: '\u001B[31m',
  UPIDs: 'UPID:a:',
  tickets: 'PVE:a@pve:',
  base64: 'QUJD',
  equals: '=',
  ipconfig: 'ip=dhcp,',
  'keys of ssh': 'ssh-rsa AAAA',
  flags: '-p --password ',
  'objects on one line': '{"name":"vm1","ip":"10.0.0.1","mac":"bc:24:11:00:00:01"},',
  'capitals of names': 'Anna Berg, ',
  volumes: 'local:vm-1-disk-0,',
  'Windows paths': 'C:\\\\Users\\\\a\\\\',
}
const LONG_BYTES = 200_000

describe('anonymize: what always holds', () => {
  it('is the same in every run with the same key, and another with another', () => {
    fc.assert(
      fc.property(mixture, (text) => {
        const [one, other] = [open(), open()].map((anonymizer) => {
          anonymizer.learn(text)
          return anonymizer.rewrite(text)
        })
        expect(one).to.equal(other)
      }),
      {numRuns: 60},
    )
    const [mine, yours] = [KEY, Buffer.alloc(32, 4)].map((key) => open(key).rewrite('10.1.2.3'))
    expect(mine).not.to.equal(yours)
  })

  it('gives each address one of its own, the same in each context', () => {
    fc.assert(
      fc.property(addresses, (all) => {
        const anonymizer = open()
        const pseudonyms = all.map((each) => anonymizer.rewrite(each))
        expect(new Set(pseudonyms).size).to.equal(all.length)
        for (const [at, each] of all.entries()) {
          expect(pseudonyms[at]).not.to.equal(each)
          expect(anonymizer.rewrite(`to https://${each}:8006/ "${each}"`)).to.equal(
            `to https://${pseudonyms[at]}:8006/ "${pseudonyms[at]}"`,
          )
        }
      }),
      {numRuns: 100},
    )
  })

  it('keeps networks of 256 addresses together, apart from others, and in order', () => {
    fc.assert(
      fc.property(addresses, (all) => {
        const pseudonyms = together(all)
        for (const [at, one] of all.entries())
          for (const [beside, other] of all.slice(at + 1).entries()) {
            const [its, others] = [pseudonyms[at]!, pseudonyms[at + 1 + beside]!]
            const same = network4(one, 24) === network4(other, 24)
            expect(network4(its, 24) === network4(others, 24)).to.equal(same)
            if (same) expect(number4(its) < number4(others)).to.equal(number4(one) < number4(other))
          }
      }),
      {numRuns: 200},
    )
  })

  for (const [base, length] of Object.entries(PRIVATE))
    it(`keeps what any two addresses of ${base}/${length} have in common`, () => {
      fc.assert(
        fc.property(within(base, length), within(base, length), (one, other) => {
          const [its, others] = together([one, other])
          expect(Math.min(24, common4(its!, others!))).to.equal(Math.min(24, common4(one, other)))
        }),
        {numRuns: 200},
      )
    })

  it('keeps an address in the network that is declared for it', () => {
    fc.assert(
      fc.property(someAddress, fc.integer({min: 24, max: 30}), (address, length) => {
        const network = text4((number4(address) & (~0 << (32 - length))) >>> 0)
        const [declared, its] = together([`${network}/${length}`, address])
        const [, base, bits] = /^([\d.]+)\/(\d+)$/.exec(declared!)!
        expect(Number(bits)).to.equal(length)
        expect(network4(its!, length)).to.equal(network4(base!, length))
        expect(number4(base!) & ~(~0 << (32 - length)), 'the address of the network').to.equal(0)
      }),
      {numRuns: 100},
    )
  })

  it('keeps the networks of IPv6, one pseudonym for all spellings', () => {
    fc.assert(
      fc.property(addresses6, (all) => {
        const anonymizer = open()
        const pseudonyms = all.map((each) => groups6(anonymizer.rewrite(each)))
        expect(new Set(pseudonyms.map(String)).size).to.equal(all.length)
        for (const [at, one] of all.entries()) {
          const whole = groups6(one).map((each) => each.padStart(4, '0').toUpperCase())
          expect(groups6(anonymizer.rewrite(whole.join(':')))).to.deep.equal(pseudonyms[at])
          for (const [beside, other] of all.slice(at + 1).entries())
            for (const count of [3, 4]) {
              const same = (a: string[], b: string[]) => a.slice(0, count).join() === b.slice(0, count).join()
              expect(same(pseudonyms[at]!, pseudonyms[at + 1 + beside]!)).to.equal(same(groups6(one), groups6(other)))
            }
        }
      }),
      {numRuns: 100},
    )
  })

  it('gives each host, user and MAC one of its own', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(label, {minLength: 2, maxLength: 20}),
        fc.uniqueArray(mac, {minLength: 2}),
        (names, macs) => {
          const anonymizer = open()
          anonymizer.learn(names.map((name, at) => `10.0.0.${at + 1} ${name}\n`).join(''))
          for (const all of [names, macs]) {
            const pseudonyms = all.map((each) => anonymizer.rewrite(each))
            expect(new Set(pseudonyms).size).to.equal(all.length)
          }
        },
      ),
      {numRuns: 60},
    )
  })

  it('comes back as it was, with nothing left in between', () => {
    fc.assert(
      fc.property(mixture, (text) => {
        const anonymizer = open()
        anonymizer.learn(text)
        const output = anonymizer.rewrite(text)
        const pairs = anonymizer.pairs()
        expect(restorer(pairs)(output)).to.equal(text)
        expect(leftovers(pairs)(output)).to.deep.equal([])
        expect(leftovers(pairs)(output)).to.deep.equal([])
      }),
      {numRuns: 400},
    )
  })

  it('finds in order, without overlap, and changes nothing else', () => {
    fc.assert(
      fc.property(mixture, (text) => {
        const anonymizer = open()
        anonymizer.learn(text)
        const finds = anonymizer.find(text)
        const output = anonymizer.rewrite(text)
        let at = 0
        let from = 0
        for (const {start, end} of finds) {
          expect(start).to.be.at.least(at)
          expect(end).to.be.within(start + 1, text.length)
          const kept = text.slice(at, start)
          from = output.indexOf(kept, from)
          expect(from, 'what lies between').not.to.equal(-1)
          from += kept.length
          at = end
        }
        expect(output.endsWith(text.slice(at))).to.equal(true)
      }),
      {numRuns: 100},
    )
  })

  it('gives a path other names, and the same number of parts and the same suffix', () => {
    const part = fc.stringMatching(/^[a-z][a-z0-9-]{2,9}$/)
    fc.assert(
      fc.property(
        label,
        fc.array(part, {maxLength: 4}),
        fc.constantFrom('conf', 'log', 'tar.gz', 'json'),
        (host, parts, suffix) => {
          const anonymizer = open()
          anonymizer.learn(`hostname: ${host}-x9\n`)
          const its = anonymizer.path([...parts, `${host}-x9.${suffix}`].join('/'))
          expect(its.split('/')).to.have.length(parts.length + 1)
          expect(its.endsWith(`.${suffix}`)).to.equal(true)
          expect(its).not.to.include(`${host}-x9`)
        },
      ),
      {numRuns: 60},
    )
  })

  it('takes any bytes, and gives them back', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.uint8Array({maxLength: 60}),
            mixture.map((text) => Buffer.from(text)),
          ),
        ),
        (all) => {
          const text = Buffer.concat(all).toString('latin1')
          const anonymizer = open()
          anonymizer.learn(text)
          const output = anonymizer.rewrite(text)
          expect(restorer(anonymizer.pairs())(output)).to.equal(text)
        },
      ),
      {numRuns: 150},
    )
  })

  for (const [name, piece] of Object.entries(LONG))
    it(`is not slow on ${name}`, () => {
      const text = piece.repeat(Math.ceil(LONG_BYTES / piece.length))
      const anonymizer = open()
      const spent = cost(() => {
        anonymizer.learn(text)
        const output = anonymizer.rewrite(text)
        leftovers(anonymizer.pairs())(output)
      })
      expect(spent).to.be.below(SECOND)
    })
})
