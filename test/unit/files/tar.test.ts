import {expect} from 'chai'
import fc from 'fast-check'
import {execFileSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {packTar, unpackTar} from '../../../src/kit/files/index.js'

describe('an archive of tar', () => {
  it('is read as it was written, whatever is in it', () => {
    const file = fc.record({
      name: fc.stringMatching(/^[a-z]{1,20}(\/[a-z.]{1,20}){0,2}$/),
      bytes: fc.uint8Array({maxLength: 2000}),
    })
    fc.assert(
      fc.property(fc.array(file, {maxLength: 5}), (files) => {
        const read = unpackTar(packTar(files, 1_700_000_000)).map(({name, bytes}) => ({
          name,
          bytes: new Uint8Array(bytes),
        }))
        expect(read).to.deep.equal(files)
      }),
    )
  })

  it('is what the program tar reads, and reads what that writes', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'pmpc-tar-'))
    writeFileSync(
      path.join(folder, 'a.tar'),
      packTar([{name: 'logs/one.txt', bytes: Buffer.from('first\n')}], 1_700_000_000),
    )
    execFileSync('tar', ['-xf', 'a.tar'], {cwd: folder})
    expect(readFileSync(path.join(folder, 'logs/one.txt'), 'utf8')).to.equal('first\n')
    execFileSync('tar', ['--format=ustar', '-cf', 'b.tar', 'logs'], {cwd: folder})
    const [file] = unpackTar(readFileSync(path.join(folder, 'b.tar')))
    rmSync(folder, {recursive: true})
    expect({...file, bytes: String(file?.bytes)}).to.deep.equal({name: 'logs/one.txt', bytes: 'first\n'})
  })

  it('is refused where it is none, or ends before its end', () => {
    const whole = packTar([{name: 'a', bytes: Buffer.alloc(2000, 1)}], 0)
    for (const broken of [Buffer.from('no archive'.repeat(100)), whole.subarray(0, 1500)])
      expect(() => unpackTar(broken)).to.throw('archive')
    expect(unpackTar(Buffer.alloc(0))).to.deep.equal([])
    expect(() => packTar([{name: 'x'.repeat(101), bytes: Buffer.alloc(0)}], 0)).to.throw('too long')
  })
})
