import type {Cluster} from '../estate.js'
import {MARK, type GeneratedFile} from '../generated.js'
import type {Texts} from '../texts.js'
import type {Emitted} from './emit.js'
import {declared, passwords, variablesIn, type Variable} from './inputs.js'
import {variablesOf} from './names.js'
import {printBody, Raw, type Block, type Body} from './hcl.js'

const folder = 'terraform'

/** The provider, and from which version on what the tables say is so: later ones read otherwise. */
export const PROVIDER = {source: 'bpg/proxmox', version: '>= 0.112.0, < 0.113.0'} as const

/** A cluster in the code. */
export interface ClusterCode {
  cluster: Cluster
  /** What its module, and the alias of its provider, are called. */
  module: string
  resources: readonly Emitted[]
}

/** The root module: versions, providers, variables, imports and the modules. */
export function rootFiles(texts: Texts, code: readonly ClusterCode[], removed: readonly string[]): GeneratedFile[] {
  const variables = variablesOf(code.map(({cluster}) => cluster.name))
  const clusters = code.map(({cluster: {name, config}, module}) => ({
    ...{name, module, variable: variables.get(name)!},
    endpoint: config.endpoints[0] ?? '',
  }))
  const context = {mark: MARK, provider: PROVIDER, clusters}
  const fixed = (name: string): GeneratedFile => ({
    path: `${folder}/${name}`,
    text: texts.render(`terraform/${name}.njk`, context),
  })
  return [
    ...['versions.tf', 'providers.tf', 'variables.tf'].map(fixed),
    written(
      texts,
      'main.tf',
      'main.tf',
      code.map((each) => moduleCall(each, variables.get(each.cluster.name)!)),
    ),
    ...inputs(
      texts,
      'inputs.tf',
      code.flatMap((each) =>
        inputsOf(each).map(({name, description}) => ({
          ...{name: `${variables.get(each.cluster.name)!}_${name}`, description},
          ...{type: 'string' as const, default: null, sensitive: true as const},
        })),
      ),
    ),
    written(texts, 'imports.tf', 'imports.tf', code.flatMap(importsOf)),
    ...(removed.length > 0 ? [written(texts, 'removed.tf', 'removed.tf', removed.map(forgotten))] : []),
    {...fixed('.gitignore'), isPeoples: true},
  ]
}

/** The module of a cluster: a guest a file, all else by what it is about. */
export function clusterFiles(texts: Texts, cluster: ClusterCode): GeneratedFile[] {
  const {module, resources} = cluster
  const at = `modules/${module}`
  const files = new Map<string, Emitted[]>()
  for (const resource of resources) {
    const file = `${resource.file === 'guest' ? resource.name : resource.file}.tf`
    files.set(file, [...(files.get(file) ?? []), resource])
  }
  return [
    {
      path: `${folder}/${at}/versions.tf`,
      text: texts.render('terraform/module-versions.tf.njk', {mark: MARK, provider: PROVIDER}),
    },
    ...inputs(texts, `${at}/inputs.tf`, inputsOf(cluster)),
    ...[...files].map(([file, there]) => ({
      ...written(
        texts,
        `${at}/${file}`,
        'resources.tf',
        there.map(({block}) => block),
      ),
      ...(there[0]!.file === 'guest' ? {objects: [...new Set(there.map(({object}) => object))]} : {}),
    })),
  ]
}

function written(texts: Texts, path: string, template: string, body: Body): GeneratedFile {
  return {
    path: `${folder}/${path}`,
    text: texts.render(`terraform/${template}.njk`, {mark: MARK, body: printBody(body)}),
  }
}

/** Secrets, which are nowhere else. */
const inputsOf = ({resources}: ClusterCode): Variable[] => variablesIn(resources, passwords)

const inputs = (texts: Texts, path: string, variables: readonly Variable[]): GeneratedFile[] =>
  variables.length === 0 ? [] : [written(texts, path, 'resources.tf', variables.map(declared))]

/** @param prefix of the cluster's variables in the root module */
const moduleCall = (code: ClusterCode, prefix: string): Block => ({
  type: 'module',
  labels: [code.module],
  body: [
    {name: 'source', value: `./modules/${code.module}`},
    {name: 'providers', value: {proxmox: new Raw(`proxmox.${code.module}`)}},
    ...inputsOf(code).map(({name}) => ({name, value: new Raw(`var.${prefix}_${name}`)})),
  ],
})

const importsOf = ({module, resources}: ClusterCode): Block[] =>
  resources.map(({type, name, importId}) => ({
    type: 'import',
    body: [
      {name: 'to', value: new Raw(`module.${module}.${type}.${name}`)},
      {name: 'id', value: importId},
    ],
  }))

/** What is in the code no more is forgotten by Terraform, and not destroyed. */
const forgotten = (address: string): Block => ({
  type: 'removed',
  body: [
    {name: 'from', value: new Raw(address)},
    {type: 'lifecycle', body: [{name: 'destroy', value: false}]},
  ],
})
