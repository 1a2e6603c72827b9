import {homedir} from 'node:os'
import {join} from 'node:path'
import {isDeepStrictEqual} from 'node:util'
import type {Caller} from 'pmpc/kit/runs'
import {filesBelow, inScratch, textOf} from '../files.js'
import {FOLDER} from '../generated.js'
import {environmentFor, programOn} from '../programs/find.js'
import {absent, passedOrFailed, type Check, type Found} from './checks.js'
import {inventoriesOf, type Inventories} from './inventories.js'

const CODE = `${FOLDER}/ansible`

/** What Ansible's programs are run with: an argument list, what is printed, how it ended; undefined where it is not installed. */
type Run = (program: string, args: readonly string[]) => Promise<Ran | undefined>
interface Ran {
  stdout: string
  stderr: string
  code: number
}

/**
 * Holds inventories and playbooks against Ansible, program by program where it is installed. No host is reached, nothing is written beside the
 * code or at home; what plugins a repository brings for Ansible are loaded by it, as whenever one of its playbooks is run.
 */
export async function ansibleChecks(root: string, caller: Pick<Caller, 'env' | 'signal'>): Promise<Check[]> {
  const playbooks = filesBelow(root, `${CODE}/playbooks`, ['.yml', '.yaml'])
  const inventories = await inventoriesOf(root, CODE)
  if (playbooks.length === 0 && inventories.length === 0) return []
  return inScratch(async (scratch) => {
    const run = await runner(join(root, CODE), scratch, caller)
    return [
      await inventoryCheck(run, inventories),
      ...(await syntaxChecks(run, playbooks, inventories)),
      await lintCheck(run),
    ]
  })
}

/** The user's collections stay known, though what Ansible writes at home goes into the scratch folder. */
function environment(env: Caller['env'], scratch: string): Record<string, string> {
  const collections = [join(env.HOME ?? homedir(), '.ansible', 'collections'), '/usr/share/ansible/collections']
  return environmentFor(env, {
    ANSIBLE_HOME: join(scratch, 'home'),
    ANSIBLE_LOCAL_TEMP: join(scratch, 'local'),
    ANSIBLE_COLLECTIONS_PATH: env.ANSIBLE_COLLECTIONS_PATH ?? collections.join(':'),
    ANSIBLE_NOCOLOR: '1',
    ANSIBLE_LOCALHOST_WARNING: 'False',
    ANSIBLE_DEPRECATION_WARNINGS: 'False',
    XDG_CACHE_HOME: join(scratch, 'cache'),
    PYTHONDONTWRITEBYTECODE: '1',
    LC_ALL: 'C.UTF-8',
  })
}

async function runner(cwd: string, scratch: string, {env, signal}: Pick<Caller, 'env' | 'signal'>): Promise<Run> {
  const {execa} = await import('execa')
  const options = {
    ...({cwd, env: environment(env, scratch), extendEnv: false, stdin: 'ignore', reject: false} as const),
    ...(signal && {cancelSignal: signal}),
  }
  return async (program, args) => {
    const path = programOn(env, program)
    if (path === undefined) return undefined
    const {stdout, stderr, exitCode = -1} = await execa(path, [...args], options)
    signal?.throwIfAborted()
    return {stdout: String(stdout ?? ''), stderr: String(stderr ?? ''), code: exitCode}
  }
}

const notThere = (tool: string, program: string) => absent(tool, `${program} is not on PATH`)

/** Whether Ansible finds each host, and each variable that was written of it, as it is meant. */
async function inventoryCheck(run: Run, inventories: Inventories): Promise<Check> {
  const tool = 'ansible-inventory'
  const findings: Found[] = []
  for (const {file, path, hosts} of inventories) {
    const ran = await run(tool, ['-i', path, '--list'])
    if (!ran) return notThere(tool, tool)
    if (ran.code !== 0) {
      findings.push(...errorsIn(ran, file))
      continue
    }
    const known = (JSON.parse(ran.stdout) as Listed)._meta.hostvars
    for (const host of hosts) findings.push(...differences(file, host, known[host.name]))
  }
  return passedOrFailed(tool, findings)
}

/** What `ansible-inventory --list` prints (ansible-core, lib/ansible/cli/inventory.py). */
interface Listed {
  _meta: {hostvars: Record<string, Record<string, unknown>>}
}

function differences(
  file: string,
  host: Inventories[number]['hosts'][number],
  known?: Record<string, unknown>,
): Found[] {
  if (!known) return [{file, line: null, message: `Ansible does not find the host ${host.name}`}]
  return Object.entries(host.vars).flatMap(([name, meant]): Found[] =>
    isDeepStrictEqual(withoutTags(known[name]), meant)
      ? []
      : [{file: host.file, line: null, message: `Ansible reads ${name} otherwise than it was written`}],
  )
}

