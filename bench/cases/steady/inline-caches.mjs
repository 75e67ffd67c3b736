// What V8 has learnt at the places of a function that load, store or call: its inline caches. Needs --allow-natives-syntax.

/** Of a cache that has met several shapes, or a call that has met several functions. */
const SEVERAL = /^(POLYMORPHIC|MEGAMORPHIC|MEGADOM|GENERIC)/
/** Of V8's status of a function: it has not been compiled yet. */
const LAZY = 1 << 18

const withSource = `function () {
  const text = Function.prototype.toString
  const functions = this.filter(each => typeof each === 'function')
  return functions.filter(each => !text.call(each).endsWith('{ [native code] }'))
}`
// V8 stops the process where it is asked for what a function does not have, so each is given it first, empty.
const cachesOf = `function () {
  const compiled = this.map(each => (%GetOptimizationStatus(each) & ${LAZY}) === 0)
  this.forEach((each, i) => compiled[i] && %PrepareFunctionForOptimization(each))
  return this.map((each, i) => (compiled[i] ? %GetFeedback(each).filter(Array.isArray) : []))
}`

/**
 * Finds all functions that there are now, which makes V8 forget what it has learnt: so it is for the start. Answers what tells later of
 * their caches that have met several, each as its kind and state, by the place of their function as `url:line:column`, both from 0.
 */
export function watchInlineCaches(session) {
  const post = (method, parameters) => {
    let answer
    session.post(method, parameters, (error, result) => (answer = error ?? result))
    const wrong = answer.exceptionDetails?.exception.description ?? answer.message
    if (wrong !== undefined) throw new Error(`${method}: ${wrong}`)
    return answer
  }
  const call = (objectId, functionDeclaration, returnByValue) =>
    post('Runtime.callFunctionOn', { objectId, functionDeclaration, returnByValue }).result
  const prototypeObjectId = post('Runtime.evaluate', { expression: 'Function.prototype' }).result
    .objectId
  const all = post('Runtime.queryObjects', { prototypeObjectId }).objects
  const { objectId } = call(all.objectId, withSource, false)

  return () => {
    const urls = new Map()
    session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url))
    const caches = call(objectId, cachesOf, true).value
    post('Debugger.enable')
    const functions = post('Runtime.getProperties', { objectId, ownProperties: true }).result
    const found = {}
    for (const [i, own] of caches.entries()) {
      const several = own.filter(([, state]) => SEVERAL.test(state))
      if (several.length === 0) continue
      const { internalProperties } = post('Runtime.getProperties', functions[i].value)
      const location = internalProperties.find(each => each.name === '[[FunctionLocation]]')
      const { scriptId, lineNumber, columnNumber } = location.value.value
      const place = `${urls.get(scriptId)}:${lineNumber}:${columnNumber}`
      found[place] = several.map(([kind, state]) => `${kind} ${state.split('\n')[0]}`)
    }
    post('Debugger.disable')
    return found
  }
}
