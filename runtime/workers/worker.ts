/** Which of several processes one is, from 1; the one that started the others has none. */
export const WORKER = 'MIRACLEC_WORKER'
