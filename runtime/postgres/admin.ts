/** Who has the token logs in by this name, with the token as password. */
export const ADMIN = 'admin'
