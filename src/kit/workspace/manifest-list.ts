import {lstatSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import {MANIFESTS} from '../files/names.js'

/**
 * The manifests of a working tree by their names, sorted, relative to the workspace and with `/`; `others` are called like one and are no regular
 * file.
 */
export function listManifests(root: string): {paths: string[]; others: string[]} {
  const paths: string[] = []
  const others: string[] = []
  const walk = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), {withFileTypes: true})) {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) walk(path)
      else if (isManifest(path)) (entry.isFile() ? paths : others).push(path)
    }
  }
  if (lstatSync(join(root, MANIFESTS), {throwIfNoEntry: false})?.isDirectory()) walk(MANIFESTS)
  return {paths: paths.sort(), others}
}

export function isManifest(path: string): boolean {
  return /\.ya?ml$/i.test(path) && !path.split('/').some((part) => part.startsWith('.'))
}
