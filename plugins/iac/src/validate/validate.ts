import {PmpcError} from 'pmpc/kit/errors'
import {step, type Caller} from 'pmpc/kit/runs'
import type {Workspace} from 'pmpc/kit/workspace'
import {filesBelow} from '../files.js'
import {FOLDER} from '../generated.js'
import {ansibleChecks, yamlSyntax} from './ansible.js'
import type {Check} from './checks.js'
import {hclSyntax, terraformChecks} from './terraform.js'

/** What `pmpc iac validate --json` prints; docs/json.md. */
export interface ValidateCodeResult {
  checks: Check[]
}

export interface ValidateCodeRequest {
  /** Where providers lie; as `terraform init -plugin-dir` takes it. */
  pluginDir?: string | undefined
}

/**
 * Holds the code below `iac/` against the tools that are installed. Nothing is written, and no cluster is asked.
 * @throws PMPC_IAC_MISSING where there is no code
 */
export async function validateCode(
  {root}: Workspace,
  {pluginDir}: ValidateCodeRequest,
  caller: Caller,
): Promise<ValidateCodeResult> {
  if (filesBelow(root, FOLDER).length === 0) throw noCode()
  const hcl = await step(caller, 'HCL', async () => hclSyntax(root), 'hcl')
  const terraform = await step(caller, 'Terraform', async () => terraformChecks(root, pluginDir, caller), 'terraform')
  const yaml = await step(caller, 'YAML', async () => yamlSyntax(root), 'yaml')
  const ansible = await step(caller, 'Ansible', async () => ansibleChecks(root, caller), 'ansible')
  return {checks: [hcl, yaml, ...terraform, ...ansible]}
}

function noCode(): PmpcError {
  return new PmpcError('PMPC_IAC_MISSING', `there is no code below ${FOLDER}`, {
    suggestions: ['pmpc iac generate', 'pmpc validate   # checks pmpc.yaml and the manifests'],
    data: {path: FOLDER},
  })
}
