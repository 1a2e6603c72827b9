import {commitMessage, prefixOf} from 'pmpc/kit/git'
import {Session} from 'pmpc/kit/reconcile'
import {parseRefs} from 'pmpc/kit/resources'
import {exclusively, reading, step, type Caller, type StepReport} from 'pmpc/kit/runs'
import {readerOf} from 'pmpc/kit/verbs'
import type {Workspace} from 'pmpc/kit/workspace'
import {inScratch, writeScratch} from '../files.js'
import {wouldGenerate} from '../generate.js'
import {FOLDER, MARK} from '../generated.js'
import {openTerraform, parsed, type Terraform} from '../programs/terraform.js'
import {readCode, type Code} from './code.js'
import {openDoor, type Door} from './door.js'
import {readPlan, type Difference, type ShownPlan} from './plan.js'

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
  const code = await readCode(workspace)
  const behind = (await wouldGenerate(workspace, {targets: ['terraform'], only: [], force: false})).changes
  const warnings = behind.length > 0 ? [`${behind[0]!.path} is behind what was recorded: pmpc iac generate`] : []
  const found = {...(await planned(workspace, code, request, caller)), commit: null, warnings}
  return request.commit && holds(found) ? {...found, commit: await record(workspace, found, caller)} : found
}

/** What Terraform says of the code, in a folder of its own. */
async function planned(
  workspace: Workspace,
  {files, imports, variables, objects}: Code,
  request: ProveRequest,
  caller: Caller,
): Promise<Omit<ProveResult, 'commit' | 'warnings'>> {
  /** By what the cluster's variables begin with. */
  const doors = new Map<string, Door>()
  return inScratch(async (folder) => {
    try {
      for (const [path, text] of files) writeScratch(folder, path, text)
      for (const [cluster, variable] of variables)
        doors.set(variable, await openDoor(await readerOf(workspace, cluster, caller)))
      const {env, signal} = caller
      const terraform = await openTerraform({folder, env, added: throughDoors(doors), signal})
      const {noop, differences} = readPlan(await planOf(terraform, request, caller))
      return {
        ...{imports, noop, residual: await residualOf(workspace, differences, objects)},
        program: `${terraform.name} ${terraform.version}`,
        requests: [...doors.values()].reduce((sum, door) => sum + door.requests(), 0),
      }
    } finally {
      await Promise.all([...doors.values()].map(async (door) => door.close()))
    }
  })
}

function throughDoors(doors: ReadonlyMap<string, Door>): Record<string, string> {
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
