import {spawn} from 'node:child_process'
import {expect} from 'chai'
import {protect} from '../../../src/kit/git/index.js'

const module = new URL('../../../src/kit/git/signals.ts', import.meta.url).href

/** Runs a script in a process of its own. */
async function run(script: string): Promise<{code: number | null; output: string}> {
  return new Promise((resolve) => {
    const text = `import {protect} from ${JSON.stringify(module)}; const turn = () => new Promise((go) => setTimeout(go, 5)); const kill = (name) => process.kill(process.pid, name); ${script}`
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', text], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('close', (code) => resolve({code, output: output.trim()}))
  })
}

describe('protect', () => {
  it('finishes the section, then ends with 128 and the number of the signal', async () => {
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const) {
      const ended = await run(
        `await protect(async () => { kill('${signal}'); await turn(); console.log('finished') }); console.log('never')`,
      )
      expect(ended).to.deep.equal({code, output: 'finished'})
    }
  })

  it('ends so even where the section fails', async () => {
    const ended = await run(`await protect(async () => { kill('SIGINT'); await turn(); throw new Error('x') })`)
    expect(ended.code).to.equal(130)
  })

  it('hands the signal to those who listened before, once it is over', async () => {
    const ended = await run(`
      process.on('SIGINT', () => console.log('heard'))
      await protect(async () => { kill('SIGINT'); await turn(); console.log('section') })
      console.log('after')`)
    expect(ended).to.deep.equal({code: 0, output: 'section\nheard\nafter'})
  })

  it('may be nested: the outermost section decides', async () => {
    const ended = await run(`
      await protect(async () => {
        await protect(async () => { kill('SIGTERM'); await turn(); console.log('inner') })
        console.log('outer')
      })
      console.log('never')`)
    expect(ended).to.deep.equal({code: 143, output: 'inner\nouter'})
  })

  it('leaves no listener, and passes value and error on', async () => {
    const before = process.listenerCount('SIGINT')
    expect(await protect(async () => 7)).to.equal(7)
    expect(await protect(async () => Promise.reject(new Error('no'))).catch((error: Error) => error.message)).to.equal(
      'no',
    )
    expect(process.listenerCount('SIGINT')).to.equal(before)
  })
})
