/**
 * What code may hold that is run to be proved: what pmpc generates is of these, and whatever else stands in a file, Terraform could be made to run a
 * program or to read a file of whoever proves a repository of somebody else's.
 */

/** A file of HCL as the parser tells it: blocks by type and labels. */
type Parsed = Readonly<Record<string, unknown>>

const blocks = new Set(['resource', 'module', 'import', 'removed', 'moved', 'provider', 'terraform', 'variable'])
const ofTerraform = new Set(['required_version', 'required_providers'])
const ofProvider = new Set(['alias', 'endpoint', 'api_token', 'insecure'])
const ofResource = /^proxmox_/
const runs = new Set(['provisioner', 'connection', 'provider', 'depends_on', 'count', 'for_each'])

/** What stands in a file that pmpc does not generate, in words; undefined where there is nothing. */
export function foreignIn(file: Parsed): string | undefined {
  const found = Object.keys(file).find((type) => !blocks.has(type))
  if (found !== undefined) return `a block ${found}`
  return (
    first(file.resource, (type, named) => (ofResource.test(type) ? keyAmong(named, runs) : `a resource of ${type}`)) ??
    first(file.module, (name, calls) => sourceOf(name, calls)) ??
    first(file.provider, (name, all) => (name === 'proxmox' ? keyBeside(all, ofProvider) : `a provider ${name}`)) ??
    keyBeside(file.terraform, ofTerraform) ??
    otherProvider(file.terraform) ??
    callIn(file)
  )
}

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const each = (value: unknown): unknown[] => (Array.isArray(value) ? value.flatMap(each) : isMap(value) ? [value] : [])

function first(value: unknown, look: (name: string, inner: unknown) => string | undefined): string | undefined {
  for (const map of each(value))
    for (const [name, inner] of Object.entries(map as object)) {
      const found = look(name, inner)
      if (found !== undefined) return found
    }
  return undefined
}

/** Resources stand by their names one deeper. */
function keyAmong(named: unknown, words: ReadonlySet<string>): string | undefined {
  return first(named, (name, bodies) =>
    each(bodies)
      .flatMap((body) => Object.keys(body as object))
      .filter((key) => words.has(key))
      .map((key) => `${key} of ${name}`)
      .at(0),
  )
}

function keyBeside(value: unknown, words: ReadonlySet<string>): string | undefined {
  return each(value)
    .flatMap((map) => Object.keys(map as object))
    .find((key) => !words.has(key))
}

function sourceOf(name: string, calls: unknown): string | undefined {
  return each(calls).every((call) => /^\.\/modules\/[\w-]+$/.test(String((call as {source?: unknown}).source)))
    ? undefined
    : `the source of the module ${name}`
}

function otherProvider(terraform: unknown): string | undefined {
  for (const map of each(terraform))
    for (const providers of each((map as {required_providers?: unknown}).required_providers))
      for (const [name, {source}] of Object.entries(providers as Record<string, {source?: unknown}>))
        if (name !== 'proxmox' || source !== 'bpg/proxmox') return `the provider ${name}`
  return undefined
}

/**
 * What is filled in and is more than a name: `${file("/etc/passwd")}`. What is escaped, `$${`, is text: a `${` is one where no `$` stands before it
 * (hcl, hclsyntax/scan_tokens.rl).
 */
function callIn(value: unknown): string | undefined {
  if (Array.isArray(value) || isMap(value))
    return [...Object.keys(value), ...Object.values(value)].map(callIn).find((found) => found !== undefined)
  if (typeof value !== 'string') return undefined
  const filled = [...value.matchAll(/(?:(?<!\$)\$|(?<!%)%)\{([^}]*)/g)].map(([, inner]) => inner!)
  const call = filled.find((inner) => !/^[\w.-]+$/.test(inner))
  return call === undefined ? undefined : `an expression, ${call}`
}
