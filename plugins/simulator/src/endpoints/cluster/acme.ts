import {badParameter, failure} from '../../errors.js'
import {splitList} from '../../contract/scalars.js'
import {text, type Call, type Endpoints} from '../../calls/call.js'
import {TaskError, type TaskHandle} from '../../tasks/runner.js'
import type {Section} from '../../state/model.js'
import {sectionEndpoints, type SectionKind} from '../shared/sections.js'
import {sectionsOf} from '../../calls/sections.js'

const directories = [
  {name: `Let's Encrypt V2`, url: 'https://acme-v02.api.letsencrypt.org/directory'},
  {name: `Let's Encrypt V2 Staging`, url: 'https://acme-staging-v02.api.letsencrypt.org/directory'},
]

const file = 'acme/account'
const accountName = (call: Call): string => text(call, 'name') ?? 'default'
const directoryOf = (call: Call): string => text(call, 'directory') ?? directories[0]!.url
const contactsOf = (call: Call): string[] =>
  splitList(text(call, 'contact') ?? '').map((address) => `mailto:${address}`)

/** What a server of the authority says of itself. @throws Error where nobody answers */
function metaOf(call: Call, directory: string): Section {
  if (call.sim.state.world.offline) throw failure(`Can't connect to ${new URL(directory).host}:443`)
  const site = 'https://letsencrypt.org'
  return {termsOfService: `${site}/documents/terms.pdf`, website: site, caaIdentities: ['letsencrypt.org']}
}

function accountOf(call: Call): Section {
  const account = sectionsOf(call, file)[accountName(call)]
  if (!account) throw badParameter('name', `ACME account config file '${accountName(call)}' does not exist.`)
  return account
}

const work = (call: Call, type: string, worker: (task: TaskHandle) => void): string =>
  call.sim.tasks.start({node: call.sim.localNode, type, id: '', user: call.auth}, worker)

function register(call: Call): unknown {
  const name = accountName(call)
  const taken = `ACME account config file '${name}' already exists.`
  if (sectionsOf(call, file)[name]) throw badParameter('name', taken)
  const directory = directoryOf(call)
  const tos = text(call, 'tos_url')
  return work(call, 'acmeregister', (task) => {
    if (sectionsOf(call, file)[name]) throw new TaskError(taken)
    task.log('Generating ACME account key..')
    task.log('Registering ACME account..')
    try {
      metaOf(call, directory)
    } catch (error) {
      throw new TaskError(`Registration failed: ${(error as Error).message.trimEnd()}`)
    }
    const location = `${new URL(directory).origin}/acme/acct/${call.sim.random.below(1e9)}`
    const createdAt = new Date(call.sim.now() * 1000).toISOString()
    const account = {contact: contactsOf(call), status: 'valid', createdAt}
    sectionsOf(call, file)[name] = {account, directory, location, ...(tos !== undefined && {tos})}
    task.log(`Registration successful, account URL: '${location}'`)
  })
}

function update(call: Call): unknown {
  const section = accountOf(call)
  const contact = contactsOf(call)
  return work(call, contact.length > 0 ? 'acmeupdate' : 'acmerefresh', () => {
    metaOf(call, String(section.directory))
    if (contact.length > 0) section.account = {...(section.account as Section), contact}
  })
}

function deactivate(call: Call): unknown {
  const name = accountName(call)
  const section = accountOf(call)
  return work(call, 'acmedeactivate', (task) => {
    metaOf(call, String(section.directory))
    const folder = '/etc/pve/priv/acme'
    task.log(`Renaming account file from '${folder}/${name}' to '${folder}/_deactivated_${name}_0'`)
    delete sectionsOf(call, file)[name]
  })
}

const keys: Record<string, string[]> = {
  dns: ['type', 'api', 'data', 'nodes', 'disable', 'validation-delay'],
  standalone: ['type', 'nodes', 'disable'],
}

/** Facts: pve-manager, PVE/API2/ACMEPlugin.pm. */
const plugins: SectionKind = {
  path: '/cluster/acme/plugins',
  id: 'id',
  shownId: 'plugin',
  file: 'acme/plugins',
  showId: true,
  exists: (id) => `ACME plugin ID '${id}' already exists`,
  missing: {
    show: (id) => `ACME plugin '${id}' not defined`,
    update: (id) => `ACME plugin ID '${id}' does not exist`,
  },
  unknownKey: (key) => `no such option '${key}'`,
  needed: ['api'],
  filter: (call, _id, section) => call.param.type === undefined || section.type === call.param.type,
  prepare: (_call, _id, section) => {
    const type = String(section.type)
    const foreign = Object.keys(section).find((key) => !keys[type]!.includes(key))
    if (foreign !== undefined) throw failure(`unexpected property '${foreign}'`)
    if (type === 'dns' && section.api === undefined) throw failure(`missing value for required option 'api'`)
  },
}

/** Kinds of DNS that challenges can be answered over; what each of them asks for is not described. */
function challenges(call: Call): unknown {
  const {api} = call.sim.contract.paths['/cluster/acme/plugins']!.POST!.parameters.properties!
  return (api?.enum ?? []).map((id) => ({id, name: id, type: 'dns', schema: {}}))
}

export const acmeEndpoints: Endpoints = {
  ...sectionEndpoints(plugins),
  'GET /cluster/acme/account': (call) => Object.keys(sectionsOf(call, file)).map((name) => ({name})),
  'POST /cluster/acme/account': register,
  'GET /cluster/acme/account/{name}': accountOf,
  'PUT /cluster/acme/account/{name}': update,
  'DELETE /cluster/acme/account/{name}': deactivate,
  'GET /cluster/acme/directories': () => directories,
  'GET /cluster/acme/meta': (call) => metaOf(call, directoryOf(call)),
  'GET /cluster/acme/tos': (call) => metaOf(call, directoryOf(call)).termsOfService,
  'GET /cluster/acme/challenge-schema': challenges,
}
