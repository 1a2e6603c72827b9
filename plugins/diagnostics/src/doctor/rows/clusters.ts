import {statSync} from 'node:fs'
import {dirname} from 'node:path'
import {isPmpcError, type PmpcError} from 'pmpc/kit/errors'
import {shellWord} from 'pmpc/kit/files'
import {bareHost, credentialFile, grantLines, pveumLines, readCredentials} from 'pmpc/kit/proxmox'
import {needsOf} from 'pmpc/kit/fetch'
import {wantedKinds} from 'pmpc/kit/workspace'
import {
  critical,
  fine,
  nothing,
  unseen,
  warning,
  type ClusterRow,
  type LocalRow,
  type Row,
  type Seen,
} from '../model.js'
import type {ClusterVisit, EndpointVisit} from '../visits.js'

/** Days before its end at which a certificate is spoken of, and is grave; as health does of the nodes' own. */
export const certificateDays = {warning: 30, critical: 7}
/** Milliseconds that two clocks may be apart, beyond what cannot be told: a ticket is valid for a time, and so is a certificate. */
export const clockApart = {warning: 2000, critical: 30_000}
/** Major versions of Proxmox VE whose contracts pmpc knows. */
const knownMajors = [8, 9]
/** What a token is to have on guests and their storages, which is to apply changes of them. */
const applying = [
  'VM.Allocate',
  ...['CDROM', 'CPU', 'Cloudinit', 'Disk', 'HWType', 'Memory', 'Network', 'Options'].map((name) => `VM.Config.${name}`),
  'VM.PowerMgmt',
  'Datastore.AllocateSpace',
]

const files: LocalRow[] = [
  {
    id: 'credentials.file',
    looksAt: 'the file with the secrets of tokens: whether it is whole, and only you can read it',
    severity: 'critical',
    mends: 'takes the right to read the file from all others: chmod 600',
    async look({env}) {
      const file = await credentialFile(env)
      try {
        const stored = await readCredentials(env)
        return stored.length > 0
          ? fine(`${file}, ${stored.length} stored`, [file])
          : nothing(`nothing is stored in ${file}`, 'pmpc auth login')
      } catch (error) {
        if (!isPmpcError(error)) throw error
        const isMendable = error.code === 'PMPC_CREDENTIALS_EXPOSED'
        return critical(`${error.message}.`, {
          objects: [file],
          fix: error.suggestions[0],
          ...(isMendable && {isMendable}),
        })
      }
    },
    async mend({env}) {
      const {chmod} = await import('node:fs/promises')
      const file = await credentialFile(env)
      await chmod(file, 0o600)
      return `chmod 600 ${file}; if others can have read it, make new tokens`
    },
  },
  {
    id: 'credentials.folder',
    looksAt: 'whether only you can write the folder of that file',
    severity: 'warning',
    mends: 'takes the right to write the folder from all others: chmod go-w',
    async look({env}) {
      const folder = dirname(await credentialFile(env))
      const facts = statSync(folder, {throwIfNoEntry: false})
      if (!facts || process.platform === 'win32') return nothing(`${folder} is not there`)
      if ((facts.mode & 0o022) === 0) return fine(folder, [folder])
      return warning(`${folder} can be written by others: they can put other credentials there.`, {
        ...{objects: [folder], fix: `chmod go-w ${shellWord(folder)}`, isMendable: true},
      })
    },
    async mend({env}) {
      const {chmod} = await import('node:fs/promises')
      const folder = dirname(await credentialFile(env))
      await chmod(folder, statSync(folder).mode & 0o7755)
      return `chmod go-w ${folder}`
    },
  },
]

