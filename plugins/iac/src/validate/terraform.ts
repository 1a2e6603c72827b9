import {isPmpcError} from 'pmpc/kit/errors'
import type {Caller} from 'pmpc/kit/runs'
import {FOLDER} from '../generated.js'
import {filesBelow, inScratch, textOf, writeScratch} from '../files.js'
import {errorIn, findTerraform, noProvider, openTerraform, type Terraform} from '../programs/terraform.js'
import {absent, passedOrFailed, type Check, type Found} from './checks.js'

const CODE = `${FOLDER}/terraform`
const endings = ['.tf', '.tftest.hcl', '.tfvars']

/** The syntax of all files, by HCL's own parser: nothing needs to be installed. */
export async function hclSyntax(root: string): Promise<Check> {
  const {parse} = await import('@cdktn/hcl2json')
  const findings: Found[] = []
  for (const file of filesBelow(root, FOLDER, endings))
    await parse(file, textOf(root, file)).catch((error: unknown) => findings.push(...syntaxErrors(file, String(error))))
  return passedOrFailed('hcl', findings)
}

/** `[b.tf:2,6-3,1: Invalid expression; Expected …]`, of which there may be several. */
function syntaxErrors(file: string, said: string): Found[] {
  const found = [...said.matchAll(/:(\d+),\d+-\d+(?:,\d+)?: ([^[\]]+?)(?=, [^ ]+:\d+,|\]|$)/g)]
  if (found.length === 0) return [{file, line: null, message: said}]
  return found.map(([, line, message]) => ({file, line: Number(line), message: message!}))
}

/** Layout and meaning, by Terraform or OpenTofu, where one is installed. */
export async function terraformChecks(root: string, pluginDir: string | undefined, caller: Caller): Promise<Check[]> {
  const found = findTerraform(caller.env)
  const name = found?.name ?? 'terraform'
  if (!found)
    return ['fmt', 'validate'].map((what) => absent(`${name} ${what}`, 'neither terraform nor tofu is on PATH'))
  const files = filesBelow(root, CODE, endings)
  if (files.length === 0) return []
  return inScratch(async (folder) => {
    for (const file of files) writeScratch(folder, file.slice(CODE.length + 1), textOf(root, file))
    const terraform = await openTerraform({folder, env: caller.env, signal: caller.signal})
    return [await layout(terraform), await meaning(terraform, pluginDir)]
  })
}

async function layout({name, run}: Terraform): Promise<Check> {
  const tool = `${name} fmt`
  const args = ['fmt', '-check', '-list=true', '-recursive', '-no-color']
  const said = await run(args, {accept: [3]}).catch((error: unknown) => saidOf(error))
  const unread = errorsWithPlace(said)
  const files = said.split('\n').filter((line) => endings.some((ending) => line.endsWith(ending)))
  const otherwise = files.map((file) => ({
    ...{file: `${CODE}/${file}`, line: null, message: `${tool} would lay it out otherwise`},
  }))
  return passedOrFailed(tool, [...unread, ...otherwise])
}

/** Errors as Terraform tells them to people, of those that are of a place in a file. */
const errorsWithPlace = (said: string): Found[] =>
  [...said.matchAll(/^Error: (.+)\n.*\bon (\S+) line (\d+)/gm)].map(([, message, file, line]) => ({
    ...{file: `${CODE}/${file}`, line: Number(line), message: message!},
  }))

/** A run that failed tells what it found, too. */
function saidOf(error: unknown): string {
  if (!isPmpcError(error) || error.code !== 'PMPC_TERRAFORM_FAILED') throw error
  return (error.data?.lines as string[]).join('\n')
}

/** Where the provider cannot be had, nothing is wrong with the code; where `init` ends otherwise, it is. */
function notReady(tool: string, name: string, said: string): Check {
  const message = `${name} init: ${errorIn(said)}`
  if (noProvider.test(said)) return absent(tool, message)
  const found = errorsWithPlace(said)
  return passedOrFailed(tool, found.length > 0 ? found : [{file: CODE, line: null, message}])
}

/** What `terraform validate -json` prints (developer.hashicorp.com/terraform/cli/commands/validate). */
interface Validated {
  diagnostics: {severity: string; summary: string; detail?: string; range?: {filename: string; start: {line: number}}}[]
}

async function meaning({name, run}: Terraform, pluginDir: string | undefined): Promise<Check> {
  const tool = `${name} validate`
  const plugins = pluginDir === undefined ? [] : [`-plugin-dir=${pluginDir}`]
  const failed = await run(['init', '-backend=false', '-input=false', '-no-color', ...plugins]).then(
    () => undefined,
    (error: unknown) => saidOf(error),
  )
  if (failed !== undefined) return notReady(tool, name, failed)
  const said = await run(['validate', '-json', '-no-color'], {accept: [1]})
  const {diagnostics} = JSON.parse(said) as Validated
  return passedOrFailed(
    tool,
    diagnostics
      .filter(({severity}) => severity === 'error')
      .map(({summary, detail, range}) => ({
        file: range ? `${CODE}/${range.filename}` : CODE,
        line: range?.start.line ?? null,
        message: [summary, detail].filter((part) => part !== undefined && part !== '').join(': '),
      })),
  )
}