/** Text that Ansible does not template is marked in what it prints. */
function withoutTags(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTags)
  if (typeof value !== 'object' || value === null) return value
  if ('__ansible_unsafe' in value) return value.__ansible_unsafe
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutTags(one)]))
}

/** The collection whose modules a few plays use; they stand in files of their own. */
const COLLECTION = 'community.proxmox'

async function syntaxChecks(run: Run, playbooks: readonly string[], [inventory]: Inventories): Promise<Check[]> {
  const [tool, program] = ['ansible-playbook --syntax-check', 'ansible-playbook']
  const on = inventory ? ['-i', inventory.path] : []
  const syntax = (files: readonly string[]) =>
    run(program, [...on, '--syntax-check', ...files.map((file) => file.slice(CODE.length + 1))])
  if (playbooks.length === 0) return []
  const all = await syntax(playbooks)
  if (!all) return [notThere(tool, program)]
  if (all.code === 0) return [passedOrFailed(tool, [])]
  const findings: Found[] = []
  const needing: string[] = []
  // It stops at the first file that is wrong.
  for (const file of playbooks) {
    const ran = await syntax([file])
    if (!ran || ran.code === 0) continue
    if (ran.stderr.includes(`module/action '${COLLECTION}.`)) needing.push(file.slice(CODE.length + 1))
    else findings.push(...errorsIn(ran, file))
  }
  const lacks = absent(
    COLLECTION,
    `the collection is not installed: ansible-galaxy collection install -r ${CODE}/requirements.yml (for ${needing.join(', ')})`,
  )
  return [passedOrFailed(tool, findings), ...(needing.length > 0 ? [lacks] : [])]
}

/** Errors, with the place that Ansible names: `Origin: /…/ping.yml:8:7`, before 2.19 `The error appears to be in '/…/ping.yml': line 8, column 7`. */
function errorsIn({stderr, stdout, code}: Ran, file: string): Found[] {
  const said = stderr.trim() === '' ? stdout : stderr
  const [, line = null] = /(?:Origin: [^\n]*?:|\bline )(\d+)(?::\d+|, column)/.exec(said) ?? []
  const first = said.split('\n').find((one) => /error/i.test(one))
  const message = first?.replace(/^(?:\[ERROR\]|ERROR!):? */, '') ?? `it ended with ${code}`
  return [{file, line: line === null ? null : Number(line), message}]
}

/** An issue as ansible-lint prints it with `--format codeclimate` (ansible-lint, src/ansiblelint/formatters). */
interface Issue {
  check_name: string
  description: string
  content?: {body: string}
  location: {path: string; lines?: {begin: number}; positions?: {begin: {line: number}}}
}

async function lintCheck(run: Run): Promise<Check> {
  const tool = 'ansible-lint'
  const ran = await run(tool, ['--offline', '--nocolor', '-q', '--format', 'codeclimate', '--project-dir', '.'])
  if (!ran) return notThere(tool, tool)
  const issues = issuesIn(ran.stdout)
  if (!issues || (ran.code !== 0 && issues.length === 0)) return passedOrFailed(tool, errorsIn(ran, CODE))
  return passedOrFailed(
    tool,
    issues.map(({check_name: rule, description, content, location: {path, lines, positions}}) => ({
      file: `${CODE}/${path}`,
      line: lines?.begin ?? positions?.begin.line ?? null,
      message: `${rule}: ${content?.body.split('\n')[0] ?? description}`,
    })),
  )
}

function issuesIn(stdout: string): Issue[] | undefined {
  if (stdout.trim() === '') return []
  try {
    return JSON.parse(stdout) as Issue[]
  } catch {
    return undefined
  }
}

/** The syntax of all YAML below `iac/`, as YAML 1.1 has it: nothing needs to be installed. */
export async function yamlSyntax(root: string): Promise<Check> {
  const {parseAllDocuments, LineCounter} = await import('yaml')
  const findings: Found[] = []
  for (const file of filesBelow(root, FOLDER, ['.yml', '.yaml'])) {
    const lineCounter = new LineCounter()
    const documents = parseAllDocuments(textOf(root, file), {version: '1.1', lineCounter, logLevel: 'silent'})
    for (const {errors} of documents)
      for (const {message, pos} of errors)
        findings.push({file, line: lineCounter.linePos(pos[0]).line, message: message.split('\n')[0]!})
  }
  return passedOrFailed('yaml', findings)
}
