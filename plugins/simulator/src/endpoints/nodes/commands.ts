import {type Call, type Endpoints, required} from '../../calls/call.js'
import {nodeName} from '../../calls/node.js'
import {failure, badParameter, ApiError} from '../../errors.js'
import {bootWithNode} from '../../guests/running.js'
import {managedBy} from '../../ha/services.js'
import type {NodeState} from '../../state/model.js'
import {isTemplate} from '../shared/bulk.js'

/** Switches a node on: what is to run from the start runs. */
function wake(call: Call): string {
  const name = required(call, 'node')
  if (name === 'localhost' || name === call.sim.localNode)
    throw failure(`'${name}' is local node, cannot wake my self!`)
  const node = call.sim.state.nodes[name]
  if (!node) throw failure(`no such cluster node '${name}'`)
  const mac = /^(?:mac=)?([^,]+)/.exec(String(node.config.wakeonlan ?? ''))?.[1]
  if (mac === undefined) throw failure(`No wake on LAN MAC address defined for '${name}'!`)
  if (node.power === 'offline') switchOn(call, node)
  return mac
}

function switchOn(call: Call, node: NodeState): void {
  Object.assign(node, {power: 'online', bootTime: call.sim.now()})
  for (const guest of Object.values(call.sim.state.guests)) {
    const starts = Number(guest.config.onboot ?? 0) === 1 && !isTemplate(guest) && !managedBy(call.sim.state, guest)
    if (guest.node === node.name && starts && !guest.running) bootWithNode(call, guest)
  }
}

interface Command {
  method: string
  path: string
  args?: Record<string, unknown>
}

function commandsOf(call: Call): Command[] {
  const refuse = (problem: string): never => {
    throw badParameter('commands', `invalid format - ${problem}\n`)
  }
  let commands: unknown
  try {
    commands = JSON.parse(required(call, 'commands'))
  } catch (error) {
    return refuse(`commands param did not contain valid JSON: ${(error as Error).message}`)
  }
  if (!Array.isArray(commands)) return refuse('commands is not an array')
  for (const [index, command] of (commands as Command[]).entries())
    for (const key of ['path', 'method'] as const)
      if (typeof command[key] !== 'string') return refuse(`method at index ${index} missing '${key}' string`)
  return commands as Command[]
}

/** Calls below a node one after another; each has its own status. */
async function execute(call: Call): Promise<unknown> {
  const results: unknown[] = []
  for (const {method, path, args = {}} of commandsOf(call)) {
    try {
      const body = method === 'PUT' || method === 'POST'
      const data = await call.sim.listener.perform({
        verb: method,
        path: `/nodes/${nodeName(call)}/${path}`,
        query: body ? {} : args,
        body: body ? args : {},
        auth: call.auth,
      })
      results.push({status: 200, data})
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const {status, message, errors} = error
      results.push({status, message, ...(errors && {errors})})
    }
  }
  return results
}

/** Switching a node on, and calls to it in a row. Facts: pve-manager, PVE/API2/Nodes.pm. */
export const nodeCommandEndpoints: Endpoints = {
  'POST /nodes/{node}/wakeonlan': wake,
  'POST /nodes/{node}/execute': execute,
}
