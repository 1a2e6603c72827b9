export {columnsFor, csv, type ItemColumn} from './columns.js'
export {fieldOf, itemOf, itemsOf, type Item} from './item.js'
export {select, sortBy, type Selection} from './select.js'
