import {formatRef, kindOf, type KindName, type Observed} from 'pmpc/kit/resources'
import {coverageFiles} from '../coverage.js'
import {nameOf, type Cluster} from '../estate.js'
import {MARK, type Before, type GeneratedFile, type LedgerEntry} from '../generated.js'
import {partsOf, readAddresses} from '../terraform/addresses.js'
import {emitCluster, type Emitted} from '../terraform/emit.js'
import {printBody, Raw, type Attribute, type Block, type Body, type Item} from '../terraform/hcl.js'
import {namesIn} from '../terraform/index.js'
import {declared, variablesIn, type Purposes, type Variable} from '../terraform/inputs.js'
import {identifier, variablesOf} from '../terraform/names.js'
import {PROVIDER} from '../terraform/project.js'
import {tables} from '../terraform/rows/index.js'
import {refuseUnmapped} from '../terraform/unmapped.js'
import type {Texts} from '../texts.js'
import {creationTables, STARTED} from './creation.js'
import type {Told} from './anew.js'
import type {NameTools} from './renamed.js'

/** An object that is not in the code for the other cluster, by its name in the recorded one. */
export interface LeftOut {
  object: string
  why: string
}

/** An object as it is to be made in the other cluster. */
export interface Made {
  /** Its name in the recorded cluster. */
  from: string
  object: Observed
  told: readonly Told[]
}

const folder = 'terraform'

/** Code that makes a cluster's objects in another one: no import, no state of it. */
export interface Creation {
  files: GeneratedFile[]
  leftOut: LeftOut[]
  variables: Variable[]
}

/** @throws PMPC_IAC_UNMAPPED */
export function creationOf(
  cluster: Cluster,
  made: readonly Made[],
  {texts, before, tools}: {texts: Texts; before: Before; tools: NameTools},
): Creation {
  const remembered = readAddresses(before)
  const module = moduleOf(cluster.name, remembered.addresses)
  const emitted = emitCluster(cluster, creationTables(tables), namesIn(module, remembered))
  refuseUnmapped(emitted.unmapped)
  const {kept, parts} = withoutPartsOfAbsent(emitted.resources, cluster, tools)
  const resources = inOrder(kept, cluster, tools)
  const variables = variablesIn(resources, purposes)
  const sources = new Map(made.map(({from, object}) => [nameOf(cluster, object), from]))
  const there = new Set(resources.map(({object}) => object))
  const why = new Map([...emitted.verdicts.map(({object, why: reason}) => [object, reason] as const), ...parts])
  const leftOut = [...sources].flatMap(([name, from]) =>
    there.has(name) ? [] : [{object: from, why: why.get(name) ?? 'the provider has no resource for it'}],
  )
  const addresses = Object.fromEntries(resources.map(({key, type, name}) => [key, `module.${module}.${type}.${name}`]))
  const ledger = withTold(emitted.ledger, cluster, made)
  const verdicts = emitted.verdicts.map((verdict) => ({...verdict, change: null}))
  return {
    files: [
      ...rootFiles(texts, cluster, module, variables),
      ...moduleFiles(texts, module, resources, variables),
      ...coverageFiles(texts, {ledger, verdicts, addresses, removed: []}),
    ],
    ...{leftOut, variables},
  }
}

/** What is of a guest that is not made, its firewall and its place in high availability, would be refused there. */
function withoutPartsOfAbsent(
  resources: readonly Emitted[],
  cluster: Cluster,
  tools: NameTools,
): {kept: Emitted[]; parts: Map<string, string>} {
  const made = new Set(resources.map(({object}) => object))
  const absent = new Set(
    cluster.objects
      .filter((object) => kindOf(object.kind).guest && !made.has(nameOf(cluster, object)))
      .map(({kind, id}) => `${kind}/${id}`),
  )
  const parts = new Map<string, string>()
  for (const object of absent.size === 0 ? [] : cluster.objects) {
    const of = tools
      .namedBy({...object, pool: undefined})
      .flatMap(({kinds, id, path}) => (path.length === 0 ? kinds.map((kind) => `${kind}/${id}`) : []))
      .find((name) => absent.has(name))
    if (of !== undefined) parts.set(nameOf(cluster, object), `${of}, which it is of, is left out`)
  }
  return {kept: resources.filter(({object}) => !parts.has(object)), parts}
}

function moduleOf(cluster: string, addresses: ReadonlyMap<string, string>): string {
  const [known] = [...addresses.values()].flatMap((address) => partsOf(address)?.module ?? [])
  return known ?? identifier(cluster)
}

