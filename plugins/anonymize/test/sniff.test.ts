import {expect} from 'chai'
import fc from 'fast-check'
import {gzipSync} from 'node:zlib'
import {formOf} from '../src/content/sniff.js'

const utf16 = (text: string, mark = true) => Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le')

describe('what bytes are', () => {
  const cases: [string, Buffer, string][] = [
    ['a log', Buffer.from('Nov 29 10:00:01 pve1 systemd[1]: Started\n'), 'text'],
    ['nothing', Buffer.alloc(0), 'text'],
    ['Latin-1', Buffer.from('M\xfcller gr\xfc\xdft\n', 'latin1'), 'text'],
    ['colours', Buffer.from('\x1b[31mfailed\x1b[0m\n'), 'text'],
    [
      'a log that a crash has torn',
      Buffer.from(`line\n${'\0'.repeat(300)}${'Nov 29 pve1 kernel: up\n'.repeat(20)}`),
      'text',
    ],
    ['UTF-16 with a mark', utf16('one line\r\n'), 'text'],
    ['UTF-16 without one', utf16('one line\r\n', false), 'text'],
    ['gzip', gzipSync('x'), 'gzip'],
    ['a bundle', Buffer.from('# v2 git bundle\n'), 'bundle'],
    ['a database', Buffer.from('SQLite format 3\0'), 'sqlite'],
    ['a program', Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), 'binary'],
    ['zeros', Buffer.alloc(5000), 'binary'],
    ['noise', Buffer.from(Array.from({length: 4000}, (_, at) => (at * 7919 + (at >> 3) * 31) % 256)), 'binary'],
  ]
  for (const [name, bytes, form] of cases)
    it(`${name}: ${form}`, () => {
      expect(formOf(bytes).form).to.equal(form)
    })

  it('is told of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 700}), (bytes) => {
        expect(formOf(Buffer.from(bytes)).form).to.be.oneOf([
          'text',
          'gzip',
          'tar',
          'zip',
          'sqlite',
          'bundle',
          'binary',
        ])
      }),
    )
  })
})
