import {Raw, type Block} from './hcl.js'
import type {Emitted} from './emit.js'
import {variableName} from './names.js'
import type {At} from './rows/row.js'

/** A variable of the code. */
export interface Variable {
  name: string
  description: string
  type: 'bool' | 'string'
  default?: boolean | string | null
  sensitive?: true
  /** null stands for the default. */
  nullable?: false
}

/** What variables are for, by what they are called. */
export type Purposes = readonly (readonly [RegExp, (match: RegExpExecArray) => Omit<Variable, 'name'>])[]

/** The name of the variable that holds the password of a storage; of two whose names come to the same, both have the same. */
export const passwordOf = ({object: {kind, id}}: Pick<At, 'object'>): string =>
  variableName(`${kind}_${String(id)}_password`)

/** What is no password, and is never sent: the provider wants one in the code of what is there already. */
const NONE = 'not recorded'

/** Variables of the module of a cluster. */
export const passwords: Purposes = [
  [
    /^storage_(.+)_password$/,
    ([, id]) => ({
      description: `Password of the storage ${id!}, which Proxmox VE tells to nobody: sent only where Terraform makes it anew`,
      ...{type: 'string', default: NONE, sensitive: true, nullable: false},
    }),
  ],
]

/** The variables that resources name, sorted. */
export function variablesIn(resources: readonly Pick<Emitted, 'block'>[], purposes: Purposes): Variable[] {
  const names = new Set(resources.flatMap(({block}) => namesIn(block.body)))
  return [...names].sort().flatMap((name) =>
    purposes.flatMap(([pattern, purpose]) => {
      const match = pattern.exec(name)
      return match ? [{name, ...purpose(match)}] : []
    }),
  )
}

function namesIn(value: unknown): string[] {
  if (value instanceof Raw) return /^var\.(\w+)(?: \? |$)/.exec(value.text)?.slice(1) ?? []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(namesIn) : []
}

/** A variable as the code has it. */
export const declared = ({name, description, type, default: preset, sensitive, nullable}: Variable): Block => ({
  type: 'variable',
  labels: [name],
  body: [
    {name: 'description', value: description},
    {name: 'type', value: new Raw(type)},
    ...(preset === undefined ? [] : [{name: 'default', value: preset}]),
    ...(sensitive ? [{name: 'sensitive', value: true}] : []),
    ...(nullable === undefined ? [] : [{name: 'nullable', value: nullable}]),
  ],
})
