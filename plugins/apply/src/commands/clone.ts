import {actCommand} from '../acting.js'

export default actCommand('clone')
