import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {PmpcError} from 'pmpc/kit/errors'
import {listInside, readInside, shellWord} from 'pmpc/kit/files'
import {commitMessage, prefixOf} from 'pmpc/kit/git'
import {clustersWithState} from 'pmpc/kit/observed'
import {Session} from 'pmpc/kit/reconcile'
import {parseRefs} from 'pmpc/kit/resources'
import {exclusively, reading, step, type Caller, type StepReport} from 'pmpc/kit/runs'
import {readerOf} from 'pmpc/kit/verbs'
import type {Workspace} from 'pmpc/kit/workspace'
import {LEDGER} from '../coverage.js'
import {wouldGenerate} from '../generate.js'
import {FOLDER, MARK} from '../generated.js'
import {objectOf} from '../terraform/addresses.js'
import {variablesOf} from '../terraform/names.js'
import {openDoor, type Door} from './door.js'
import {foreignIn} from './foreign.js'
import {readPlan, type Difference, type ShownPlan} from './plan.js'
import {openTerraform, parsed, type Terraform} from './terraform.js'

/** An attribute that an apply of the generated code would change. */
export interface Residual {
  /** `home/vm/100`; of a resource that is of no object, its address. */
  object: string
  /** `network_device[0].mac_address`; empty where the whole resource would come or go. */
  attribute: string
  before: unknown
  after: unknown
  /** Where the object is declared; null where it is not. */
  manifest: string | null
}

/** What `pmpc iac prove --json` prints; docs/json.md. */
export interface ProveResult {
  /** How many objects the code imports. */
  imports: number
  /** How many of them an apply would leave as they are. */
  noop: number
  residual: Residual[]
  /** `terraform 1.11.4`. */
  program: string
  /** Requests that the provider made, all of them reads. */
  requests: number
  /** The commit that records the proof; null unless `--commit` was given and it held. */
  commit: string | null
  warnings: string[]
}

export interface ProveRequest {
  /** Where providers lie; as `terraform init -plugin-dir` takes it. */
  pluginDir?: string | undefined
  commit: boolean
}

const CODE = `${FOLDER}/terraform`
/** What records a proof. */
const PROOF = `${FOLDER}/proof.json`

/** Whether an apply of the code would change nothing. */
export const holds = ({imports, noop, residual}: Pick<ProveResult, 'imports' | 'noop' | 'residual'>): boolean =>
  noop === imports && residual.length === 0

/**
 * Has Terraform or OpenTofu plan the generated code against the clusters, in a folder of its own and through a door that only reads pass.
 * @throws PMPC_IAC_MISSING where there is no code; PMPC_IAC_FOREIGN for what pmpc does not write in it; PMPC_TERRAFORM_MISSING, PMPC_TERRAFORM_FAILED; as `connectReader`
 */
export async function prove(workspace: Workspace, request: ProveRequest, caller: Caller): Promise<ProveResult> {
  const files = generatedCode(workspace.root)
  await refuseForeign(files)
  const addresses = objectsByAddress(workspace.root)
  const behind = (await wouldGenerate(workspace, {targets: ['terraform'], only: [], force: false})).changes
  const warnings = behind.length > 0 ? [`${behind[0]!.path} is behind what was recorded: pmpc iac generate`] : []
  const folder = mkdtempSync(join(tmpdir(), 'pmpc-prove-'))
  /** By what the cluster's variables begin with. */
  const doors = new Map<string, Door>()
  try {
    for (const [path, text] of files) write(join(folder, path), text)
    for (const [cluster, variable] of variablesIn(workspace, files))
      doors.set(variable, await openDoor(await readerOf(workspace, cluster, caller)))
    const terraform = await openTerraform({
      folder,
      env: caller.env,
      added: variables(doors),
      signal: caller.signal,
    })
    const plan = await planOf(terraform, request, caller)
    const {noop, differences} = readPlan(plan)
    const found = {
      imports: importsIn(files),
      noop,
      residual: await residualOf(workspace, differences, addresses),
      program: `${terraform.name} ${terraform.version}`,
      requests: [...doors.values()].reduce((sum, door) => sum + door.requests(), 0),
      commit: null,
      warnings,
    }
    return request.commit && holds(found) ? {...found, commit: await record(workspace, found, caller)} : found
  } finally {
    await Promise.all([...doors.values()].map(async (door) => door.close()))
    rmSync(folder, {recursive: true, force: true})
  }
}

/** The generated files by their paths below `iac/terraform`; what people wrote beside them is theirs to try. */
function generatedCode(root: string): Map<string, string> {
  const files = new Map<string, string>()
  const walk = (folder: string): void => {
    for (const entry of listInside(root, folder)) {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory() && !entry.name.startsWith('.')) walk(path)
      const text = entry.isFile() && entry.name.endsWith('.tf') ? readInside(root, path)?.toString('utf8') : undefined
      if (text?.slice(0, 400).includes(MARK)) files.set(path.slice(CODE.length + 1), text)
    }
  }
  walk(CODE)
  if (files.size > 0) return files
  throw new PmpcError('PMPC_IAC_MISSING', `there is no generated code below ${CODE}`, {
    suggestions: ['pmpc iac generate --target terraform', 'pmpc status'],
    data: {path: CODE},
  })
}