const ofClusters: ClusterRow[] = [
  {
    id: 'credential.present',
    looksAt: 'whether there is a credential for each cluster; it is never shown',
    severity: 'critical',
    ofCluster({cluster, config, credential}) {
      if (isPmpcError(credential))
        return critical(`${cluster}: ${credential.message}.`, {
          objects: [cluster],
          fix: commandIn(credential) ?? `pmpc auth login ${cluster}`,
        })
      const {source, endpoints} = credential
      const left = config.endpoints.filter((each) => !endpoints.includes(each))
      if (left.length === 0) return fine(`${cluster}: ${config.token}, ${origins[source]}`, [cluster])
      return warning(
        `${cluster}: the credential of ${config.token} is not for ${left.join(', ')}: nothing is asked there.`,
        {
          ...{objects: left, fix: `pmpc auth login ${cluster}`},
        },
      )
    },
  },
  {
    id: 'endpoint.proxy',
    looksAt: 'variables that send requests for an endpoint through a proxy: HTTPS_PROXY, ALL_PROXY, NO_PROXY',
    severity: 'critical',
    ofCluster: ({cluster, endpoints}) => each(endpoints, (one) => proxySeen(one), `${cluster}: no proxy is in between`),
  },
  {
    id: 'endpoint.reachable',
    looksAt: 'whether each endpoint answers',
    severity: 'critical',
    ofCluster({cluster, endpoints}) {
      const lost = endpoints.filter(({version}) => isPmpcError(version) && !isJudged(version))
      const all = endpoints.map(({endpoint}) => endpoint)
      if (lost.length === 0) return fine(`${cluster}: ${all.join(', ')}`, all)
      const isAll = lost.length === endpoints.length
      return lost.map(({endpoint, version}) => {
        const {message} = version as PmpcError
        return (isAll ? critical : warning)(`${cluster}: ${message}.`, {
          objects: [endpoint],
          fix: `curl -kv ${endpoint}/`,
        })
      })
    },
  },
  {
    id: 'certificate.trusted',
    looksAt: 'whether each endpoint shows the certificate, or one of the CA, that is pinned',
    severity: 'critical',
    ofCluster: ({cluster, config, endpoints}) =>
      each(
        endpoints,
        ({endpoint, version}) => {
          if (!isPmpcError(version)) return undefined
          if (version.code.startsWith('PMPC_TLS'))
            return critical(`${cluster}: ${version.message}.`, {objects: [endpoint], fix: version.suggestions[0]})
          return isJudged(version) ? undefined : unseen(`${cluster}: ${endpoint} shows none`, [endpoint])
        },
        `${cluster}: ${pinnedText(config.trust)}`,
      ),
  },
  {
    id: 'certificate.expiry',
    looksAt: `the end of each endpoint's certificate, and of a pinned CA: ${certificateDays.warning} days before, and ${certificateDays.critical}`,
    severity: 'critical',
    async ofCluster({cluster, config, endpoints}) {
      const {X509Certificate} = await import('node:crypto')
      const leaves = endpoints.map(({endpoint, certificate}) =>
        isPmpcError(certificate)
          ? unseen(`${cluster}: ${endpoint} shows none`, [endpoint])
          : expirySeen(
              `${cluster}: the certificate of ${endpoint}`,
              [endpoint],
              certificate.validTo,
              'pvecm updatecerts --force   # on the node',
            ),
      )
      const ca = 'ca' in config.trust ? [new X509Certificate(config.trust.ca)] : []
      const cas = ca.map(({validTo}) =>
        expirySeen(
          `${cluster}: the pinned CA`,
          [cluster],
          new Date(validTo).toISOString(),
          `pmpc init --cluster ${cluster} --endpoint ${config.endpoints[0]!}   # once it is renewed`,
        ),
      )
      return worst([...leaves, ...cas])
    },
  },
  {
    id: 'clock',
    looksAt: "this machine's clock against the time that each endpoint answers with",
    severity: 'critical',
    ofCluster: ({cluster, endpoints}) => worst(endpoints.map((one) => clockSeen(cluster, one))),
  },
  {
    id: 'credential.accepted',
    looksAt: 'whether each cluster takes the credential',
    severity: 'critical',
    ofCluster({cluster, config, credential, endpoints}) {
      if (isPmpcError(credential)) return unseen(`${cluster}: there is none`, [cluster])
      const mine = endpoints.filter(({endpoint}) => credential.endpoints.includes(endpoint))
      const refused = mine.flatMap(({version}) => (isPmpcError(version) && isJudged(version) ? [version] : []))
      if (refused[0])
        return critical(`${cluster}: ${refused[0].message}.`, {
          objects: [cluster],
          fix: commandIn(refused[0]) ?? `pmpc auth login ${cluster}`,
        })
      const taken = mine.some(({version}) => version && !isPmpcError(version))
      return taken
        ? fine(`${cluster}: ${config.token}`, [cluster])
        : unseen(`${cluster}: no endpoint could be asked`, [cluster])
    },
  },
  {
    id: 'credential.sync',
    looksAt: 'whether the token may read all that a sync records',
    severity: 'warning',
    async ofCluster({cluster, config, rights}, at) {
      if (!rights || isPmpcError(rights))
        return unseen(`${cluster}: ${rights ? rights.message : 'what it may do could not be read'}`, [cluster])
      const {missing, restricted, none} = rights.report
      if (missing.length === 0 && restricted.length === 0)
        return fine(`${cluster}: ${config.token} may read all of it`, [cluster])
      const workspace = await at.config()
      const kinds = workspace && 'value' in workspace ? wantedKinds(workspace.value).map(({name}) => name) : undefined
      const lines = pveumLines(config.token, {reading: needsOf(kinds).reading, exists: true})
      if (none)
        return critical(`${cluster}: ${config.token} has no rights at all: every list would be empty.`, {
          objects: [cluster],
          fix: lines.join(' && '),
        })
      const what = missing.length > 0 ? `lacks ${missing.join(', ')} on /` : `sees nothing on ${restricted.join(', ')}`
      return warning(`${cluster}: ${config.token} ${what}: a sync leaves that out.`, {
        ...{
          objects: [cluster],
          fix: missing.length > 0 ? `${lines.join(' && ')}   # as root, on a node` : `pmpc auth test ${cluster}`,
        },
      })
    },
  },
  {
    id: 'credential.apply',
    looksAt: 'whether a token that may change guests may do all that `pmpc apply` does with them',
    severity: 'warning',
    ofCluster({cluster, config, rights}) {
      if (!rights || isPmpcError(rights))
        return unseen(`${cluster}: ${rights ? rights.message : 'what it may do could not be read'}`, [cluster])
      const held = new Set(Object.values(rights.permissions).flatMap((privileges) => Object.keys(privileges)))
      const missing = applying.filter((privilege) => !held.has(privilege))
      const grant = grantLines(config.token, '/', applying, () => false).join(' && ')
      if (missing.length === 0) return fine(`${cluster}: ${config.token} may change guests`, [cluster])
      if (missing.length === applying.length)
        return nothing(`${cluster}: ${config.token} only reads, so Proxmox VE refuses what pmpc apply sends`, grant)
      return warning(
        `${cluster}: ${config.token} may change guests, and lacks ${missing.join(', ')}: some plans are refused.`,
        {
          ...{objects: [cluster], fix: `${grant}   # as root, on a node`},
        },
      )
    },
  },
  {
    id: 'cluster.version',
    looksAt: `whether Proxmox VE is of a version that pmpc knows: ${knownMajors.join(', ')}`,
    severity: 'warning',
    ofCluster({cluster, endpoints}) {
      const told = endpoints.flatMap(({version}) => (version && !isPmpcError(version) ? [version] : []))
      if (told.length === 0) return unseen(`${cluster}: no endpoint has said`, [cluster])
      const texts = [...new Set(told.map(({text}) => text))].join(', ')
      if (told.every(({major}) => knownMajors.includes(major))) return fine(`${cluster}: ${texts}`, [cluster])
      return warning(
        `${cluster}: Proxmox VE ${texts} is not among the versions that pmpc knows: what it reads may be incomplete.`,
        {
          ...{objects: [cluster], fix: 'pveversion   # on a node; for a newer one: npm view pmpc version'},
        },
      )
    },
  },
]

