// A process that makes one commit, and ends itself (or the group it belongs to) after a named step.
import {Interrupts} from '../../src/kit/cli/interrupts.js'
import {openRepository, recover, type WriteRequest} from '../../src/kit/git/index.js'

interface Order {
  root: string
  /** Become this user first; for root only. */
  uid?: number
  /** After which step. */
  step: string
  signal: 'SIGKILL' | 'SIGINT' | 'SIGTERM'
  /** To the whole process group, as a terminal does. */
  group: boolean
  /** Recover instead of commit. */
  recover?: boolean
  /** Only ask whether all is ready. */
  ready?: boolean
  request: Omit<WriteRequest, 'files' | 'worktree'> & {
    files?: {path: string; content: string | null}[]
    worktree?: {path: string; expect: string | null; content: string | null}[]
  }
}

const order = JSON.parse(process.argv[2]!) as Order
const bytes = (content: string | null): Uint8Array | null => (content === null ? null : Buffer.from(content))
const interrupts = new Interrupts({exit: (code) => process.exit(code)})
const stopListening = interrupts.listen()
// Only now: another user may not be able to enter the folder that this program was loaded from.
if (order.uid !== undefined) become(order.uid)
const repository = await openRepository(order.root, {critical: async (work) => interrupts.critical(work)})
const onStep = (name: string): void => {
  process.stdout.write(`${name}\n`)
  if (name === order.step) process.kill(order.group ? -process.pid : process.pid, order.signal)
}
try {
  if (order.ready) await repository.assertReady()
  else if (order.recover) await recover(repository.context, onStep)
  else await write()
  process.stdout.write('end\n')
} catch (error) {
  const {code, exitCode} = error as {code?: string; exitCode?: number}
  process.stdout.write(`${code ?? String(error)} ${exitCode}\n`)
}
repository.close()
stopListening()

function become(uid: number): void {
  process.setgroups!([])
  process.setgid!(uid)
  process.setuid!(uid)
}

async function write(): Promise<void> {
  const {files, worktree} = order.request
  await repository.commitFiles({
    ...order.request,
    files: files?.map((file) => ({...file, content: bytes(file.content)})),
    worktree: worktree?.map((file) => ({...file, content: bytes(file.content)})),
    onStep,
  })
}
