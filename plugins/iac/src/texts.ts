import {existsSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {PmpcError} from 'pmpc/kit/errors'
import {assetPath, readInside} from 'pmpc/kit/files'
import {visible} from 'pmpc/kit/text'
import {refuseCode} from './template-rules.js'
import {quote} from './terraform/hcl.js'

/** Where a workspace may lay templates of its own, by the names of pmpc's: `.pmpc/templates/terraform/versions.tf.njk`. */
export const OWN_TEMPLATES = '.pmpc/templates'

/** The templates that code is written from. */
export interface Texts {
  /**
   * Fills in a template.
   * @param name below `templates/iac`: `terraform/versions.tf.njk`
   * @throws PMPC_TEMPLATE for one of the workspace's that cannot be filled in
   */
  render(name: string, context: object): string
}

/**
 * Opens the templates: a workspace's own come first. They are data, whoever wrote them: a template reaches what it is given, and neither
 * prototypes nor functions of it, and no file but other templates, so that a repository of somebody else's runs nothing here.
 */
export async function openTexts(root: string): Promise<Texts> {
  const {default: nunjucks} = await import('nunjucks')
  // All compiled templates look members up by this one function (nunjucks, src/runtime.js).
  Object.assign(nunjucks.runtime, {memberLookup: ownMember})
  const {parser} = nunjucks as unknown as {parser: {parse(text: string, extensions: [], options: object): unknown}}
  const sources = new Map<string, {text: string; path: string | null}>()
  const sourceOf = (name: string) => {
    const known = sources.get(name)
    if (known) return known
    const path = `${OWN_TEMPLATES}/${name}`
    if (!isName.test(name)) throw new Error(`there is no template ${name}`)
    const own = readInside(root, path)
    if (own) refuseCode(parser.parse(own.toString('utf8'), [], options))
    const found = own ? {text: own.toString('utf8'), path} : {text: readFileSync(shipped(name), 'utf8'), path: null}
    sources.set(name, found)
    return found
  }
  const loader = {getSource: (name: string) => ({src: sourceOf(name).text, path: name, noCache: false})}
  const environment = new nunjucks.Environment(loader as never, options)
  for (const named of ['globals', 'filters', 'tests'] as const)
    Object.setPrototypeOf((environment as unknown as Record<typeof named, object>)[named], null)
  for (const [name, filter] of Object.entries(filters)) environment.addFilter(name, filter)
  return {
    render(name, context) {
      try {
        return environment.render(name, context)
      } catch (error) {
        const path = readInside(root, `${OWN_TEMPLATES}/${name}`) ? `${OWN_TEMPLATES}/${name}` : null
        if (path === null || !(error instanceof Error)) throw error
        throw badTemplate(path, error)
      }
    },
  }
}

const options = {autoescape: false, throwOnUndefined: true, trimBlocks: true, lstripBlocks: true}

/** Of a template: it names no file elsewhere. */
const isName = /^(?:\w[\w-]*\/)*\.?\w[\w.-]*\.njk$/

/** What templates do with a value. */
const filters: Readonly<Record<string, (value: unknown) => string>> = {
  /** In a cell of a table of Markdown. */
  cell: (value) => visible(String(value ?? '')).replaceAll('|', '\\|'),
  /** A string of HCL, in quotes. */
  hcl: (value) => quote(String(value ?? '')),
  /** A command to type, where there is one. */
  command: (value) => (typeof value === 'string' ? `\`${visible(value).replaceAll('|', '\\|')}\`` : ''),
}

/** Beside the bundle; in the source, as tests run it, beside the plugin's source. */
function shipped(name: string): string {
  const bundled = assetPath(`templates/iac/${name}`)
  return existsSync(bundled) ? bundled : fileURLToPath(new URL(`../templates/iac/${name}`, import.meta.url))
}

/** A member that is the object's own, and no function. */
function ownMember(object: unknown, key: string): unknown {
  if (typeof object !== 'object' || object === null || !Object.hasOwn(object, key)) return undefined
  const value = (object as Record<string, unknown>)[key]
  return typeof value === 'function' ? undefined : value
}

function badTemplate(path: string, error: Error): PmpcError {
  const [, , ...said] = error.message.split('\n')
  const what = said.join(' ').trim() || error.message
  return new PmpcError('PMPC_TEMPLATE', `${path} cannot be filled in: ${what}`, {
    suggestions: [`git log --oneline -- ${path}`, `rm ${path}   # to use pmpc's own`],
    data: {path},
    cause: error,
  })
}
