import {hintFor} from '../kit/catalogue/index.js'

/** What the catalogue of errors says to the texts of one that is told; the commands of plugins ask, too, so that it stands in the host alone. */
export default async function explain({texts}: {texts: readonly string[]}): Promise<string | undefined> {
  return hintFor(texts)
}
