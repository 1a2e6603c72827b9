import {expect} from 'chai'
import type {RunResult} from './pmpc.js'

/** What is typed, the error's code, and the exit code. */
export type Mistake = [args: string[], code: string, exitCode: number]

/** A test for each mistake: it is answered by that error, with something to type next. */
export function answerMistakes(run: (...args: string[]) => Promise<RunResult>, mistakes: Mistake[]): void {
  for (const [args, code, exitCode] of mistakes)
    it(`answer \`pmpc ${args.join(' ')}\` with ${code} and what to type`, async () => {
      const result = await run(...args, '--json')
      const {error} = result.json<{error: {code: string; suggestions: string[]}}>()
      expect([error.code, result.code]).to.deep.equal([code, exitCode])
      expect(error.suggestions).not.to.have.length(0)
    })
}
