/* The parts of undici that the client needs: its index also loads fetch, web sockets and caches, and takes three times as long. */
declare module 'undici/lib/dispatcher/pool.js' {
  import type {Pool as PoolClass} from 'undici'
  const Pool: typeof PoolClass
  export default Pool
}