/** What was changed before it was written is told in the ledger in place of what the tables say. */
function withTold(ledger: readonly LedgerEntry[], cluster: Cluster, made: readonly Made[]): LedgerEntry[] {
  const told = made.flatMap(({object, told: all}) =>
    all
      .filter(({how}) => how === 'leftOut')
      .map(({key, why}): LedgerEntry => ({object: nameOf(cluster, object), key, how: 'leftOut', why})),
  )
  return [...ledger, ...told].sort((a, b) => compare(a.object, b.object))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** What names others comes after them: an import knows no order, and a creation has one. */
function inOrder(resources: readonly Emitted[], cluster: Cluster, tools: NameTools): Emitted[] {
  const first = new Map<string, Emitted>()
  for (const resource of resources) if (!first.has(resource.object)) first.set(resource.object, resource)
  return resources.map((resource) => {
    const object = cluster.get(resource.kind, resource.id)
    const main = first.get(resource.object)
    const named = object ? tools.namedBy({...object, pool: poolOf(object)}) : []
    const before = named.flatMap(({kinds, id}) =>
      kinds.flatMap((kind) => first.get(formatRef({cluster: cluster.name, kind: kind as KindName, id})) ?? []),
    )
    const wanted = [...before, ...(main ? [main] : [])].filter(
      ({object: other}) => other !== resource.object || main !== resource,
    )
    const text = printBody(resource.block.body)
    const names = [...new Set(wanted.map(({type, name}) => `${type}.${name}`))].filter(
      (name) => name !== `${resource.type}.${resource.name}` && !text.includes(`${name}.`),
    )
    return names.length === 0 ? resource : {...resource, block: after(resource.block, names.sort())}
  })
}

const poolOf = ({facts: {pool}}: Observed): string | undefined => (pool === undefined ? undefined : String(pool))

const isLifecycle = (item: Item): boolean => 'type' in item && item.type === 'lifecycle'

const after = (block: Block, names: readonly string[]): Block => {
  const order: Attribute = {name: 'depends_on', value: names.map((name) => new Raw(name))}
  const rest = block.body.filter((item) => !isLifecycle(item))
  return {...block, body: [...rest, ...block.body.filter(isLifecycle), order]}
}

/** What the variables are for, by their names. */
const purposes: Purposes = [
  [
    new RegExp(`^${STARTED}$`),
    () => ({
      description: 'Whether guests run that ran in the original: disks that were just made hold nothing to start from',
      type: 'bool',
      default: false,
    }),
  ],
  [
    /^template_(.+)$/,
    ([, system]) => ({
      description: `Template that containers with ${system!} are made from, as in local:vztmpl/${system!}.tar.zst`,
      type: 'string',
    }),
  ],
  [
    /^(vm|container)_(\d+)_password$/,
    ([, kind, id]) => ({
      description: `Password that cloud-init sets in ${kind!} ${id!}: the original's is known to nobody`,
      ...{type: 'string', sensitive: true},
    }),
  ],
]

function rootFiles(
  texts: Texts,
  {name, config}: Cluster,
  module: string,
  variables: readonly Variable[],
): GeneratedFile[] {
  const variable = variablesOf([name]).get(name)!
  const own = {endpoint: `${variable}_endpoint`, token: `${variable}_api_token`, insecure: `${variable}_insecure`}
  const cluster = {name, module, variable, variables: own, endpoint: config.endpoints[0] ?? ''}
  const context = {mark: MARK, provider: PROVIDER, clusters: [cluster]}
  const fixed = (file: string): GeneratedFile => ({
    path: `${folder}/${file}`,
    text: texts.render(`terraform/${file}.njk`, context),
  })
  const call: Block = {
    type: 'module',
    labels: [module],
    body: [
      {name: 'source', value: `./modules/${module}`},
      {name: 'providers', value: {proxmox: new Raw(`proxmox.${module}`)}},
      ...variables.map((each) => ({name: each.name, value: new Raw(`var.${each.name}`)})),
    ],
  }
  return [
    ...['versions.tf', 'providers.tf', 'variables.tf'].map(fixed),
    written(texts, 'main.tf', [call]),
    ...(variables.length > 0 ? [written(texts, 'inputs.tf', variables.map(declared))] : []),
    {...fixed('.gitignore'), isPeoples: true},
  ]
}

function moduleFiles(
  texts: Texts,
  module: string,
  resources: readonly Emitted[],
  variables: readonly Variable[],
): GeneratedFile[] {
  const at = `modules/${module}`
  const files = new Map<string, Block[]>()
  for (const {file, name, block} of resources) {
    const path = `${at}/${file === 'guest' ? name : file}.tf`
    files.set(path, [...(files.get(path) ?? []), block])
  }
  return [
    {
      path: `${folder}/${at}/versions.tf`,
      text: texts.render('terraform/module-versions.tf.njk', {mark: MARK, provider: PROVIDER}),
    },
    ...(variables.length > 0 ? [written(texts, `${at}/inputs.tf`, variables.map(declared))] : []),
    ...[...files].map(([path, blocks]) => written(texts, path, blocks)),
  ]
}

function written(texts: Texts, path: string, body: Body): GeneratedFile {
  return {path: `${folder}/${path}`, text: texts.render('export/code.tf.njk', {mark: MARK, body: printBody(body)})}
}
