/** The bundler puts a file's text here. */
declare module '*.html' {
  const text: string
  export default text
}
declare module '*.css' {
  const text: string
  export default text
}
/** A script for browsers, bundled, as text. */
declare module '*?script' {
  const text: string
  export default text
}
