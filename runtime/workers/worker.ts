/** Which of several processes one is, from 1; the one that started the others has none. */
export const WORKER = 'MIRACLEC_WORKER'
/** How many they are, as each that was started knows. */
export const WORKER_COUNT = 'MIRACLEC_WORKER_COUNT'