/** Whoever proves a repository of somebody else's runs nothing of theirs. @throws PMPC_IAC_FOREIGN */
async function refuseForeign(files: ReadonlyMap<string, string>): Promise<void> {
  const {parse} = await import('@cdktn/hcl2json')
  for (const [path, text] of files) {
    // What cannot be parsed is told by Terraform, with the line.
    const parsedFile = await parse(path, text).catch(() => undefined)
    const foreign = parsedFile && foreignIn(parsedFile)
    if (foreign !== undefined) throw foreignCode(`${CODE}/${path}`, foreign)
  }
}

function foreignCode(path: string, foreign: string): PmpcError {
  return new PmpcError(
    'PMPC_IAC_FOREIGN',
    `${path} says that it is generated, and has what pmpc does not write: ${foreign}`,
    {
      suggestions: [
        `git log --oneline -- ${shellWord(path)}`,
        'pmpc iac generate --force   # writes it anew; what is yours goes into a file of your own beside it',
      ],
      data: {path, foreign},
    },
  )
}

function objectsByAddress(root: string): Map<string, string> {
  const text = readInside(root, `${FOLDER}/${LEDGER}`)?.toString('utf8') ?? '{}'
  let addresses: Record<string, string> = {}
  try {
    addresses = (JSON.parse(text) as {addresses?: Record<string, string>}).addresses ?? {}
  } catch {
    // A merge may have left it so: then addresses are told in place of objects.
  }
  return new Map(Object.entries(addresses).map(([entry, address]) => [address, objectOf(entry)]))
}

const importsIn = (files: ReadonlyMap<string, string>): number =>
  [...files.values()].reduce((sum, text) => sum + (text.match(/^import \{$/gm)?.length ?? 0), 0)

/** The clusters that the code is of, and what their variables begin with. */
function variablesIn({root, clusters}: Workspace, files: ReadonlyMap<string, string>): Map<string, string> {
  const text = files.get('variables.tf') ?? ''
  const recorded = clustersWithState(root).filter((cluster) => clusters.includes(cluster))
  const all = [...variablesOf(recorded)]
  return new Map(all.filter(([, variable]) => text.includes(`variable "${variable}_api_token"`)))
}

function variables(doors: ReadonlyMap<string, Door>): Record<string, string> {
  const entries = [...doors].flatMap(([variable, {endpoint, token}]): [string, string][] =>
    [
      ['endpoint', endpoint],
      ['api_token', token],
      ['insecure', 'true'],
    ].map(([what, value]) => [`TF_VAR_${variable}_${what}`, value!]),
  )
  return Object.fromEntries(entries)
}

async function planOf(terraform: Terraform, {pluginDir}: ProveRequest, caller: Caller): Promise<ShownPlan> {
  const {name} = terraform
  const init = ['init', '-input=false', '-no-color', ...(pluginDir === undefined ? [] : [`-plugin-dir=${pluginDir}`])]
  await step(caller, `${name} init`, async () => terraform.run(init))
  await step(caller, `${name} plan`, async (report) =>
    terraform.run(['plan', '-input=false', '-no-color', '-lock=false', '-json', '-out=plan'], {
      onLine: counting(report),
    }),
  )
  return step(
    caller,
    `${name} show`,
    async () => JSON.parse(await terraform.run(['show', '-json', '-no-color', 'plan'])) as ShownPlan,
  )
}

function counting(report: StepReport): (line: string) => void {
  let read = 0
  return (line) => {
    if (parsed(line).type === 'refresh_complete') report.detail(`${++read} read`)
  }
}

async function residualOf(
  workspace: Workspace,
  differences: readonly Difference[],
  addresses: ReadonlyMap<string, string>,
): Promise<Residual[]> {
  if (differences.length === 0) return []
  return reading(workspace.root, async (repository) => {
    const work = await (await Session.open(workspace, repository)).work()
    return differences.map(({address, ...difference}) => {
      const object = addresses.get(address)
      const [ref] = object === undefined ? [] : (parseRefs(object, workspace.clusters) ?? [])
      return {object: object ?? address, ...difference, manifest: (ref && work.pathOf(ref)) ?? null}
    })
  })
}

/** Commits that the code was proved, with what it was proved with. */
async function record({root}: Workspace, {imports, program}: ProveResult, caller: Caller): Promise<string | null> {
  return exclusively(root, caller, async (repository) => {
    const {oid: parent} = await repository.head()
    const path = prefixOf(repository, root) + PROOF
    const content = Buffer.from(`${JSON.stringify({generatedBy: MARK, imports, noop: imports, program}, null, 2)}\n`)
    const {commit} = await repository.commitFiles({
      parent,
      files: [{path, content}],
      worktree: [{path, content, expect: 'any'}],
      message: commitMessage(
        `iac: ${imports} imports proved to change nothing`,
        [`With ${program}.`],
        [
          ['run', caller.run.id],
          ['command', caller.command.replace(/^pmpc /, '')],
        ],
      ),
      allowEmpty: true,
    })
    return commit
  })
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), {recursive: true})
  writeFileSync(file, text)
}
