// docs/commands.json: every command of pmpc and of the plugins that it knows, with what it takes, does and answers. Made by the build from the
// manifests, which hold the same for whoever runs pmpc; the commands' classes are where it is written.
import {existsSync} from 'node:fs'
import path from 'node:path'

/** What is told of a flag or an argument, in this order, where it is there. */
const TAKEN = ['type', 'char', 'summary', 'description', 'helpValue', 'helpGroup', 'required', 'multiple', 'options']
const LIMITS = ['default', 'allowNo', 'env', 'exclusive', 'dependsOn', 'relationships', 'aliases', 'hidden']

/** What says nothing where it is so. */
const isSaid = (value) => value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0)

const pick = (from, names) =>
  Object.fromEntries(names.flatMap((name) => (isSaid(from[name]) ? [[name, from[name]]] : [])))
const sorted = (entries) => Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)))
const each = (entries, change) => Object.fromEntries(Object.entries(entries).map(([key, one]) => [key, change(one)]))

/** Arguments keep the order in which they are typed. */
function takes({args, flags}) {
  const told = (one) => pick(one, [...TAKEN, ...LIMITS])
  return {args: each(args, told), flags: sorted(each(flags, told))}
}

/** The texts of oclif's templates that commands use, as a person reads them. */
function rendered(value, {bin, id}) {
  if (Array.isArray(value)) return value.map((one) => rendered(one, {bin, id}))
  if (typeof value === 'object' && value !== null) return each(value, (one) => rendered(one, {bin, id}))
  if (typeof value !== 'string') return value
  const text = value.replaceAll('<%= config.bin %>', bin).replaceAll('<%= command.id %>', id.replaceAll(':', ' '))
  if (text.includes('<%')) throw new Error(`${id}: scripts/registry.mjs does not know the template in ${text}`)
  return text
}

/** The published schema of what `--json` prints, by the command's name (`docs/schema/state-show.json`), or by the one that it names. A path relative to docs. */
function resultOf({id, result = id}, docs) {
  const file = `schema/${result.replaceAll(':', '-')}.json`
  return existsSync(path.join(docs, file)) ? {result: {$ref: file}} : {}
}

/**
 * The text of docs/commands.json.
 * @param commands of a host's manifest, by id
 * @param effects the words that a command may state, with what they mean
 * @throws Error for a command that states no effect, or none of these
 */
export function registryText(commands, {bin, docs, effects}) {
  const told = Object.values(commands).map((command) => {
    const {id, pluginName, summary, description, effect, hidden, strict, aliases, examples} = command
    if (!Object.hasOwn(effects, effect ?? ''))
      throw new Error(
        `${pluginName}: the command ${id} must state its effect, \`static override readonly effect = '…'\`: ${Object.keys(effects).join(', ')}; see src/kit/cli/effects.ts`,
      )
    return {
      ...{id, plugin: pluginName, effect},
      ...pick({hidden, aliases}, ['hidden', 'aliases']),
      ...rendered({...pick({summary, description}, ['summary', 'description']), ...takes(command)}, {bin, id}),
      // Words after the known arguments are taken as well.
      ...(strict === false ? {more: true} : {}),
      ...resultOf(command, docs),
      examples: rendered(examples ?? [], {bin, id}),
    }
  })
  const all = told.sort((a, b) => (a.id < b.id ? -1 : 1))
  return `${JSON.stringify({effects, commands: all}, undefined, 2)}\n`
}
