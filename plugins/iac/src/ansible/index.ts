import type {Cluster} from '../estate.js'
import {MARK, type GeneratedFile, type Target} from '../generated.js'
import type {Texts} from '../texts.js'
import {FIXED} from './names.js'
import {inventoryOf, type Host} from './inventory.js'
import {printYaml, type Data} from './yaml.js'

const FOLDER = 'ansible'
/** The CA of a cluster, where pmpc.yaml trusts it; the host names of its certificates are those of nodes. */
const CA_FILE = 'ca.pem'

/** Files that are the same whatever was recorded, by the names of their templates. */
const generatedFiles = [
  'requirements.yml',
  '.ansible-lint',
  ...['ping', 'facts', 'audit', 'pve-audit', 'snapshot'].map((name) => `playbooks/${name}.yml`),
]
/** What people write in. */
const peoplesFiles = ['ansible.cfg', 'playbooks/site.yml']

/** Inventories and playbooks: nothing that they do changes a guest, unless somebody says so at a question. */
export const ansible: Target = async ({clusters}, texts) => {
  const context = {mark: MARK, fixed: FIXED, clusters: clusters.map(({name}) => name)}
  const text = (name: string) => texts.render(`${FOLDER}/${name.replace(/^\./, '')}.njk`, context)
  const files = [
    ...generatedFiles.map((name): GeneratedFile => ({path: `${FOLDER}/${name}`, text: text(name)})),
    ...peoplesFiles.map((name): GeneratedFile => ({path: `${FOLDER}/${name}`, text: text(name), isPeoples: true})),
    ...clusters.flatMap((cluster) => inventoryFiles(cluster, texts)),
  ]
  return {files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), ledger: [], verdicts: []}
}

function inventoryFiles(cluster: Cluster, texts: Texts): GeneratedFile[] {
  const {hosts, groups, spelled, hasWindows} = inventoryOf(cluster)
  const folder = `${FOLDER}/inventories/${cluster.name}`
  const api = apiOf(cluster)
  const {trust} = cluster.config
  const data = (path: string, map: Record<string, Data>, yours: string): GeneratedFile => ({
    path: `${folder}/${path}`,
    text: texts.render(`${FOLDER}/data.yml.njk`, {mark: MARK, yours, data: printYaml(map)}),
  })
  const ca: Record<string, string> = 'ca' in trust ? {pve_api_ca: CA_FILE} : {}
  const written = (path: string, template: string): GeneratedFile => ({
    path: `${folder}/${path}`,
    text: texts.render(`${FOLDER}/${template}.njk`, {mark: MARK, cluster: cluster.name, ca, ...dynamic(cluster)}),
  })
  return [
    data('hosts.yml', groups, 'host_vars/HOST/main.yml, group_vars/GROUP/main.yml'),
    data('group_vars/all/pve.yml', {pve_cluster: cluster.name, ...api, ...ca, pve_group_names: spelled}, 'main.yml'),
    {...written('group_vars/all/main.yml', 'main.yml'), isPeoples: true},
    ...(hasWindows
      ? [{...written(`group_vars/${FIXED.windows}/main.yml`, 'windows.yml'), isPeoples: true as const}]
      : []),
    ...hosts.map(({name, object, vars}: Host) => ({
      ...data(`host_vars/${name}/pve.yml`, vars, 'main.yml'),
      objects: [object],
    })),
    written(`${cluster.name}.proxmox.yml`, 'dynamic.proxmox.yml'),
    ...('ca' in trust ? [{path: `${folder}/${CA_FILE}`, text: `# ${MARK} from pmpc.yaml\n${trust.ca.trim()}\n`}] : []),
  ]
}

/** Where the API is and who asks it, by pmpc.yaml; the secret is nowhere but in the environment of whoever runs a playbook. */
function apiOf({config: {endpoints, token}}: Cluster) {
  const {hostname, port} = new URL(endpoints[0]!)
  const [user = '', tokenId = ''] = token.split('!')
  return {
    pve_api_host: hostname.replaceAll(/^\[|\]$/g, ''),
    pve_api_port: Number(port || '443'),
    pve_api_user: user,
    pve_api_token_id: tokenId,
  }
}

/** The settings of the dynamic inventory, as YAML. */
function dynamic(cluster: Cluster): {settings: string} {
  const {pve_api_user: user, pve_api_token_id: tokenId} = apiOf(cluster)
  const url = new URL(cluster.config.endpoints[0]!).origin
  return {settings: printYaml({url, user, ...(tokenId !== '' && {token_id: tokenId})})}
}
