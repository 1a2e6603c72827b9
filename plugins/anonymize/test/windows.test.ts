import {expect} from 'chai'
import fc from 'fast-check'
import {cutOf, windows} from '../src/content/windows.js'

const MiB = 2 ** 20

async function* of(...parts: Buffer[]): AsyncGenerator<Buffer> {
  yield* parts
}

async function all(parts: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = []
  for await (const part of parts) found.push(part)
  return found
}

describe('parts of a long text', () => {
  it('are the text, and end at line ends', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({maxLength: 60}), {maxLength: 80}),
        fc.integer({min: 20, max: 200}),
        async (lines, chunk) => {
          const text = Buffer.from(lines.map((line) => `${line.replaceAll('\n', '')}\n`).join(''))
          const chunks = Array.from({length: Math.ceil(text.length / chunk)}, (_, at) =>
            text.subarray(at * chunk, (at + 1) * chunk),
          )
          const parts = await all(windows(of(...chunks), 500, 300))
          expect(Buffer.from(parts.join(''), 'latin1').equals(text)).to.equal(true)
          for (const part of parts) expect(part.endsWith('\n')).to.equal(true)
        },
      ),
    )
  })

  it('are one where the text is short', async () => {
    expect(await all(windows(of(Buffer.from('one\n'), Buffer.from('two'))))).to.deep.equal(['one\ntwo'])
    expect(await all(windows(of()))).to.deep.equal([])
  })

  it('cut a line that never ends where no word is cut', () => {
    const part = Buffer.from(`first\n${'a'.repeat(5 * MiB)} 10.1.2.3`)
    expect(cutOf(part)).to.equal(part.length - '10.1.2.3'.length)
  })

  it('cut no key in two', () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQ\n'.repeat(20)}`
    expect(cutOf(Buffer.from(`a line\n${key}`))).to.equal('a line\n'.length)
    expect(cutOf(Buffer.from(`a line\n${key}-----END PRIVATE KEY-----\nhalf`))).to.equal(
      `a line\n${key}-----END PRIVATE KEY-----\n`.length,
    )
  })
})
