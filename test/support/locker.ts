// A process that takes the lock of a repository, says so, and holds it until it is told to end.
import {acquireLock} from '../../src/kit/runs/index.js'

const [commonDir, mode] = process.argv.slice(2) as [string, string]
try {
  const lock = await acquireLock(commonDir, {
    command: `pmpc ${mode}`,
    run: `run-${process.pid}`,
    waitMilliseconds: mode === 'wait' ? 20_000 : 0,
  })
  process.stdout.write('held\n')
  if (mode === 'wait') lock.release()
  else if (mode === 'exit') process.exit(3)
  else if (mode === 'throw') throw new Error('on purpose')
  else process.stdin.resume()
} catch (error) {
  process.stdout.write(`${(error as {code?: string}).code ?? 'failed'}\n`)
}
