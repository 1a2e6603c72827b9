import {existsSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

/**
 * The path of a file that ships with pmpc, `templates/workspace/pmpc.yaml.njk` for instance.
 * In a bundle assets lie beside the one file, `dist/templates`, and `import.meta.url` is that file's;
 * in the source, as tests run it, they lie at the root of the checkout, three folders up.
 */
export function assetPath(name: string): string {
  const bundled = fileURLToPath(new URL(`./${name}`, import.meta.url))
  return existsSync(bundled) ? bundled : fileURLToPath(new URL(`../../../${name}`, import.meta.url))
}
