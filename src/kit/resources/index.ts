export * from './documents.js'
export * from './kinds.js'
export * from './model.js'
export * from './refs.js'
