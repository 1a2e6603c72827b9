import {existsSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {createContext, runInContext} from 'node:vm'
import {PmpcError} from 'pmpc/kit/errors'
import {assetPath, readInside} from 'pmpc/kit/files'
import {visible} from 'pmpc/kit/text'
import {isMarked, MARK} from './generated.js'
import {refuseOtherWords, type Parser} from './template-words.js'
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
 * prototypes nor functions of it, and calls nothing (template-words.ts), so that a repository of somebody else's runs nothing here.
 */
export async function openTexts(root: string): Promise<Texts> {
  const {default: nunjucks} = await import('nunjucks')
  const {parser} = nunjucks as unknown as {parser: Parser}
  // All compiled templates look members up by this one function (nunjucks, src/runtime.js).
  // So do loops ask for what they go through.
  let turns = 0
  const counted = (list: unknown): unknown => {
    turns += (list as {length?: number} | undefined)?.length ?? 0
    if (turns > mostTurns) throw new Error(`its loops take more than ${mostTurns} turns`)
    return list
  }
  Object.assign(nunjucks.runtime, {memberLookup: ownMember, fromIterator: counted})
  const sources = new Map<string, {text: string; path: string | null}>()
  const sourceOf = (name: string) => {
    const known = sources.get(name)
    if (known) return known
    const path = `${OWN_TEMPLATES}/${name}`
    const own = isTemplateName.test(name) ? readInside(root, path) : undefined
    const found = own ? {text: own.toString('utf8'), path} : {text: shippedText(name), path: null}
    sources.set(name, found)
    return found
  }
  const getSource = (name: string) => {
    const {text, path} = sourceOf(name)
    if (path !== null) refuseOtherWords(parser, text, ownFilters, blocks)
    return {src: text, path: name, noCache: false}
  }
  const environment = new nunjucks.Environment({getSource} as never, {
    ...{autoescape: false, throwOnUndefined: true},
    ...blocks,
  })
  Object.setPrototypeOf((environment as unknown as {globals: object}).globals, null)
  for (const [name, filter] of Object.entries(filters)) environment.addFilter(name, filter)
  return {
    render(name, context) {
      const {path} = sourceOf(name)
      try {
        turns = 0
        const fill = () => environment.render(name, context)
        const text = path === null ? fill() : inTime(fill)
        if (path !== null && !isMarked(text) && shippedText(name).includes('{{ mark }}')) throw noMark()
        return text
      } catch (error) {
        if (path === null || !(error instanceof Error)) throw error
        throw badTemplate(path, error)
      }
    },
  }
}

/** How many turns the loops of a template take together, and for how long one may run: what is more goes on for ever, or until the memory is full. */
const mostTurns = 200_000
const longest = 10_000

/**
 * Ends what computes for too long: no signal is heard meanwhile.
 * @throws Error that says so; what the work throws
 */
function inTime(work: () => string): string {
  try {
    return runInContext('work()', createContext({work}), {timeout: longest}) as string
  } catch (error) {
    if ((error as {code?: unknown}).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    throw new Error(`it takes longer than ${longest / 1000} s`, {cause: error})
  }
}

/** As the templates are written. */
const blocks = {trimBlocks: true, lstripBlocks: true}

/** A path below the folders of templates, and none that leads out of them. */
const isTemplateName = /^(?:\.?\w[\w.-]*\/)*\.?\w[\w.-]*\.njk$/

/** Without it, the next generation takes the file for one of people's. */
const noMark = (): Error => new Error(`{{ mark }}, which says "${MARK}", has to stand in the first lines`)

/** What templates do with a value. */
const filters: Readonly<Record<string, (value: unknown) => string>> = {
  /** In a cell of a table of Markdown. */
  cell: (value) => visible(String(value ?? '')).replaceAll('|', '\\|'),
  /** A string of HCL, in quotes. */
  hcl: (value) => quote(String(value ?? '')),
  /** A command to type, where there is one. */
  command: (value) => (typeof value === 'string' ? `\`${visible(value).replaceAll('|', '\\|')}\`` : ''),
}

const ownFilters: ReadonlySet<string> = new Set(Object.keys(filters))

/** @throws Error where pmpc has no such template */
function shippedText(name: string): string {
  const path = isTemplateName.test(name) ? shipped(name) : undefined
  if (path === undefined || !existsSync(path)) throw new Error(`there is no template ${name}`)
  return readFileSync(path, 'utf8')
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

/** How much of what nunjucks says is told; the last of it is what is wrong. */
const most = 400

function badTemplate(path: string, error: Error): PmpcError {
  // Where templates include each other, each of them says so again.
  const said = error.message.split('\n').map((line) => line.trim().replace(/^(?:Template render )?Error: /, ''))
  const what = [...new Set(said.filter((line) => !/^\([^)]*\)(?: \[Line 0.*)?$/.test(line) && line !== ''))]
  return new PmpcError('PMPC_TEMPLATE', `${path} cannot be filled in: ${visible(what.join(' ')).slice(-most)}`, {
    suggestions: [`git log --oneline -- ${path}`, `rm ${path}   # to use pmpc's own`],
    data: {path},
    cause: error,
  })
}