export const clusters: Row[] = [...files, ...ofClusters]

const origins = {environment: 'from the environment', file: 'stored', command: 'by a command'} as const

/** An error that comes from an endpoint that was reached: it shows another certificate, or refuses the credential. */
function isJudged({code}: PmpcError): boolean {
  return (
    code.startsWith('PMPC_TLS') ||
    /^PMPC_(?:NOT_AUTHENTICATED|BAD_CREDENTIAL|SECOND_FACTOR|NOT_ALLOWED|NO_PRIVILEGES)$/.test(code)
  )
}

/** The first thing that an error advises which can be typed here. */
function commandIn({suggestions}: PmpcError): string | undefined {
  return suggestions.find((line) => /^(?:pmpc|chmod|mv|git) /.test(line))
}

/** What was seen of endpoints that is worth telling; where that is nothing, that all is well. */
function each(
  endpoints: readonly EndpointVisit[],
  look: (one: EndpointVisit) => Seen | undefined,
  well: string,
): Seen[] {
  const seen = endpoints.flatMap((one) => look(one) ?? [])
  return seen.length > 0
    ? seen
    : [
        fine(
          well,
          endpoints.map(({endpoint}) => endpoint),
        ),
      ]
}

/** All that is not well, else the first. */
function worst(seen: readonly Seen[]): Seen[] {
  const bad = seen.filter(({result}) => result !== 'ok')
  return bad.length > 0 ? bad : seen.slice(0, 1)
}

