import {mkdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {pack} from './packages.js'
import type {Sandbox} from './pmpc.js'

/** A package to publish or to install from; all of its install scripts write into one file. */
export interface Planted {
  name: string
  version?: string
  /** Of `oclif` in its package.json; none where it is no plugin. */
  oclif?: object
  dependencies?: Record<string, string>
  /** The text of its bundle; a plugin with one command, `hello`, unless given. */
  bundle?: string
}

/** What a plugin of pmpc's says of itself. */
export const plugin = {
  bin: 'pmpc',
  topicSeparator: ' ',
  commands: {strategy: 'explicit', target: './dist/index.cjs', identifier: 'COMMANDS'},
}

/** A bundle with one command that prints a word; no library is needed. */
export const hello = (word: string, at = 'hello'): string => `
class Hello {
  static id = ${JSON.stringify(at)}
  static summary = 'Say a word.'
  static async run() { console.log(${JSON.stringify(word)}) }
}
module.exports = {COMMANDS: {${JSON.stringify(at)}: Hello}}
`

/** Every script that npm may run for a package that is installed, from a registry, a tarball, a folder or a repository. */
const SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare', 'prepack', 'preprepare', 'postprepare']

/** Names every script of a planted package that ran, one a line. */
export const traces = (box: Sandbox): string => path.join(box.folder, 'scripts-that-ran')

/** Writes a package. @returns its folder */
export function plant(box: Sandbox, {name, version = '1.0.0', oclif, dependencies, bundle}: Planted): string {
  const folder = path.join(box.folder, 'planted', `${name.replace('/', '+')}-${version}`)
  mkdirSync(path.join(folder, 'dist'), {recursive: true})
  const leave = (script: string): string => `echo ${name} ${script} >> ${traces(box)}`
  const json = {
    ...{name, version, files: ['dist'], main: 'dist/index.cjs', dependencies},
    ...(oclif !== undefined && {oclif}),
    scripts: Object.fromEntries(SCRIPTS.map((script) => [script, leave(script)])),
  }
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(json, undefined, 2))
  writeFileSync(path.join(folder, 'dist/index.cjs'), bundle ?? hello(`${name} ${version}`))
  return folder
}

/** Writes and packs a package without running anything of it. @returns the tarball */
export async function plantTarball(box: Sandbox, planted: Planted): Promise<string> {
  return pack(box, plant(box, planted), ['--ignore-scripts'])
}
