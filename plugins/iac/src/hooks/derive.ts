import type {ClusterState} from 'pmpc/kit/resources'
import type {Derived} from 'pmpc/kit/runs'
import {requireWorkspace} from 'pmpc/kit/workspace'
import {derivedCode} from '../generate.js'

/** Writes the code of what a command is about to record, where `iac: {auto: true}` of pmpc.yaml has it so. */
export default async function derive({root, states}: {root: string; states: ClusterState[]}): Promise<Derived> {
  return derivedCode(await requireWorkspace(root), states)
}