function proxySeen({endpoint, proxy, version}: EndpointVisit): Seen | undefined {
  if (proxy === undefined) return undefined
  const host = bareHost(new URL(endpoint).hostname)
  const fix = `export NO_PROXY="\${NO_PROXY:+$NO_PROXY,}${host}"`
  if (proxy instanceof Error)
    return critical(`HTTPS_PROXY is no address: ${endpoint} cannot be asked.`, {
      objects: [endpoint],
      fix: 'unset HTTPS_PROXY https_proxy ALL_PROXY all_proxy',
    })
  // Its user name and password are not told.
  const by = `${proxy.protocol}//${proxy.host}`
  const isReached = !isPmpcError(version) || isJudged(version)
  return isReached
    ? fine(`${endpoint} is reached through the proxy ${by}`, [endpoint])
    : warning(`${endpoint} is asked through the proxy ${by}, and not reached.`, {objects: [endpoint], fix})
}

function pinnedText(trust: ClusterVisit['config']['trust']): string {
  if ('ca' in trust) return "the cluster's CA is pinned"
  if ('fingerprint' in trust) return `pinned: ${trust.fingerprint}; a renewed certificate has to be pinned anew`
  return 'caFile' in trust ? `by the CA in ${trust.caFile}` : 'by the CAs of this system'
}

/** What is to be said of the end of a certificate. */
export function expirySeen(
  what: string,
  objects: readonly string[],
  validTo: string,
  fix: string,
  now = Date.now(),
): Seen {
  const days = Math.floor((Date.parse(validTo) - now) / 86_400_000)
  const until = validTo.slice(0, 10)
  if (days < 0) return critical(`${what} has expired on ${until}.`, {objects, fix})
  if (days < certificateDays.critical) return critical(`${what} expires in ${days} days, on ${until}.`, {objects, fix})
  return days < certificateDays.warning
    ? warning(`${what} expires in ${days} days, on ${until}.`, {objects, fix})
    : fine(`${what} is valid until ${until}`, objects)
}

function clockSeen(cluster: string, {endpoint, clock}: EndpointVisit): Seen {
  const objects = [endpoint]
  if (!clock) return unseen(`${cluster}: ${endpoint} has not told its time`, objects)
  const apart = Math.max(0, Math.abs(clock.ahead) - clock.within)
  const seconds = Math.round(Math.abs(clock.ahead) / 1000)
  const said = `${cluster}: ${endpoint} is ${seconds} s ${clock.ahead > 0 ? 'ahead of' : 'behind'} this machine`
  const fix = 'timedatectl timesync-status   # here, and on the node: chronyc tracking'
  if (apart > clockApart.critical) return critical(`${said}: tickets and certificates are refused.`, {objects, fix})
  return apart > clockApart.warning
    ? warning(`${said}.`, {objects, fix})
    : fine(`${cluster}: ${endpoint} and this machine agree`, objects)
}
