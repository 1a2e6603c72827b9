import {createPrivateKey, X509Certificate} from 'node:crypto'
import {ApiError, badParameter, failure} from '../../errors.js'
import {isSet, text, type Call, type Endpoints} from '../../calls/call.js'
import {splitList} from '../../contract/scalars.js'
import type {NodeState} from '../../state/model.js'
import {TaskError, type TaskHandle} from '../../tasks/runner.js'
import {firstOf} from '../../nodes/certificates.js'
import {createAuthority} from 'pmpc/kit/tls'
import {certificateInfo} from '../../tls/info.js'
import {findNode} from '../../calls/node.js'

const customFile = 'pveproxy-ssl.pem'

const customInfo = (chain: string): Record<string, unknown> => ({
  filename: customFile,
  ...certificateInfo(firstOf(chain)),
})

function info(call: Call): unknown {
  const {ca} = call.sim.listener.certificates
  const node = findNode(call)
  const {certificate} = node
  return [
    {filename: 'pve-root-ca.pem', ...certificateInfo(ca)},
    {filename: 'pve-ssl.pem', ...certificateInfo(call.sim.listener.leafOf(node))},
    ...(certificate ? [customInfo(certificate.certificates)] : []),
  ]
}

const setFailed = (node: NodeState, problem: string): ApiError =>
  failure(`Setting certificate files failed - ${problem.replace('NODE', node.name)}\n`)

/** Refuses what is no certificate, and a key that is not its. @throws ApiError 500 */
function checkPair(node: NodeState, chain: string, key: string): void {
  let certificate: X509Certificate
  try {
    certificate = new X509Certificate(firstOf(chain))
  } catch {
    throw setFailed(node, `unable to read certificate from '/etc/pve/nodes/NODE/${customFile}'`)
  }
  try {
    if (certificate.checkPrivateKey(createPrivateKey(key))) return
  } catch {
    throw setFailed(node, `Failed to load private key from '/etc/pve/nodes/NODE/pveproxy-ssl.key' into SSL context`)
  }
  throw setFailed(node, 'Failed to validate private key and certificate')
}

/** Has the node show its certificate, as after a restart of pveproxy. */
function restartProxy(call: Call, {name, certificate}: NodeState): void {
  if (name !== call.sim.localNode) return
  call.sim.listener.serve(certificate && {cert: certificate.certificates, key: certificate.key})
}

function upload(call: Call): unknown {
  const node = findNode(call)
  const certificates = text(call, 'certificates')!
  const key = text(call, 'key') ?? node.certificate?.key
  if (key === undefined) throw badParameter('key', 'Attempted to upload custom certificate without (existing) key.')
  // Its text ends twice: it is thrown again with an end of its own.
  if (node.certificate && !isSet(call, 'force'))
    throw failure('Custom certificate file exists but force flag is not set.\n')
  checkPair(node, certificates, key)
  node.certificate = {certificates, key}
  if (isSet(call, 'restart')) restartProxy(call, node)
  return customInfo(certificates)
}

function remove(call: Call): unknown {
  const node = findNode(call)
  delete node.certificate
  if (isSet(call, 'restart')) restartProxy(call, node)
  return null
}

/** Domains and account of a node's options. @throws ApiError 500 where no domain is given */
function acmeOptions(node: NodeState): {account: string; domains: string[]} {
  const common = String(node.config.acme ?? '')
  const named = /(?:^|,)domains=([^,]*)/.exec(common)?.[1] ?? ''
  const single = Object.entries(node.config)
    .filter(([key]) => /^acmedomain\d+$/.test(key))
    .map(([, value]) => /(?:^|,)(?:domain=)?([^,=]+)(?:,|$)/.exec(String(value))?.[1] ?? '')
  const domains = [...splitList(named), ...single].map((domain) => domain.toLowerCase())
  if (domains.length === 0) throw new ApiError(500, 'ACME domain list in node configuration is missing!')
  return {account: /(?:^|,)account=([^,]*)/.exec(common)?.[1] ?? 'default', domains}
}

/** Asks the authority for a certificate; it is given where the world is online. */
function order(task: TaskHandle, domains: string[]): {certificates: string; key: string} {
  task.log('Placing ACME order')
  for (const domain of domains) task.log(`Status is 'valid', domain '${domain}' OK!`)
  task.log('All domains validated!')
  const {leaf, ca, key} = createAuthority().issue(domains[0]!, domains)
  return {certificates: `${leaf}${ca}`, key}
}

const revokeLine = 'Revoking old certificate'

interface AcmeAction {
  type: string
  /** Refusals before the task begins. */
  refuse: (call: Call, node: NodeState) => void
  work: (node: NodeState, task: TaskHandle, domains: string[]) => void
}

const month = 30 * 86_400

const actions: Record<string, AcmeAction> = {
  POST: {
    type: 'acmenewcert',
    refuse: (call, node) => {
      if (node.certificate && !isSet(call, 'force'))
        throw badParameter('force', `Custom certificate exists but 'force' is not set.`)
    },
    work: (node, task, domains) => {
      node.certificate = order(task, domains)
      task.log('Setting pveproxy certificate and key')
    },
  },
  PUT: {
    type: 'acmerenew',
    refuse: (call, node) => {
      if (!node.certificate) throw failure('No current (custom) certificate found, please order a new certificate!')
      const {notafter} = certificateInfo(firstOf(node.certificate.certificates))
      if (notafter > call.sim.now() + month && !isSet(call, 'force'))
        throw badParameter('force', `Certificate does not expire within the next 30 days, and 'force' is not set.`)
    },
    work: (node, task, domains) => {
      node.certificate = order(task, domains)
      task.log('Setting pveproxy certificate and key')
      task.log(revokeLine)
    },
  },
  DELETE: {
    type: 'acmerevoke',
    refuse: (_call, node) => {
      acmeOptions(node)
      if (!node.certificate)
        throw failure(`can't open '/etc/pve/nodes/${node.name}/${customFile}' - No such file or directory`)
    },
    work: (node, task) => {
      task.log(revokeLine)
      delete node.certificate
      task.log('Deleting certificate files')
    },
  },
}

/** The ACME calls of a node. Fact: PVE/API2/ACME.pm. */
function acme(call: Call): unknown {
  const node = findNode(call)
  const {type, refuse, work} = actions[call.verb]!
  refuse(call, node)
  const {account, domains} = acmeOptions(node)
  return call.sim.tasks.start({node: node.name, type, id: '', user: call.auth}, (task) => {
    if (!call.sim.state.sections['acme/account']?.[account])
      throw new TaskError(`ACME account config file '${account}' does not exist.`)
    task.log('Loading ACME account details')
    if (call.sim.state.world.offline) throw new TaskError('the ACME directory cannot be reached')
    work(node, task, domains)
    task.log('Restarting pveproxy')
    restartProxy(call, node)
  })
}

export const certificateEndpoints: Endpoints = {
  'GET /nodes/{node}/certificates/info': info,
  'POST /nodes/{node}/certificates/custom': upload,
  'DELETE /nodes/{node}/certificates/custom': remove,
  'POST /nodes/{node}/certificates/acme/certificate': acme,
  'PUT /nodes/{node}/certificates/acme/certificate': acme,
  'DELETE /nodes/{node}/certificates/acme/certificate': acme,
}
