export {createAuthority, fingerprintOf, type Authority, type Certificates} from './certificates.js'
