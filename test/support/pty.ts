import {spawn, spawnSync} from 'node:child_process'

/** Runs a program in a pseudo-terminal of its own, 24 by 80 unless COLUMNS says otherwise, and hands its bytes through. */
const PYTHON = `
import fcntl, os, pty, select, struct, sys, termios
columns = int(os.environ.pop('PTY_COLUMNS', '80'))
pid, master = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
sources = [0, master]
while True:
    ready, _, _ = select.select(sources, [], [])
    if master in ready:
        try:
            data = os.read(master, 65536)
        except OSError:
            break
        if not data:
            break
        os.write(1, data)
    if 0 in ready:
        data = os.read(0, 65536)
        if data:
            os.write(master, data)
        else:
            sources.remove(0)
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status) % 256)
`

/** Types a text when the terminal shows something; each answer is given once, in turn. */
export interface Answer {
  when: string | RegExp
  /** `\r` is the enter key, `\u0003` is Ctrl-C. */
  type: string
}

export interface PtyResult {
  /** All that the terminal showed, colours and cursor movements included. */
  output: string
  code: number | null
}

/** Why no pseudo-terminal can be had here; undefined when one can. Tests skip with it. */
export function noPty(): string | undefined {
  const probe = spawnSync('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode(0)'])
  return probe.status === 0 ? undefined : 'needs python3 (3.9 or newer) for a pseudo-terminal'
}

/** Runs a command in a pseudo-terminal and types the answers. It is killed after `limit` milliseconds, a minute unless given. */
export function inPty(
  command: string,
  args: string[],
  options: {env: Record<string, string>; cwd: string; answers: Answer[]; columns?: number; limit?: number},
): Promise<PtyResult> {
  return new Promise((resolve, reject) => {
    const env = {TERM: 'xterm-256color', ...options.env, PTY_COLUMNS: String(options.columns ?? 80)}
    const child = spawn('python3', ['-c', PYTHON, command, ...args], {
      cwd: options.cwd,
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const answers = [...options.answers]
    let output = ''
    let seen = 0
    child.stdout.setEncoding('utf8')
    child.stdout.on('data', (chunk: string) => {
      output += chunk
      const next = answers[0]
      if (next === undefined || !matches(output.slice(seen), next.when)) return
      answers.shift()
      seen = output.length
      child.stdin.write(next.type)
    })
    child.stdin.on('error', () => undefined)
    child.once('error', reject)
    // A question that never came would wait for ever; killed, the test shows what was on the terminal.
    const limit = setTimeout(() => child.kill('SIGKILL'), options.limit ?? 60_000)
    child.once('close', (code) => {
      clearTimeout(limit)
      resolve({output, code})
    })
  })
}

function matches(text: string, when: string | RegExp): boolean {
  return typeof when === 'string' ? text.includes(when) : when.test(text)
}
