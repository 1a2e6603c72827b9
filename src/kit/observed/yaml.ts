import {hasHidden} from '../text/index.js'

/** A value as YAML, for programs; a text in which something hides is quoted, and escaped where it does, so that it says the same to a parser. */
export async function yamlText(value: unknown): Promise<string> {
  const {Document, visit} = await import('yaml')
  const document = new Document(value, {aliasDuplicateObjects: false})
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && hasHidden(node.value)) node.type = 'QUOTE_DOUBLE'
    },
  })
  // Those below U+10000 are escaped as in JSON when they are printed; YAML has no pairs.
  return document
    .toString({lineWidth: 0})
    .replaceAll(
      /[\u{e0000}-\u{e0fff}]/gu,
      (character) => `\\U${character.codePointAt(0)!.toString(16).padStart(8, '0')}`,
    )
}
