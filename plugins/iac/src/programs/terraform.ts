import {PmpcError} from 'pmpc/kit/errors'
import {environmentFor, programOn} from './find.js'

/** Programs that run the code, in the order in which they are looked for. */
export const programs = ['terraform', 'tofu'] as const

/** Terraform or OpenTofu, in one folder. */
export interface Terraform {
  /** `terraform`, `tofu`. */
  name: string
  /** `1.11.4`. */
  version: string
  /**
   * Runs it; what it prints is handed over line by line, too.
   * @throws PMPC_TERRAFORM_FAILED with what it said, unless it ended with one of these exit codes
   */
  run(args: readonly string[], options?: {onLine?: (line: string) => void; accept?: readonly number[]}): Promise<string>
}

export interface TerraformOptions {
  folder: string
  env: Readonly<Record<string, string | undefined>>
  /** Variables that it gets beside PATH and the like; secrets go this way and never as arguments. */
  added?: Readonly<Record<string, string>>
  signal?: AbortSignal | undefined
}

/** Nothing is asked, nothing is looked up about new versions. */
const quiet = {TF_IN_AUTOMATION: '1', TF_INPUT: '0', CHECKPOINT_DISABLE: '1'}

/** Which of the programs is on PATH, with its path; undefined where none is. */
export function findTerraform(env: TerraformOptions['env']): {name: string; path: string} | undefined {
  for (const name of programs) {
    const path = programOn(env, name)
    if (path !== undefined) return {name, path}
  }
  return undefined
}

/** @throws PMPC_TERRAFORM_MISSING where neither is installed */
export async function openTerraform({folder, env, added = {}, signal}: TerraformOptions): Promise<Terraform> {
  const found = findTerraform(env)
  if (!found) throw missing()
  const {execa} = await import('execa')
  const environment = environmentFor(env, {...quiet, ...added})
  const run: Terraform['run'] = async (args, {onLine, accept = []} = {}) => {
    const running = execa(found.path, [...args], {
      ...{cwd: folder, env: environment, extendEnv: false, stdin: 'ignore', reject: false, maxBuffer: MOST_OUTPUT},
      ...(signal && {cancelSignal: signal}),
      ...(onLine && {
        stdout: [
          'pipe',
          function* lines(line: unknown) {
            onLine(String(line))
            yield line
          },
        ],
      }),
    } as const)
    const ended = await running
    signal?.throwIfAborted()
    const stdout = String(ended.stdout ?? '')
    if (ended.failed && !accept.includes(ended.exitCode ?? -1))
      throw failedRun(found.name, args, {stdout, stderr: String(ended.stderr ?? '')})
    return stdout
  }
  const {terraform_version: version} = JSON.parse(await run(['version', '-json'])) as {terraform_version: string}
  return {name: found.name, version, run}
}

/** A plan of a thousand guests is some ten MiB as JSON. */
const MOST_OUTPUT = 512 * 2 ** 20

function missing(): PmpcError {
  return new PmpcError('PMPC_TERRAFORM_MISSING', 'neither terraform nor tofu is on PATH', {
    suggestions: [
      'tofu version   # after installing OpenTofu: opentofu.org/docs/intro/install',
      'pmpc iac validate   # what can be checked without',
    ],
  })
}

/** How much of what it said is told. */
const told = 20

function failedRun(name: string, args: readonly string[], said: {stdout: string; stderr: string}): PmpcError {
  const all = `${said.stderr}\n${said.stdout}`
    .split('\n')
    .map(textOf)
    .filter((line) => line.replaceAll(/[│╷╵\s]/g, '') !== '')
  // What it warns of comes before.
  const from = all.findIndex((line) => /^[│\s]*Error: /.test(line))
  const lines = all.slice(Math.max(from, 0))
  return new PmpcError('PMPC_TERRAFORM_FAILED', `${name} ${args[0]} failed:\n${lines.slice(0, told).join('\n')}`, {
    suggestions: suggestionsFor(args),
    data: {program: name, command: args[0], lines: lines.slice(0, told)},
  })
}

const suggestionsFor = ([command]: readonly string[]): string[] =>
  command === 'init'
    ? [
        'pmpc iac prove --plugin-dir DIR   # where the provider lies, if the registry cannot be reached',
        'pmpc iac generate',
      ]
    : ['pmpc sync && pmpc iac generate   # what was recorded may be behind', 'pmpc iac validate']

/** What Terraform and OpenTofu say where a provider cannot be had, which is no fault of the code. */
export const noProvider =
  /Failed to (?:query available|resolve) provider packages|Failed to install provider|no available releases match/

/** How much of an error is told on one line. */
const onOneLine = 500

/** The error that one of them told in its own way, on one line: without what it warns of before. */
export function errorIn(said: string): string {
  const lines = said.split('\n').map((line) => line.replace(/^[\s│╷╵]+/, '').trim())
  const from = lines.findIndex((line) => line.startsWith('Error:'))
  return lines.slice(Math.max(from, 0)).filter(Boolean).join(' ').slice(0, onOneLine)
}

/** Of the JSON lines of `plan -json` only the errors are told; all else as it is. */
function textOf(line: string): string {
  if (!line.startsWith('{')) return line
  const {diagnostic} = parsed(line)
  if (diagnostic?.severity !== 'error') return ''
  const {address, summary, detail} = diagnostic
  return [address, summary, detail]
    .filter((part) => part !== undefined && part !== '')
    .join(': ')
    .replaceAll('\n', ' ')
}

/** A line of `plan -json` (terraform, internal/command/views/json). */
export interface PlanLine {
  '@message'?: string
  type?: string
  diagnostic?: {severity: string; summary: string; detail?: string; address?: string}
  hook?: {resource?: {addr?: string}}
}

export function parsed(line: string): PlanLine {
  try {
    return JSON.parse(line) as PlanLine
  } catch {
    return {}
  }
}
