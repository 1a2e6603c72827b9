import {isPmpcError, PmpcError} from '../errors/index.js'
import type {ApiRequest, Writer} from './client.js'
import {apiPath, owningNode} from './paths.js'
import type {Contract} from '../values/index.js'
import {atLeast, parseVersion, type PveVersion} from './versions.js'

/** The newest version whose calls are known. What a later one takes is for itself to say. */
const newest = '9.2'

interface Gate {
  contract: Contract
  version: PveVersion
}

/**
 * A client that sends no write which its node does not know: a call runs on the code of the node that does the work, and a cluster under
 * upgrade mixes versions. Each node is asked for its version once, before the first write to it. Reads pass: an unknown one harms nothing.
 * Its `request` throws PMPC_NOT_IMPLEMENTED for a call and PMPC_BAD_PARAMETER for parameters that the node does not have; nothing was sent then.
 */
export function gated(client: Writer): Writer {
  const gates = new Map<string, Promise<Gate | undefined>>()

  async function gateOf(node: string | undefined): Promise<Gate | undefined> {
    const key = node ?? ''
    const known = gates.get(key)
    if (known !== undefined) return known
    const asked = openGate(client, node)
    gates.set(key, asked)
    // A node that is away now is asked again by the next write.
    asked.then((gate) => gate ?? gates.delete(key)).catch(() => gates.delete(key))
    return asked
  }

  return {
    ...client,
    request: async <T>(request: ApiRequest) => {
      if (request.method !== 'GET') {
        const node = request.node ?? owningNode(request.path)
        const gate = await gateOf(node)
        if (gate !== undefined) check(request, node ?? client.endpoint(), gate)
      }
      return client.request<T>(request)
    },
  }
}

/** Undefined for a node that cannot be reached, which the write itself will tell, and for one that is newer than what is known. */
async function openGate(client: Writer, node: string | undefined): Promise<Gate | undefined> {
  try {
    const answer = await client.get<{version?: string; release?: string}>(
      node === undefined ? '/version' : apiPath('nodes', node, 'version'),
    )
    const version = parseVersion(answer)
    if (version === undefined || (atLeast(version, newest) && !isNewest(version))) return undefined
    const {contractVersion, loadContract} = await import('../values/index.js')
    return {version, contract: await loadContract(contractVersion(`${version.major}.${version.minor}`))}
  } catch (error) {
    if (isPmpcError(error) && error.code === 'PMPC_NODE_UNREACHABLE') return undefined
    throw error
  }
}

function isNewest({major, minor}: PveVersion): boolean {
  return `${major}.${minor}` === newest
}

function check({method, path, query, body}: ApiRequest, where: string, {contract, version}: Gate): void {
  const call = contract.find(method, path)
  if (call === undefined)
    throw new PmpcError(
      'PMPC_NOT_IMPLEMENTED',
      `${where} runs Proxmox VE ${version.text}, which does not know ${method} ${path}; nothing was sent`,
      {
        suggestions: ['pmpc get nodes   # says which version each node runs', 'Upgrade the node, or do without'],
        data: {where, version: version.text, request: `${method} ${path}`},
      },
    )
  const unknown = Object.entries({...query, ...body})
    .filter(([name, value]) => value !== undefined && !contract.takes(call, name))
    .map(([name]) => name)
  if (unknown.length === 0) return
  throw new PmpcError(
    'PMPC_BAD_PARAMETER',
    `${where} runs Proxmox VE ${version.text}, where ${method} ${path} does not take ${unknown.join(', ')}; nothing was sent`,
    {
      suggestions: [
        'Take the key out of the manifest: that node does not know it',
        'pmpc get nodes   # says which version each node runs',
      ],
      data: {
        where,
        version: version.text,
        request: `${method} ${path}`,
        unknownHere: true,
        fields: Object.fromEntries(unknown.map((name) => [name, `Proxmox VE ${version.text} does not know it`])),
      },
    },
  )
}
