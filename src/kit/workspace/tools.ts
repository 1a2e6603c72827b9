/** Everything of this room that needs the YAML library; loaded by `manifestTools` only when it is asked for. */
export {
  appendDocument,
  documentText,
  editManifest,
  numberManifest,
  removeDocument,
  replaceDocument,
  saySame,
} from './edit.js'
export {Locator} from './locate.js'
export {parseManifests} from './manifests.js'
export {manifestSchemas} from './schemas.js'
export {commentLines} from './splice.js'
export {parseTree, plainOf, positionOf} from './tree.js'
